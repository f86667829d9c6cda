/** What a built firmware takes on the real interpreter: memory after its boot from flash, and what its ticks cost. */
import type { BuildCost, BuildResult } from '../results/types';
import { partFiles } from '../build/build';
import { onBoard } from './memory';
import { runOnInterpreter, type InterpreterRun } from './run';
import { SCENARIOS } from './scenarios';

/** Ticks at 10 Hz: the self-test, then half a minute of charge. */
const TICKS = 400;
const SETTLED_TICKS = 10;

/** Of a channel, with the model of a cell. */
export async function measureBuild(
  built: Pick<BuildResult, 'code' | 'parts' | 'names'>,
  interpreter: string,
): Promise<BuildCost> {
  const [scenario] = SCENARIOS;
  const config = { ...scenario!.config, pace: { period_ms: 100, fast_ms: 100, horizon_ms: 0 } };
  const run: InterpreterRun = {
    interpreter,
    bundle: built.code,
    names: built.names,
    files: { ...partFiles(built), 'caldera.json': JSON.stringify(config) },
    createWorld: () => scenario!.createWorld(),
    done: () => false,
  };
  const inFlash = await runOnInterpreter({ ...run, maxTicks: SETTLED_TICKS, timeEvery: 0 });
  const inMemory = await runOnInterpreter({ ...run, maxTicks: TICKS, timeEvery: 1, codeIn: 'ram' });
  const { booted, bytesPerVar, arrays } = inFlash.memory;
  return {
    interpreter: inFlash.version,
    vars: booted,
    boardVars: onBoard(booted, bytesPerVar, arrays),
    meanTick_leibniz: inMemory.cost?.mean_steps ?? NaN,
    worstTick_leibniz: inMemory.cost?.worst_steps ?? NaN,
  };
}
