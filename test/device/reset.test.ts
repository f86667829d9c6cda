import { expect, it } from 'vitest';
import type { Bms } from '../../firmware/bms';
import { Estimated, Why } from '../../firmware/estimate/estimates';
import { build, partFiles } from '../../sim/build/build';
import { NorFlash } from '../../sim/chips/flash';
import { Board } from '../../sim/hil/board';
import { FLASH_BEGIN, FLASH_PAGE, FLASH_PAGES, Hardware, NodeDevice } from '../../sim/hil/nodeDevice';
import { SCENARIOS, scenarioFiles } from '../../sim/hil/scenarios';
import { Random } from '../../sim/random';
import type { BuildResult } from '../../sim/results/types';

const scenario = SCENARIOS.find(({ name }) => name.startsWith('six fast cycles'))!;

/** The bundle in front of the bench, with what a reset would leave of its flash. */
function boot(built: BuildResult, flash: NorFlash) {
  const board = new Board(scenario.createWorld());
  const device = new NodeDevice(
    board,
    new Hardware({ ...partFiles(built), ...scenarioFiles(scenario) }, flash),
    built.names,
  );
  device.boot(built.code);
  const { bms } = device.caldera as { bms: Bms };
  const tick = (): void => {
    board.forget();
    device.call(board.nextTimer()!);
  };
  return { bms, tick };
}

it('what was learned of the cell survives a reset, and the cycle under way is not made up', async () => {
  const built = await build({ board: 'cycler' });
  const flash = new NorFlash(FLASH_BEGIN, FLASH_PAGE, FLASH_PAGES, new Random(1, 'flash'));
  const before = boot(built, flash);
  while (before.bms.estimator!.cycles < 3) before.tick();
  for (let k = 0; k < 500; k++) before.tick();

  const after = boot(built, flash);
  const was = before.bms.estimator!;
  const is = after.bms.estimator!;
  expect(is.cycles).toBe(3);
  for (const what of [Estimated.Lambda_mAh, Estimated.Cathode_mAh, Estimated.Sei_mAh, Estimated.Dead_mAh]) {
    expect(is.known.value[what]).toBe(was.known.value[what]);
    expect(is.known.sigma[what]).toBe(was.known.sigma[what]);
  }
  for (let k = 0; k < 20; k++) after.tick();
  expect(is.known.why[Estimated.EtaConc_mV]).not.toBe(Why.Valid);
  // The bench begins anew too, with another cell by its charge: two whole cycles on, everything is known again.
  while (is.cycles < 6) after.tick();
  expect(is.known.why[Estimated.Lambda_mAh]).toBe(Why.Valid);
});
