/** `caldera hil`: the scenarios on a real interpreter, tick by tick beside the same firmware on Node. */
import { build } from '../build/build';
import { InputError } from '../errors';
import type { Bms } from '../../firmware/bms';
import type { BuildResult, Hil, HilReport } from '../results/types';
import { interpreterVersion } from './interpreter';
import { runOnInterpreter, type InterpreterReport, type InterpreterRun } from './run';
import { SCENARIOS, scenarioFiles, type Scenario } from './scenarios';

/** Cycles take this many ticks or so; only the progress bar is told. */
const EXPECTED_TICKS = 24_000;

export interface ScenarioResult {
  scenario: Scenario;
  run: InterpreterReport;
  /** The first difference to Node, or what is wrong with the outcome. */
  problem: string | undefined;
}

/** One scenario on a real interpreter, beside the same bundle on Node. */
export async function runScenario(
  scenario: Scenario,
  interpreter: string,
  built: Pick<BuildResult, 'code' | 'parts'>,
  options: Pick<InterpreterRun, 'onProgress' | 'signal'> = {},
): Promise<ScenarioResult> {
  let last: Bms | undefined;
  const run = await runOnInterpreter<Bms>({
    interpreter,
    bundle: built.code,
    files: { ...built.parts, ...scenarioFiles(scenario) },
    createWorld: () => scenario.createWorld(),
    done: ({ bms }, now_ms) => {
      last = bms;
      return scenario.done(bms, now_ms);
    },
    ...options,
  });
  return { scenario, run, problem: run.divergence ?? (last && scenario.verdict(last)) };
}

export const hil: Hil = async ({ espruino }, onProgress, signal) => {
  if (interpreterVersion(espruino) === null)
    throw new InputError(`--espruino: ${espruino} does not run as an Espruino interpreter; allowed: the path of one`);
  const built = await build({ board: 'cycler' });
  const results: ScenarioResult[] = [];
  for (const [index, scenario] of SCENARIOS.entries()) {
    const result = await runScenario(scenario, espruino, built, {
      onProgress: ({ ticks }) =>
        onProgress?.((index + Math.min(1, ticks / EXPECTED_TICKS)) / SCENARIOS.length, scenario.name),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted) return undefined; // what has finished stays usable
      throw error;
    });
    if (result === undefined) break;
    results.push(result);
  }
  return summarize(espruino, results);
};

function summarize(espruino: string, results: readonly ScenarioResult[]): HilReport {
  const scenarios = results.map(({ scenario, run, problem }) => ({
    name: scenario.name,
    pass: problem === undefined,
    ticks: run.ticks,
    worstTick_ms: (run.cost?.worst_us ?? 0) / 1000,
    ...(problem !== undefined && { problem }),
  }));
  const first = results[0]?.run;
  return {
    target: 'cycler',
    interpreter: `${espruino} (${first?.version ?? 'not started'})`,
    scenarios,
    memory: { usage: Math.max(0, ...results.map(({ run }) => run.memory.peak)), total: first?.memory.total ?? 0 },
    ...(first?.cost && {
      tick: { median_leibniz: first.cost.median_steps, worst_leibniz: first.cost.worst_steps },
    }),
    passed: scenarios.filter(({ pass }) => pass).length,
    failed: scenarios.filter(({ pass }) => !pass).length,
  };
}
