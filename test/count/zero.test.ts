import { describe, expect, test } from 'vitest';
import { createCurrentZero, LARGEST_SHARE, watchZero, type CurrentZero } from '../../firmware/count/zero';
import { Random } from '../../sim/random';

const RANGE_MA = 10_000;
const OPENED_MS = 1000;
const TICK_MS = 100;

/** Readings at every tick from `from_ms` to `to_ms`, switches open since `OPENED_MS`. */
function watch(zero: CurrentZero, from_ms: number, to_ms: number, reading_mA: (at_ms: number) => number): void {
  for (let at_ms = from_ms; at_ms <= to_ms; at_ms += TICK_MS)
    watchZero(zero, reading_mA(at_ms), OPENED_MS, RANGE_MA, at_ms);
}

describe('zero of the current monitor', () => {
  test('the mean of a minute that begins two seconds after the switches opened', () => {
    const zero = createCurrentZero();
    expect(zero).toMatchObject({ zero_mA: 0, at_ms: -1 });
    // What flows before that, while switches and averaging settle, does not count.
    watch(zero, OPENED_MS, 2900, () => 5);
    watch(zero, 3000, 62_900, () => 1.25);
    expect(zero.at_ms).toBe(-1);
    watch(zero, 63_000, 63_000, () => 1.25);
    expect(zero).toMatchObject({ zero_mA: 1.25, sigma_mA: 0, at_ms: 63_000 });
  });

  test('says how sure it is: noise over the root of the number of readings', () => {
    const random = new Random(3, 'zero');
    const zero = createCurrentZero();
    watch(zero, 3000, 63_000, () => -2 + 0.4 * random.normal());
    expect(zero.sigma_mA).toBeGreaterThan(0.9 * (0.4 / Math.sqrt(601)));
    expect(zero.sigma_mA).toBeLessThan(1.1 * (0.4 / Math.sqrt(601)));
    expect(Math.abs(zero.zero_mA + 2)).toBeLessThan(4 * zero.sigma_mA);
  });

  test('follows a drift, minute by minute', () => {
    const zero = createCurrentZero();
    watch(zero, 3000, 600_000, (at_ms) => at_ms / 600_000);
    expect(zero.zero_mA).toBeGreaterThan(0.8);
    expect(zero.zero_mA).toBeLessThan(1);
  });

  test('a switch that closes ends the minute, and keeps the zero of before', () => {
    const zero = createCurrentZero();
    watch(zero, 3000, 63_000, () => 1);
    watch(zero, 63_100, 100_000, () => 3);
    watchZero(zero, 3, -1, RANGE_MA, 100_100);
    for (let at_ms = 100_200; at_ms < 170_000; at_ms += TICK_MS) watchZero(zero, 3, 110_000, RANGE_MA, at_ms);
    expect(zero).toMatchObject({ zero_mA: 1, at_ms: 63_000 });
  });

  test.each([NaN, Infinity, LARGEST_SHARE * RANGE_MA, -LARGEST_SHARE * RANGE_MA])(
    'a reading of %d mA is no offset: the minute begins anew',
    (nonsense_mA) => {
      const zero = createCurrentZero();
      watch(zero, 3000, 40_000, () => 1);
      watch(zero, 40_100, 40_100, () => nonsense_mA);
      watch(zero, 40_200, 100_100, () => 1);
      expect(zero.at_ms).toBe(-1);
      watch(zero, 100_200, 100_200, () => 1);
      expect(zero).toMatchObject({ zero_mA: 1, at_ms: 100_200 });
    },
  );

  test('a clock that jumps ahead does not make a minute of a few readings', () => {
    const zero = createCurrentZero();
    watch(zero, 3000, 3100, () => 4);
    watch(zero, 3_600_000, 3_600_100, () => 4);
    expect(zero.at_ms).toBe(-1);
  });

  test('a clock that is set back begins the minute anew', () => {
    const zero = createCurrentZero();
    watch(zero, 50_000_000, 50_030_000, () => 4);
    watch(zero, 3000, 62_900, () => 1);
    expect(zero.at_ms).toBe(-1);
    watch(zero, 63_000, 63_000, () => 1);
    expect(zero).toMatchObject({ zero_mA: 1, at_ms: 63_000 });
  });
});
