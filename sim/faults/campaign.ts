/** Runs the scenarios of a campaign, some on each thread, and keeps what has finished. */
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { build } from '../build/build';
import type { OnProgress } from '../results/types';
import type { Drawn } from './draw';
import type { Batch, Finished } from './faultsWorker';
import { workerFile } from '../threads';

export interface CampaignOptions {
  runs: number;
  seed: number;
  drawn: Drawn;
  threads?: number | undefined;
}

const BATCH = 16;

/**
 * @param done runs that are not run again
 * @param onFinished told of runs as they come, in any order
 */
export async function runCampaign(
  { runs, seed, drawn, threads }: CampaignOptions,
  done: ReadonlySet<number>,
  onFinished: (runs: Finished[]) => void,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const open = Array.from({ length: runs }, (_, n) => n).filter((n) => !done.has(n));
  const batches: Batch[] = [];
  for (let at = 0; at < open.length; at += BATCH) batches.push({ seed, runs: open.slice(at, at + BATCH), drawn });
  if (batches.length === 0 || signal?.aborted) return;
  const pool = new Piscina({
    ...workerFile(`${__dirname}/faultsWorker`),
    workerData: await build({ board: 'cycler' }),
    maxThreads: Math.max(1, Math.min(threads ?? availableParallelism(), batches.length)),
  });
  if (signal) setMaxListeners(0, signal);
  let finished = runs - open.length;
  try {
    await Promise.all(
      batches.map(async (batch) => {
        try {
          onFinished((await pool.run(batch, { ...(signal && { signal }) })) as Finished[]);
        } catch (error) {
          if (signal?.aborted) return;
          throw error;
        }
        finished += batch.runs.length;
        onProgress?.(finished / runs, `${finished} of ${runs} runs`);
      }),
    );
  } finally {
    await pool.destroy();
  }
}
