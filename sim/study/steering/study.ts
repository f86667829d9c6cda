/** Does what the store does not have yet, one piece on each thread. */
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { OnProgress } from '../../results/types';
import type { Store } from './store';
import type { Work } from './studyWorker';
import { workerFile } from '../../threads';

export interface Job {
  key: string;
  name: string;
  work: Work;
  /** About how long it takes [s]. */
  cost_s: number;
}

/** Every result goes to the store at once. On abort it resolves, with what is left undone. @returns how many jobs are left */
export async function runJobs(
  jobs: readonly Job[],
  store: Store,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<number> {
  // Long ones first: none ends up alone.
  const open = jobs.filter(({ key }) => !store.has(key)).sort((a, b) => b.cost_s - a.cost_s);
  if (open.length === 0 || signal?.aborted) return open.length;
  const pool = new Piscina({
    ...workerFile(`${__dirname}/studyWorker`),
    maxThreads: Math.min(availableParallelism(), open.length),
  });
  if (signal) setMaxListeners(0, signal);
  const total_s = open.reduce((sum, { cost_s }) => sum + cost_s, 0);
  let done_s = 0;
  let done = 0;
  try {
    await Promise.all(
      open.map(async ({ key, name, work, cost_s }) => {
        try {
          store.add(key, name, await pool.run(work, { ...(signal && { signal }) }));
        } catch (error) {
          if (signal?.aborted) return;
          throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
        }
        done_s += cost_s;
        done++;
        onProgress?.(done_s / total_s, `${done} of ${open.length} runs`);
      }),
    );
    return open.length - done;
  } finally {
    await pool.destroy();
  }
}
