/** The threads of this machine. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Packed } from './chunk';
import type { StretchTask } from './stretchWorker';
import { workerFile } from '../../threads';

/** A thread may use this much memory [MB]; a run that needs more costs its thread, not the campaign. */
const THREAD_MB = 512;

export interface Pool {
  readonly threads: number;
  run(task: StretchTask): Promise<Packed>;
  close(): Promise<void>;
}

/** @param threads null: one per processor core */
export function openPool(threads: number | null): Pool {
  const count = threads ?? availableParallelism();
  const pool = new Piscina({
    ...workerFile(`${__dirname}/stretchWorker`),
    minThreads: 1,
    maxThreads: count,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MB },
  });
  return {
    threads: count,
    run: (task) => pool.run(task) as Promise<Packed>,
    close: () => pool.destroy(),
  };
}
