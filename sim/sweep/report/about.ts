/** What a campaign's folder says of its table: which columns were varied, and which are answers. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../../errors';
import { runsOf } from '../design/runs';
import { RUNS_FILE } from '../engine/assemble';
import type { CampaignSpec } from '../engine/campaign';
import { createCampaign } from '../engine/campaign';
import { readManifest, runsDone } from '../engine/store';
import type { Sample } from '../design/design';

export interface About {
  name: string;
  file: string;
  runs: number;
  /** Columns of the grid, in the order of the design. */
  factors: string[];
  sample: Sample | undefined;
  /** Numbers that a run yields. */
  answers: string[];
}

/** @throws InputError for a folder without a complete campaign */
export function aboutOf(folder: string): About {
  const earlier = readManifest(resolve(folder));
  const file = join(resolve(folder), RUNS_FILE);
  if (earlier === undefined)
    throw new InputError(`${folder} is no campaign; allowed: a folder that "caldera sweep" has made`);
  if (!earlier.manifest.complete || !existsSync(file))
    throw new InputError(
      `${folder} is not complete: ${runsDone(resolve(folder))} of ${earlier.manifest.runs} runs are done; allowed: a complete campaign (the same "caldera sweep" command goes on with the rest)`,
    );
  const spec = earlier.manifest.spec as CampaignSpec;
  if (spec.kind !== 'design') throw new InputError(`${folder} holds an ensemble of fits; allowed: a design of runs`);
  const { design } = spec;
  const { varied } = runsOf(design);
  const sampled = Object.keys(design.sample?.of ?? {});
  const given = new Set(['run', 'point', 'repeat', 'seed', ...varied]);
  const { columns, runs } = createCampaign(spec);
  const answers = columns.filter(({ name, type }) => (type === 'number' || type === 'whole') && !given.has(name));
  return {
    name: design.name,
    file,
    runs,
    factors: varied.filter((name) => !sampled.includes(name)),
    sample: design.sample,
    answers: answers.map(({ name }) => name),
  };
}
