/** Nothing trips that should not: packs with spread, cold and warm, sensors at three times their noise, gusts, bursts, to the end. */
import { expect, it } from 'vitest';
import { Wish } from '../../firmware/pack';
import { Policy } from '../../firmware/protect/faults';
import { Random } from '../../sim/random';
import { packHarness, type Difference } from './packHarness';

const HOUR_MS = 3600e3;

it.each([
  [0, 3, Policy.Flight],
  [0, 12, Policy.Cycler],
  [25, 6, Policy.Flight],
  [45, 6, Policy.Cycler],
])('at %i degC, %i cells, policy %i', (temperature_C, count, policy) => {
  const random = new Random(temperature_C + count, 'missions');
  const rounded = (value: number): number => Math.round(1000 * value) / 1000;
  const differences: Difference[] = Array.from({ length: count }, () => ({
    area: rounded(1 + 0.02 * random.normal()),
    resistance: rounded(Math.max(0.7, 1 + 0.12 * random.normal())),
    less_mAh: Math.round(15 * random.uniform()),
  }));
  const errors = { cellNoise_mV: 0.6, shuntNoise_uV: 15, cellOffsetSpread_mV: 2 };
  const pack = packHarness({ differences, policy, errors, seed: count });
  const { bench, bms } = pack;
  for (const cell of bench.cells) cell.temperature_C = temperature_C + 2 * random.normal();
  bench.ambient_C = temperature_C;
  const seen = new Set<string>();
  pack.onTick = () => {
    for (const row of pack.tripped()) seen.add(row);
  };
  pack.run(3000);
  bms.wish = Wish.On;
  pack.run(3000);
  let landing_s = Infinity;
  bench.load = (time_s) => {
    if (time_s < 36) return 5;
    if (Math.min(...bench.cells_V) < 3.4) landing_s = Math.min(landing_s, time_s);
    if (time_s > landing_s + 5) return 0;
    return time_s > landing_s ? 5 : 2 * (1 + 0.3 * Math.sin(time_s / 3) + 0.2 * Math.sin(7.3 * time_s));
  };
  pack.run(HOUR_MS, () => bench.clock.now_ms > 1000 * landing_s + 6000);
  expect(landing_s).toBeGreaterThan(300);
  pack.run(0.2 * HOUR_MS);
  expect(bms.sense.current_mA).toBe(0);
  bms.wish = Wish.Charge;
  bench.charger = () => ({ current_A: 0.5, voltage_V: 4.3 * count });
  let switched = 0;
  let before = bms.fets.closed;
  const watch = pack.onTick;
  pack.onTick = () => {
    watch();
    if (bms.fets.closed !== before) switched++;
    before = bms.fets.closed;
  };
  pack.run(HOUR_MS);
  // A cold cell that is full falls back at once by its resistance: that must not make the charge switch chatter.
  expect(switched).toBeLessThan(30);
  // The discharge may come to its cut-off: that is no false alarm.
  seen.delete('under-voltage');
  expect([...seen]).toEqual([]);
  expect(bms.sense.checksumErrors).toBe(0);
});
