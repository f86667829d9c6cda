import { expect, test } from 'vitest';
import { heldAtBoot } from '../../firmware/service/button';
import { createService } from '../../firmware/service/state';

const TICK_MS = 100;

/** When it is taken as held [s], with the button pressed as told, looked at every 100 ms for a minute. */
function heldAt_s(isPressed: (time_s: number) => boolean, boot_ms = 5000): number[] {
  const state = createService(undefined, 0, boot_ms);
  const times: number[] = [];
  for (let passed_ms = 0; passed_ms < 60_000; passed_ms += TICK_MS)
    if (heldAtBoot(state, isPressed(passed_ms / 1000), boot_ms + passed_ms)) times.push(passed_ms / 1000);
  return times;
}

test('pressed within ten seconds of the boot and held for five, it acts once', () => {
  expect(heldAt_s((s) => s >= 1)).toEqual([6]);
  expect(heldAt_s((s) => s >= 10)).toEqual([15]);
  expect(heldAt_s((s) => s >= 2 && s <= 7)).toEqual([7]);
  expect(heldAt_s((s) => s < 1 || s >= 3)).toEqual([8]);
});

test('later, shorter, in pieces or stuck, it does nothing', () => {
  expect(heldAt_s((s) => s >= 10.1)).toEqual([]);
  expect(heldAt_s((s) => s >= 2 && s < 7)).toEqual([]);
  expect(heldAt_s((s) => s >= 1 && s % 4 < 3.9)).toEqual([]);
  expect(heldAt_s(() => true)).toEqual([]);
  expect(heldAt_s(() => false)).toEqual([]);
});

test('a clock that is set back only makes it take longer', () => {
  const state = createService(undefined, 0, 0);
  heldAtBoot(state, false, 1000);
  heldAtBoot(state, true, 5000);
  expect(heldAtBoot(state, true, 2000)).toBe(false);
  expect(heldAtBoot(state, true, 9999)).toBe(false);
  expect(heldAtBoot(state, true, 10_000)).toBe(true);
});
