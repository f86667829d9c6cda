/**
 * Retention, lifespan and coulombic efficiency against the discharge rate, and of the strategies that choose it: one run a rate and a
 * strategy, all with the same rests and interrupts, on as many threads as there are.
 */
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { loadProfile } from '../profiles/profile';
import type { SimulateOptions, SimulateResult, Volcano, VolcanoOptions, VolcanoPoint } from '../results/types';
import type { RunTask } from './volcanoWorker';
import { workerFile } from '../threads';

export const volcano: Volcano = async (options, onProgress, signal, onRun) => {
  const { name } = loadProfile(options.cell);
  const tasks = runsOf(options);
  const pool = new Piscina({
    ...workerFile(`${__dirname}/volcanoWorker`),
    maxThreads: Math.max(1, Math.min(options.threads ?? availableParallelism(), tasks.length)),
  });
  const done = tasks.map(() => 0);
  const report = (k: number, fraction: number): void => {
    done[k] = fraction;
    onProgress?.(
      done.reduce((a, b) => a + b, 0) / done.length,
      `${done.filter((f) => f === 1).length} of ${done.length} runs`,
    );
  };
  try {
    // What takes longest is started first, so that it does not end up alone: slow rates, and estimators.
    const runs = await Promise.all(
      tasks.map((task, k) => oneRun(pool, task, (fraction) => report(k, fraction), signal)),
    );
    const points: VolcanoPoint[] = [];
    for (const [k, run] of runs.entries()) {
      if (run === undefined) continue;
      const point = pointOf(run, tasks[k]!.discharge_C ?? meanRate_C(run));
      points.push(point);
      onRun?.(point, run);
    }
    return { cell: name, points, optimum_C: optimum(points) };
  } finally {
    await pool.destroy();
  }
};

/** In the order of the points. */
function runsOf({ rates_C, strategies = ['fixed'], threads: _, told, ...same }: VolcanoOptions): SimulateOptions[] {
  const cycling = { ...same, untilRetention_pct: null, sampleEvery_s: null };
  const firmware = told === undefined ? {} : { told };
  const rates = strategies.includes('fixed') ? [...rates_C].sort((a, b) => a - b) : [];
  return [
    // Alone, a cell at a fixed rate has no firmware that could be told anything.
    ...rates.map((discharge_C) => ({ ...cycling, ...(!cycling.direct && firmware), discharge_C })),
    ...strategies
      .filter((strategy) => strategy !== 'fixed')
      .map((strategy) => ({ ...cycling, ...firmware, strategy, discharge_C: null })),
  ];
}

async function oneRun(
  pool: Piscina,
  options: SimulateOptions,
  report: (fraction: number) => void,
  signal: AbortSignal | undefined,
): Promise<SimulateResult | undefined> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', report);
  const task: RunTask = { options, port: port2 };
  try {
    const run = (await pool.run(task, { transferList: [port2], ...(signal && { signal }) })) as SimulateResult;
    report(1);
    return run;
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  } finally {
    port1.close();
  }
}

function meanRate_C({ strategy, cycles, summary }: SimulateResult): number {
  if (cycles.length === 0) throw new Error(`${strategy}: no cycle was finished: ${summary.stopped}`);
  return cycles.reduce((sum, cycle) => sum + cycle.rate_C, 0) / cycles.length;
}

function pointOf({ strategy, cycles, summary }: SimulateResult, rate_C: number): VolcanoPoint {
  const first = cycles[0];
  const hundredth = cycles[99];
  return {
    strategy,
    rate_C,
    cycles: cycles.length,
    cyclesTo80: summary.cyclesTo80,
    checkupLife: summary.checkupLife,
    retention100_pct: first && hundredth ? (100 * hundredth.discharge_mAh) / first.discharge_mAh : null,
    averageCe_pct: summary.averageCe_pct,
    energyToEol_Wh: summary.energyToEol_Wh,
    energyFirst100_Wh: summary.energyFirst100_Wh,
  };
}

/** Which of several rates that outlived the test lives longest is not known. */
function optimum(points: readonly VolcanoPoint[]): number | null {
  const fixed = points.filter(({ strategy }) => strategy === 'fixed');
  if (fixed.every(({ cyclesTo80 }) => cyclesTo80 === null)) return null;
  const lived = ({ cyclesTo80, cycles }: VolcanoPoint): number => cyclesTo80 ?? cycles;
  const longest = Math.max(...fixed.map(lived));
  const [best, ...others] = fixed.filter((point) => lived(point) === longest);
  return others.length === 0 ? best!.rate_C : null;
}
