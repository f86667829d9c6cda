/** `caldera hil`: the scenarios on a device, on a real interpreter or on Node alone, each beside the simulator's decisions. */
import type { Bms } from '../../firmware/bms';
import { build, partFiles } from '../build/build';
import { InputError } from '../errors';
import type { BuildResult, Hil, HilOptions, HilReport, HilScenario } from '../results/types';
import { interpreterVersion } from './interpreter';
import { openPortTarget } from './port/portTarget';
import { Twin } from './port/twin';
import { runOnInterpreter, type InterpreterReport, type InterpreterRun } from './run';
import { scenarioFiles, soak, type Scenario } from './scenarios';
import { pickScenarios } from './suite';
import { grown, memoryOf, scenarioResult, TargetLost, type Target } from './target';

/** About what a scenario takes; only the progress bar is told. A short one spends more time on its start than on its ticks. */
const LONG_TICKS = 20_000;
const SHORT_TICKS = 400;
/** Of a short scenario and of a long one. */
const TIME_EVERY = 7;
const TIME_LONG_EVERY = 47;

export interface ScenarioResult {
  scenario: Scenario;
  run: InterpreterReport;
  /** The first difference to Node, or what is wrong with the outcome. */
  problem: string | undefined;
}

/**
 * One scenario on a real interpreter, beside the same bundle on Node. Long ones run with their code in memory: the Linux
 * interpreter reads its flash from a file, which takes four times as long.
 */
export async function runScenario(
  scenario: Scenario,
  interpreter: string,
  built: Pick<BuildResult, 'code' | 'parts' | 'names'>,
  options: Pick<InterpreterRun, 'onProgress' | 'signal' | 'codeIn'> = {},
): Promise<ScenarioResult> {
  let last: Bms | undefined;
  const settings: InterpreterRun<Bms> = {
    interpreter,
    bundle: built.code,
    names: built.names,
    files: { ...partFiles(built), ...scenarioFiles(scenario) },
    createWorld: () => scenario.createWorld(),
    done: ({ bms }, now_ms) => {
      last = bms;
      return scenario.done(bms, now_ms);
    },
    codeIn: scenario.long ? 'ram' : 'flash',
    timeEvery: scenario.long ? TIME_LONG_EVERY : TIME_EVERY,
    ...options,
  };
  const run = await runOnInterpreter(settings);
  const problem = run.divergence ?? (last && scenario.verdict(last));
  if (settings.codeIn === 'ram') {
    // What the code takes in memory it would not on a board.
    const { memory } = await runOnInterpreter({ ...settings, done: () => true, codeIn: 'flash' });
    const code = run.memory.booted - memory.booted;
    for (const what of ['booted', 'peak', 'end'] as const) run.memory[what] -= code;
  }
  return { scenario, run, problem };
}

export const hil: Hil = async (options, onProgress, signal) => {
  const scenarios = options.soak_h === undefined ? pickScenarios(options.scenarios) : [soak(options.soak_h)];
  const built = await build({ board: 'cycler' });
  const target = await openTarget(options, built);
  const results: HilScenario[] = [];
  let lost: string | undefined;
  // What has finished stays usable.
  const isLost = (error: unknown): undefined => {
    if (error instanceof TargetLost) lost ??= error.message;
    else if (!signal?.aborted) throw error;
  };
  const sizes = scenarios.map(({ long }) => (long ? LONG_TICKS : SHORT_TICKS));
  const all = sum(sizes);
  try {
    for (const [index, scenario] of scenarios.entries()) {
      const before = sum(sizes.slice(0, index));
      const onTick = (ticks: number): void =>
        onProgress?.((before + Math.min(sizes[index]!, ticks)) / all, scenario.name);
      onTick(0);
      const result = await target
        .run(scenario, { ...(options.realtime && { realtime: true }), onTick, ...(signal && { signal }) })
        .catch(isLost);
      if (result === undefined) break;
      results.push(result);
      options.onScenario?.(result, results.length, scenarios.length);
    }
  } finally {
    await target.close().catch(isLost);
  }
  return { ...summarize(target, results), ...(lost !== undefined && { lost }) };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

async function openTarget(options: HilOptions, built: BuildResult): Promise<Target> {
  if (options.port !== undefined) return openPortTarget(options.port, built);
  if (options.espruino !== undefined) return interpreterTarget(options.espruino, built);
  return nodeTarget(built);
}

/** The simulator: the firmware's own verdicts. */
function nodeTarget(built: BuildResult): Target {
  return {
    interpreter: `Node ${process.version}`,
    total: 0,
    async run(scenario, { onTick, signal }) {
      const twin = new Twin(scenario, built);
      while (!twin.done) {
        twin.tick();
        if (twin.ticks % 1000 !== 0) continue;
        onTick?.(twin.ticks);
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
      }
      return scenarioResult({ name: scenario.name, ticks: twin.ticks, problem: twin.verdict });
    },
    close: () => Promise.resolve(),
  };
}

function interpreterTarget(path: string, built: BuildResult): Target {
  const version = interpreterVersion(path);
  if (version === null)
    throw new InputError(`--espruino: ${path} does not run as an Espruino interpreter; allowed: the path of one`);
  const target: Target = {
    interpreter: `${path} (${version})`,
    total: 0,
    async run(scenario, { onTick, signal }) {
      const { run, problem } = await runScenario(scenario, path, built, {
        onProgress: ({ ticks }) => onTick?.(ticks),
        ...(signal && { signal }),
      });
      const { cost, memory, ticks, divergence } = run;
      target.total = memory.total;
      return scenarioResult({
        name: scenario.name,
        ticks,
        problem: problem ?? grown(memory),
        differences: divergence === undefined ? [] : [divergence],
        ...(cost && {
          worstTick_ms: cost.worst_us / 1000,
          meanTick_ms: cost.mean_us / 1000,
          worst_leibniz: cost.worst_steps,
          mean_leibniz: cost.mean_steps,
        }),
        worstSlice_leibniz: run.worstSlice_steps,
        memory: memoryOf({ ...memory, most: memory.peak }, memory.bytesPerVar, memory.arrays),
      });
    },
    close: () => Promise.resolve(),
  };
  return target;
}

function summarize(target: Target, scenarios: HilScenario[]): HilReport {
  const timed = scenarios.filter(({ worst_leibniz }) => worst_leibniz > 0);
  const ticks = timed.reduce((sum, scenario) => sum + scenario.ticks, 0);
  return {
    target: 'cycler',
    interpreter: target.interpreter,
    scenarios,
    memory: { usage: Math.max(0, ...scenarios.map(({ memory }) => memory?.most ?? 0)), total: target.total },
    ...(timed.length > 0 && {
      tick: {
        mean_leibniz: timed.reduce((sum, { mean_leibniz, ticks: n }) => sum + mean_leibniz * n, 0) / ticks,
        worst_leibniz: Math.max(...timed.map(({ worst_leibniz }) => worst_leibniz)),
      },
    }),
    passed: scenarios.filter(({ pass }) => pass).length,
    failed: scenarios.filter(({ pass }) => !pass).length,
  };
}
