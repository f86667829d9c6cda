/** Carries out one task. */
import { ChannelRun } from '../../campaign/channelRun';
import { SteeredRun } from '../../campaign/steeredRun';
import { CHARGE_C, INTERRUPTS, runConstants } from './constants';
import { runHeld } from './held';
import { cycleToEnd, judge, MOST_CYCLES } from './measures';
import { believedOf, courseOf, TEMPERATURE_C, truthOf } from './scenario';
import type { RunResult, Task, TaskResult } from './task';

/** Where nothing better is known. */
const DEFAULT_C = 1;

export function runTask(task: Task): TaskResult {
  if (task.loop !== 'constants') return runFirmware(task);
  const { scenario } = task;
  return { task, constants: runConstants(scenario), held: runHeld(scenario) };
}

function runFirmware(task: RunResult['task']): RunResult {
  const { scenario, strategy } = task;
  const { plant, seed, slowest_C, noise } = scenario;
  const truth = truthOf(scenario);
  const options = {
    strategy,
    charge_C: CHARGE_C,
    discharge_C: task.strategy === 'fixed' ? task.rate_C : DEFAULT_C,
    cycles: MOST_CYCLES,
    interrupts: INTERRUPTS,
    temperature_C: TEMPERATURE_C,
    plant,
    seed,
    noise,
    sampleEvery_s: Infinity,
    ...(slowest_C > 0 && { slowest_C }),
  };
  const believed = believedOf(scenario);
  const run =
    task.loop === 'chips' ? new ChannelRun(truth, options, believed) : new SteeredRun(truth, options, believed);
  const cell = run instanceof ChannelRun ? run.channel.cell : run.cell;
  const course = courseOf(scenario, truth);
  const observed = cycleToEnd(run, (cycle) => course(cell, cycle));
  return {
    task,
    judged: judge(observed, run.stopped),
    rates_C: observed.map(({ rate_C = options.discharge_C }) => Math.round(1e4 * rate_C) / 1e4),
  };
}
