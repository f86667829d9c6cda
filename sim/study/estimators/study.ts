/** Runs cases, one on each thread. */
import { setMaxListeners } from 'node:events';
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { OnProgress } from '../../results/types';
import type { CaseResult } from './runCase';
import type { StudyCase } from './studyCase';
import { workerFile } from '../../threads';

/** How much longer a second of the detailed plant takes. */
const DETAILED_COST = 3;

/** Results in the order of the cases. On abort it rejects. */
export async function runStudy(
  cases: readonly StudyCase[],
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<CaseResult[]> {
  const pool = new Piscina({
    ...workerFile(`${__dirname}/studyWorker`),
    maxThreads: Math.min(availableParallelism(), cases.length),
  });
  const total = cases.reduce((sum, one) => sum + cost(one), 0);
  if (signal) setMaxListeners(0, signal);
  let done = 0;
  let count = 0;
  // Long runs first: none ends up alone.
  const order = cases.map((_, k) => k).sort((a, b) => cost(cases[b]!) - cost(cases[a]!) || a - b);
  const results: CaseResult[] = [];
  try {
    await Promise.all(
      order.map(async (k) => {
        results[k] = (await pool.run(cases[k], { ...(signal && { signal }) })) as CaseResult;
        done += cost(cases[k]!);
        count++;
        onProgress?.(done / total, `${count} of ${cases.length} runs`);
      }),
    );
    return results;
  } finally {
    await pool.destroy();
  }
}

/** Formation takes as long as seven cycles. */
const cost = ({ cycles, plant }: StudyCase): number => (cycles + 7) * (plant === 'detailed' ? DETAILED_COST : 1);
