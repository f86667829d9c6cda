/** Every number of the papers beside the model's: one paper a thread. */
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { PlantKind } from '../cell/createPlant';
import type { ResidueRule } from '../profiles/terms';
import type { OnProgress } from '../results/types';
import type { Picture } from './pictures';
import type { PaperResult, PaperTask } from './reproduceWorker';
import type { Reproduced } from './row';
import { PAPERS } from './rows';
import { workerFile } from '../threads';

export interface ReproduceOptions {
  /** Papers to reproduce, of '000' to '004'. */
  papers: readonly string[];
  plant: PlantKind;
  residue: ResidueRule | null;
  /** Member of the ensemble; null: the profiles themselves. */
  member: number | null;
  /** Draw pictures too. */
  pictures: boolean;
}

/** The keys of `caldera reproduce --json`. */
export interface ReproduceResult {
  rows: Reproduced[];
  passed: number;
  /** Rows that fail, without those where the paper contradicts itself. */
  failed: number;
}

/** Runs the papers' experiments on the model. On abort it rejects. */
export async function reproducePapers(
  options: ReproduceOptions,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<{ result: ReproduceResult; pictures: Picture[] }> {
  const pool = new Piscina({
    ...workerFile(`${__dirname}/reproduceWorker`),
    maxThreads: Math.min(availableParallelism(), options.papers.length),
  });
  const total = options.papers.reduce((sum, paper) => sum + PAPERS[paper]!.length, 0);
  const done = new Map<string, number>();
  const onePaper = async (paper: string): Promise<PaperResult> => {
    const { port1, port2 } = new MessageChannel();
    port1.on('message', (rows: number) => {
      done.set(paper, rows);
      const sum = [...done.values()].reduce((a, b) => a + b, 0);
      onProgress?.(sum / total, `${sum} of ${total} numbers`);
    });
    const { plant, residue, member, pictures } = options;
    const task: PaperTask = { paper, plant, residue, member, pictures, port: port2 };
    try {
      return (await pool.run(task, { transferList: [port2], ...(signal && { signal }) })) as PaperResult;
    } finally {
      port1.close();
    }
  };
  try {
    const results = await Promise.all(options.papers.map(onePaper));
    const rows = results.flatMap((result) => result.rows);
    const failed = rows.filter((row) => !row.pass && !row.contradictory).length;
    const result = { rows, passed: rows.filter((row) => row.pass).length, failed };
    return { result, pictures: results.flatMap(({ pictures }) => pictures) };
  } finally {
    await pool.destroy();
  }
}
