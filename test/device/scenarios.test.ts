import { beforeAll, describe, expect, it } from 'vitest';
import type { Bms } from '../../firmware/bms';
import { build, partFiles } from '../../sim/build/build';
import { Board } from '../../sim/hil/board';
import { runScenario } from '../../sim/hil/hil';
import { Hardware, NodeDevice } from '../../sim/hil/nodeDevice';
import { scenarioFiles, SCENARIOS } from '../../sim/hil/scenarios';
import type { BuildResult } from '../../sim/results/types';
import { interpreter, onDevice } from './interpreter';

/** A cycle takes about a minute on an idle machine. */
const TIMEOUT_MS = 400_000;

/** One suite, two targets: the minified bundle on Node, and the same bytes booted from the flash of a real interpreter. */
let built: BuildResult;
beforeAll(async () => {
  built = await build({ board: 'cycler' });
});

describe('the bundle on Node', () => {
  for (const scenario of SCENARIOS) {
    it(scenario.name, () => {
      const world = scenario.createWorld();
      const board = new Board(world);
      const device = new NodeDevice(board, new Hardware({ ...partFiles(built), ...scenarioFiles(scenario) }), built.names);
      device.boot(built.code);
      const { bms } = device.caldera as { bms: Bms };
      while (!scenario.done(bms, world.now_ms())) {
        board.forget();
        device.call(board.nextTimer()!);
      }
      expect(scenario.verdict(bms)).toBeUndefined();
    });
  }
});

onDevice('the bundle booted from flash on a real interpreter, beside itself on Node', () => {
  for (const scenario of SCENARIOS) {
    it(scenario.name, { timeout: TIMEOUT_MS }, async () => {
      const { run, problem } = await runScenario(scenario, interpreter, built);
      expect(problem).toBeUndefined();
      expect(run.largestDifference).toBeLessThan(1e-9);
      expect(run.memory.peak).toBeLessThan(3400);
      // No leak: what a run leaves behind does not grow with its length.
      expect(run.memory.end - run.memory.booted).toBeLessThan(100);
      const { cost, memory, ticks, wall_s } = run;
      console.info(
        `${scenario.name}: ${ticks} ticks in ${wall_s.toFixed(1)} s; JsVars ${memory.booted} after boot, ${memory.peak} at most; ` +
          `tick ${cost?.median_steps.toFixed(0)} Leibniz steps, at worst ${cost?.worst_steps.toFixed(0)}`,
      );
    });
  }
});
