/** The threads of this machine. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { Packed } from './chunk';
import type { StretchTask } from './stretchWorker';

/** A thread may use this much memory [MB]; a run that needs more costs its thread, not the campaign. */
const THREAD_MB = 512;

export interface Pool {
  readonly threads: number;
  run(task: StretchTask): Promise<Packed>;
  close(): Promise<void>;
}

/** @param threads null: one per processor core */
export function openPool(threads: number | null): Pool {
  const extension = extname(__filename);
  const count = threads ?? availableParallelism();
  const pool = new Piscina({
    filename: `${__dirname}/stretchWorker${extension}`,
    // From sources, the worker must be able to read TypeScript, as this process does.
    execArgv: extension === '.ts' ? ['-r', 'ts-node/register/transpile-only'] : [],
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
