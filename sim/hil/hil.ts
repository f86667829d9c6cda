/** `caldera hil`: the scenarios on a real interpreter, tick by tick beside the same firmware on Node. */
import { build } from '../build/build';
import type { Bms } from '../../firmware/bms';
import type { Hil, HilReport } from '../results/types';
import { runOnInterpreter, type InterpreterReport } from './run';
import { SCENARIOS, type Scenario } from './scenarios';

/** Cycles take this many ticks or so; only the progress bar is told. */
const EXPECTED_TICKS = 24_000;

export const hil: Hil = async ({ espruino }, onProgress, signal) => {
  const { code } = await build({ board: 'cycler' });
  const results: { scenario: Scenario; run: InterpreterReport; problem: string | undefined }[] = [];
  for (const [index, scenario] of SCENARIOS.entries()) {
    if (signal?.aborted) break;
    let last: Bms | undefined;
    const run = await runOnInterpreter({
      interpreter: espruino,
      bundle: code,
      files: { 'caldera.json': JSON.stringify(scenario.config) },
      createWorld: () => scenario.createWorld(),
      done: ({ bms }: { bms: Bms }, now_ms) => {
        last = bms;
        return scenario.done(bms, now_ms);
      },
      onProgress: ({ ticks }) =>
        onProgress?.((index + Math.min(1, ticks / EXPECTED_TICKS)) / SCENARIOS.length, scenario.name),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted) return undefined; // what has finished stays usable
      throw error;
    });
    if (run === undefined) break;
    results.push({ scenario, run, problem: run.divergence ?? (last && scenario.verdict(last)) });
  }
  return summarize(espruino, results);
};

function summarize(
  espruino: string,
  results: readonly { scenario: Scenario; run: InterpreterReport; problem: string | undefined }[],
): HilReport {
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
