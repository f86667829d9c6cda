/** What a built firmware takes on the real interpreter: memory after its boot from flash, and what its ticks cost. */
import type { Config } from '../../firmware/config/config';
import { PackBench } from '../bench/pack';
import type { PackProduct } from '../boards/product';
import { loadProduct } from '../boards/read';
import { partFiles } from '../build/build';
import { Cell } from '../cell/cell';
import { runStep } from '../cell/step';
import type { BuildCost, BuildResult } from '../results/types';
import { onBoard } from './memory';
import { runOnInterpreter, type InterpreterReport, type InterpreterRun, type TickCost } from './run';
import { SCENARIOS } from './scenarios';
import type { World } from './world';

/** Ticks at 10 Hz: the self-test, then half a minute of current. */
const TICKS = 300;
/** What belongs to the start. */
const FIRST_TICKS = 20;
/** Of each tick the quickest of so many runs counts: what else the machine does can only make it dearer. */
const RUNS = 3;
const SETTLED_TICKS = 10;

interface Bench {
  config: object;
  createWorld: () => World;
}

/** A channel that charges its cell, with the model of the cell. */
function channel(): Bench {
  const [scenario] = SCENARIOS;
  const config: Config = { ...scenario!.config, pace: { period_ms: 100, fast_ms: 100, horizon_ms: 0 } };
  return { config, createWorld: () => scenario!.createWorld() };
}

/** A pack in flight, with the model of its cells and a flight controller that is told of them. */
function pack(board: string): Bench {
  const { config, cell, cells } = loadProduct(board) as PackProduct;
  const charged = new Cell(cell, 25);
  runStep(charged, -0.6, { until_V: cell.chargeCutoff_V - 0.2, longest_s: 1e5 });
  runStep(charged, 0, { longest_s: 3600 });
  return {
    config,
    createWorld: () => {
      const bench = new PackBench(
        config.board,
        Array.from({ length: cells }, () => charged.clone()),
        1,
      );
      bench.load = (time_s) => (time_s > 6 ? 1 + 0.5 * Math.sin(time_s) : 0);
      return bench;
    },
  };
}

/** @throws LinkError, DeviceError when the interpreter fails */
export async function measureBuild(
  built: Pick<BuildResult, 'board' | 'code' | 'parts' | 'names'>,
  interpreter: string,
): Promise<BuildCost> {
  const { config, createWorld } = built.board === 'cycler' ? channel() : pack(built.board);
  const run: InterpreterRun = {
    interpreter,
    bundle: built.code,
    names: built.names,
    files: { ...partFiles(built), 'caldera.json': JSON.stringify(config) },
    createWorld,
    done: () => false,
  };
  const { memory, version } = await runOnInterpreter({ ...run, maxTicks: SETTLED_TICKS, timeEvery: 0 });
  const reports: InterpreterReport[] = [];
  for (let k = 0; k < RUNS; k++)
    reports.push(await runOnInterpreter({ ...run, maxTicks: TICKS, timeEvery: 1, codeIn: 'ram' }));
  const ticks = leastSteps(reports).slice(FIRST_TICKS);
  return {
    interpreter: version,
    vars: memory.booted,
    boardVars: onBoard(memory.booted, memory.bytesPerVar, memory.arrays),
    meanTick_leibniz: ticks.reduce((sum, steps) => sum + steps, 0) / ticks.length,
    worstTick_leibniz: Math.max(...ticks),
  };
}

/** Of each tick, in Leibniz steps: the least of what the runs say, and so of the loop after it. */
function leastSteps(reports: readonly InterpreterReport[]): number[] {
  const costs = reports.map(({ cost }) => cost!);
  const least = (of: (cost: TickCost) => readonly number[]): number[] =>
    of(costs[0]!).map((_, tick) => Math.min(...costs.map((cost) => of(cost)[tick]!)));
  const loops_us = least(({ loops_us }) => loops_us).sort((a, b) => a - b);
  const step_us = loops_us[loops_us.length >> 1]!;
  return least(({ ticks_us }) => ticks_us).map((tick_us) => tick_us / step_us);
}
