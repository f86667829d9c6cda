import { beforeAll, expect, it } from 'vitest';
import type { Bms } from '../../firmware/bms';
import { build } from '../../sim/build/build';
import { runOnInterpreter } from '../../sim/hil/run';
import { SCENARIOS } from '../../sim/hil/scenarios';
import { interpreter, onDevice } from './interpreter';

/** A cycle takes about a minute on an idle machine. */
const TIMEOUT_MS = 400_000;

onDevice('the firmware, booted from flash on a real interpreter, beside itself on Node', () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = (await build({ board: 'cycler' })).code;
  });

  for (const scenario of SCENARIOS) {
    it(scenario.name, { timeout: TIMEOUT_MS }, async () => {
      let last: Bms | undefined;
      const report = await runOnInterpreter({
        interpreter,
        bundle,
        files: { 'caldera.json': JSON.stringify(scenario.config) },
        createWorld: () => scenario.createWorld(),
        done: ({ bms }: { bms: Bms }, now_ms) => {
          last = bms;
          return scenario.done(bms, now_ms);
        },
      });
      expect(report.divergence).toBeUndefined();
      expect(report.largestDifference).toBeLessThan(1e-9);
      expect(scenario.verdict(last as Bms)).toBeUndefined();
      expect(report.memory.peak).toBeLessThan(1500);
      // No leak: what a run leaves behind does not grow with its length.
      expect(report.memory.end - report.memory.booted).toBeLessThan(100);
      const { cost, memory, ticks, wall_s } = report;
      console.info(
        `${scenario.name}: ${ticks} ticks in ${wall_s.toFixed(1)} s; JsVars ${memory.booted} after boot, ${memory.peak} at most; ` +
          `tick ${cost?.median_steps.toFixed(0)} Leibniz steps, at worst ${cost?.worst_steps.toFixed(0)}`,
      );
    });
  }
});
