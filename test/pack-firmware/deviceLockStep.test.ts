/** The flashed pack bundle on the real interpreter: boot, self-test, precharge, flight, with estimator and link, request by request as on Node. */
import { expect, test } from 'vitest';
import { PackBench } from '../../sim/bench/pack';
import { runOnInterpreter } from '../../sim/hil/run';
import { interpreter, onDevice } from '../device/interpreter';
import { filesOf, flightConfig, packBundle } from './packDevice';
import { cellAt } from './packHarness';

/** JsVars after the boot, of this interpreter. */
const MOST_VARS = 3300;

onDevice('the pack device on the interpreter', () => {
  test('decides as on Node, tick by tick, within its memory', async () => {
    const bundle = await packBundle();
    const config = flightConfig();
    const report = await runOnInterpreter({
      interpreter,
      bundle: bundle.code,
      files: filesOf(bundle, config),
      names: bundle.names,
      createWorld: () => {
        const bench = new PackBench(
          config.board,
          Array.from({ length: 6 }, () => cellAt({}, 4.1)),
          1,
        );
        bench.load = (time_s) => (time_s > 6 ? 1 + 0.5 * Math.sin(time_s) : 0);
        return bench;
      },
      done: () => false,
      maxTicks: 120,
      timeEvery: 0,
    });
    expect(report.divergence).toBeUndefined();
    expect(report.ticks).toBe(120);
    expect(report.memory.end).toBeLessThan(MOST_VARS);
    console.log(`JsVars after boot ${report.memory.booted}, at the end ${report.memory.end}`);
  });
});
