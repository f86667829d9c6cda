import { describe, expect, it } from 'vitest';
import { build } from '../../sim/build/build';
import { runScenario } from '../../sim/hil/hil';
import type { Scenario } from '../../sim/hil/scenarios';
import type { BuildResult } from '../../sim/results/types';
import { interpreter, onDevice } from './interpreter';

let result: Promise<BuildResult> | undefined;
/** One build for all of a file's tests. */
export const built = (): Promise<BuildResult> => (result ??= build({ board: 'cycler' }));

/** Ten cycles take about a minute and a half on an idle machine. */
const TIMEOUT_MS = 600_000;

/** Scenarios on a real interpreter, tick by tick beside the same bundle on Node. @param runs false: skipped */
export function runsOnInterpreter(name: string, scenarios: readonly Scenario[], runs = true): void {
  (runs ? onDevice : describe.skip)(`${name}, on a real interpreter`, () => {
    for (const scenario of scenarios)
      it(scenario.name, { timeout: TIMEOUT_MS }, async () => {
        const { run, problem } = await runScenario(scenario, interpreter, await built());
        expect(problem).toBeUndefined();
        expect(run.largestDifference).toBeLessThan(1e-9);
        // No leak: what a run leaves behind does not grow with its length.
        expect(run.memory.end - run.memory.booted).toBeLessThan(100);
        if (!scenario.long) return;
        const { cost, memory, ticks, wall_s } = run;
        console.info(
          `${scenario.name}: ${ticks} ticks in ${wall_s.toFixed(1)} s; JsVars ${memory.booted} after boot, ${memory.peak} at most; ` +
            `tick ${cost?.mean_steps.toFixed(0)} Leibniz steps, at worst ${cost?.worst_steps.toFixed(0)}`,
        );
      });
  });
}
