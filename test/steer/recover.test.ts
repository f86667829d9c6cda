import { describe, expect, it } from 'vitest';
import { chooseRecovery, learnRecovery, recoveryMinutes } from '../../firmware/steer/recover';
import { createSteering, Recovery, Steer, type Steering } from '../../firmware/steer/steering';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';

const m = new Float64Array(cellModelOf(loadProfile('afl-l1')).parameters);
const HOUR_MS = 3600000;

/** Cycles of a cell that loses so much, and so much less with a tail or a rest. @returns what was done in each */
function live(
  count: number,
  back: (what: Recovery, cycle: number) => number,
  recovery_min = 40,
): { done: Recovery[]; steering: Steering } {
  const steering = createSteering(
    { default_mA: 1, slowest_mA: 0.1, fastest_mA: 9, recovery_min, taper: false },
    Infinity,
  );
  const { s } = steering;
  s[Steer.cycle_ms] = 7 * HOUR_MS;
  const done: Recovery[] = [];
  let lambda = 0.3;
  for (let n = 0; n < count; n++) {
    steering.recovery = chooseRecovery(s);
    done.push(steering.recovery);
    lambda += 0.008 - (steering.recovery === Recovery.None ? 0 : back(steering.recovery, n));
    learnRecovery(steering, m, lambda);
  }
  return { done, steering };
}

const count = (done: readonly Recovery[], what: Recovery): number => done.filter((one) => one === what).length;

describe('winning lithium back', () => {
  it('tries one cycle, and goes on where it paid', () => {
    const { done, steering } = live(30, (what) => (what === Recovery.Tail ? 0.006 : 0));
    expect(done.slice(0, 7)).toEqual([0, 0, 0, 1, 0, 0, 0]);
    expect(count(done.slice(7), Recovery.Tail)).toBe(23);
    expect(steering.s[Steer.gain]).toBeCloseTo(0.75, 6);
  });

  it('does not go on where it hurts: one tail, one rest, never again', () => {
    const { done, steering } = live(200, () => -0.03);
    expect(count(done, Recovery.Tail)).toBe(1);
    expect(count(done, Recovery.Rest)).toBe(1);
    expect(steering.s[Steer.gain]).toBeLessThan(0);
    expect(steering.s[Steer.candidate]).toBe(Recovery.None);
  });

  it('goes over to a rest where that alone pays', () => {
    const { done } = live(60, (what) => (what === Recovery.Rest ? 0.005 : 0));
    expect(count(done, Recovery.Tail)).toBe(1);
    expect(count(done, Recovery.Rest)).toBeGreaterThan(40);
  });

  it('does without it where it pays less than its time', () => {
    // 40 minutes of seven hours are a tenth of the cycle.
    expect(count(live(30, () => 0.08 * 0.008).done, Recovery.Tail)).toBe(1);
  });

  it('looks again after forty cycles, with one cycle without, and stops when it pays no more', () => {
    const { done } = live(120, (_, n) => (n < 30 ? 0.006 : -0.006));
    expect(done.slice(7, 40).every((what) => what === Recovery.Tail)).toBe(true);
    expect(count(done.slice(60), Recovery.Tail)).toBe(0);
  });

  it('is never tried without a time for it, and never longer than that', () => {
    for (const none of [0, 1, 4.9]) expect(count(live(50, () => 0.006, none).done, Recovery.None)).toBe(50);
    const { steering } = live(30, () => 0.006, 12);
    expect(recoveryMinutes(steering)).toBe(12);
    steering.recovery = Recovery.Rest;
    expect(recoveryMinutes(steering)).toBe(12);
    expect(recoveryMinutes({ ...steering, settings: { ...steering.settings, recovery_min: 90 } })).toBe(30);
  });
});
