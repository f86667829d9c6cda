/** Draws an ensemble on all cores, or on workers elsewhere, as a campaign: it goes on where it was stopped. */
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { join } from 'node:path';
import { packageVersion } from '../cli/version';
import { RUNS_FILE } from '../sweep/engine/assemble';
import { workHere } from '../sweep/engine/embedded';
import { openPool } from '../sweep/engine/pool';
import { runCampaign } from '../sweep/engine/runCampaign';
import { workByRedis } from '../sweep/redis/coordinator';

export interface EnsembleOptions {
  problem: string;
  draws: number;
  iterations: number;
  /** Result folder. */
  out: string;
  redis?: string | undefined;
}

export interface Member {
  seed: number;
  misfit: number;
  /** By profile, then by parameter key. */
  set: Record<string, Record<string, number>>;
}

/** In the order of their seeds; a draw that could not be fitted is left out. @throws InputError */
export async function drawEnsemble({ problem, draws, iterations, out, redis }: EnsembleOptions): Promise<Member[]> {
  const spec = { kind: 'ensemble' as const, problem, draws, iterations };
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const pool = redis === undefined ? openPool(null) : undefined;
  try {
    const campaign = { spec, out, version: packageVersion(), chunk: 1, restart: false };
    await runCampaign(
      campaign,
      (work) => (pool === undefined ? workByRedis(work, redis!, say) : workHere(work, pool)),
      (_, text) => say(text),
    );
  } finally {
    await pool?.close();
  }
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(out, RUNS_FILE)) });
  return rows
    .filter(({ setAside }) => setAside === null)
    .map(({ seed, misfit, set }) => ({ seed, misfit, set: JSON.parse(set as string) as Member['set'] }));
}
