/** Retention, lifespan and coulombic efficiency against the discharge rate: one run a rate, on as many threads as there are. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { loadProfile } from '../profiles/profile';
import type { SimulateResult, Volcano, VolcanoOptions, VolcanoPoint } from '../results/types';
import type { RateTask } from './volcanoWorker';

export const volcano: Volcano = async (options, onProgress, signal, onRun) => {
  const { name } = loadProfile(options.cell);
  const extension = extname(__filename);
  const pool = new Piscina({
    filename: `${__dirname}/volcanoWorker${extension}`,
    // From sources, the worker must be able to read TypeScript, as this process does.
    execArgv: extension === '.ts' ? ['-r', 'ts-node/register/transpile-only'] : [],
    maxThreads: Math.min(options.threads ?? availableParallelism(), options.rates_C.length),
  });
  const done = new Map<number, number>(options.rates_C.map((rate_C) => [rate_C, 0]));
  const report = (rate_C: number, fraction: number): void => {
    done.set(rate_C, fraction);
    const all = [...done.values()];
    onProgress?.(
      all.reduce((a, b) => a + b, 0) / all.length,
      `${all.filter((f) => f === 1).length} of ${all.length} rates`,
    );
  };
  try {
    // Slow rates take longest: started first, they do not end up alone.
    const rates = [...options.rates_C].sort((a, b) => a - b);
    const runs = await Promise.all(rates.map((rate_C) => oneRate(pool, rate_C, options, report, signal)));
    const finished: VolcanoPoint[] = [];
    runs.forEach((run, k) => {
      if (run === undefined) return;
      onRun?.(rates[k]!, run);
      finished.push(pointOf(rates[k]!, run));
    });
    return { cell: name, points: finished, optimum_C: optimum(finished) };
  } finally {
    await pool.destroy();
  }
};

async function oneRate(
  pool: Piscina,
  rate_C: number,
  options: VolcanoOptions,
  report: (rate_C: number, fraction: number) => void,
  signal: AbortSignal | undefined,
): Promise<SimulateResult | undefined> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (fraction: number) => report(rate_C, fraction));
  const task: RateTask = { rate_C, options, port: port2 };
  try {
    const run = (await pool.run(task, { transferList: [port2], ...(signal && { signal }) })) as SimulateResult;
    report(rate_C, 1);
    return run;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  } finally {
    port1.close();
  }
}

function pointOf(rate_C: number, { cycles, summary }: SimulateResult): VolcanoPoint {
  const first = cycles[0];
  const hundredth = cycles[99];
  return {
    strategy: 'fixed',
    rate_C,
    cyclesTo80: summary.cyclesTo80,
    checkupLife: summary.checkupLife,
    retention100_pct: first && hundredth ? (100 * hundredth.discharge_mAh) / first.discharge_mAh : null,
    averageCe_pct: summary.averageCe_pct,
    energyToEol_Wh: summary.energyToEol_Wh,
    energyFirst100_Wh: summary.energyFirst100_Wh,
  };
}

function optimum(points: readonly VolcanoPoint[]): number | null {
  const reached = points.filter((point) => point.cyclesTo80 !== null);
  if (reached.length === 0) return null;
  return reached.reduce((best, point) => (point.cyclesTo80! > best.cyclesTo80! ? point : best)).rate_C;
}
