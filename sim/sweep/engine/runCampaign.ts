/** Runs a campaign to its end: opens or goes on with its folder, has the missing stretches done, and assembles the tables. */
import { createHash } from 'node:crypto';
import type { OnProgress } from '../../results/types';
import { assemble, DamagedStretch } from './assemble';
import { createCampaign, type CampaignSpec } from './campaign';
import type { Packed } from './chunk';
import { chunkRuns } from './chunks';
import { codeVersion } from './code';
import type { Work } from './embedded';
import { Gaps } from './gaps';
import { Pace } from './pace';
import { CampaignFolder } from './store';

export interface CampaignOptions {
  spec: CampaignSpec;
  out: string;
  /** Of the package. */
  version: string;
  /** Runs to a chunk; null: by their number. */
  chunk: number | null;
  restart: boolean;
}

export interface CampaignResult {
  out: string;
  runs: number;
  /** How many of them there are now, how many were there before, and how many of them are set aside. */
  finished: number;
  found: number;
  setAside: number;
  complete: boolean;
}

/** Has the missing stretches done, here or elsewhere. */
export type Workers = (work: Work) => Promise<void>;

/** @throws InputError */
export async function runCampaign(
  { spec, out, version, chunk, restart }: CampaignOptions,
  workers: Workers,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<CampaignResult> {
  const campaign = createCampaign(spec);
  await campaign.check();
  const { runs } = campaign;
  const key = { digest: digestOf(spec), code: codeVersion(version) };
  const folder = new CampaignFolder(out, { key, version, spec, runs, chunk: chunk ?? chunkRuns(runs) }, restart);
  const result: CampaignResult = { out: folder.path, runs, finished: runs, found: runs, setAside: 0, complete: true };
  try {
    if (folder.manifest.complete) {
      folder.tidy();
      return result;
    }
    const gaps = new Gaps(runs, folder.manifest.chunk, () => folder.stretches());
    result.found = runs - gaps.left;
    const pace = new Pace(runs, result.found);
    const onDone = (done: Packed): void => {
      if (!gaps.fits(done)) return;
      folder.add(done, done.data);
      gaps.note(done);
      result.setAside += done.setAside;
      pace.add(done.to - done.from);
      onProgress?.(pace.fraction, pace.text);
    };
    const id = createHash('sha256').update(`${key.digest} ${key.code}`).digest('hex').slice(0, 16);
    for (;;) {
      await workers({ id, code: key.code, spec, campaign, chunk: folder.manifest.chunk, gaps, onDone, signal });
      result.finished = runs - gaps.left;
      result.complete = gaps.left === 0;
      if (signal?.aborted && !result.complete) return result;
      if (!result.complete) continue;
      try {
        result.setAside = await assemble(folder, campaign, folder.stretches());
        return result;
      } catch (error) {
        if (!(error instanceof DamagedStretch)) throw error;
        gaps.recount();
      }
    }
  } finally {
    folder.close();
  }
}

const digestOf = (spec: CampaignSpec): string =>
  createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 24);
