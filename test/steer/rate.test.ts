import { describe, expect, it } from 'vitest';
import { Why } from '../../firmware/estimate/estimates';
import type { Estimator } from '../../firmware/estimate/estimator';
import { createEstimator } from '../../firmware/estimate/create';
import { setRates, setWarmth } from '../../firmware/estimate/polarization';
import { State } from '../../firmware/estimate/state';
import { explain, reasonText } from '../../firmware/steer/explain';
import { chooseRate, knowLimit, settleRate, TARGET_N } from '../../firmware/steer/rate';
import { createSteering, Reason, Steer, type Steering } from '../../firmware/steer/steering';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';

const profile = loadProfile('afl-l1');
const capacity_mAh = profile.parameters.Qn * profile.area_cm2;
const settings = {
  default_mA: capacity_mAh,
  slowest_mA: 0.2 * capacity_mAh,
  fastest_mA: 3 * capacity_mAh,
  recovery_min: 0,
  taper: false,
};

function estimator(temperature_C = 25): Estimator {
  const e = createEstimator(cellModelOf(profile), 1e5, 60);
  warmTo(e, temperature_C);
  return e;
}

function warmTo(e: Estimator, temperature_C: number): void {
  setWarmth(e.f, e.m, e.x, temperature_C);
  setRates(e);
}

function chosen(e: Estimator, steering: Steering = createSteering({ ...settings }, Infinity)): number {
  choose(steering, e);
  return steering.rate_mA;
}

function choose(steering: Steering, e: Estimator): void {
  if (!knowLimit(steering, e)) return;
  chooseRate(steering, e);
  settleRate(steering);
}

describe('the rate of a discharge', () => {
  it('is the target part of the limiting current, without a sweep of rates', () => {
    const steering = createSteering({ ...settings }, Infinity);
    const { ilim } = profile.parameters;
    expect(chosen(estimator(), steering)).toBeCloseTo(TARGET_N * ilim * profile.area_cm2, 6);
    expect(steering.reason).toBe(Reason.Prior);
  });

  it('follows limiting current and kappa as learned, and the temperature', () => {
    const at25 = chosen(estimator());
    const faster = estimator();
    faster.x[State.h]! *= 0.8;
    expect(chosen(faster) / at25).toBeCloseTo(1 / 0.8, 6);
    const scale = estimator();
    scale.x[State.k]! *= 1.1;
    expect(chosen(scale) / at25).toBeCloseTo(1 / 1.1, 6);
    expect(chosen(estimator(10)) / at25).toBeLessThan(0.8);
    expect(chosen(estimator(40)) / at25).toBeGreaterThan(1.3);
  });

  it('takes over only a part of what one cycle makes of the limiting current, but all of a temperature', () => {
    const steering = createSteering({ ...settings }, Infinity);
    const e = estimator();
    for (let k = 0; k < 3; k++) chosen(e, steering);
    // The cycles before were trials or not: the target alone is compared.
    const before = steering.s[Steer.limit]!;
    e.x[State.h]! *= 0.5;
    chosen(e, steering);
    expect(steering.s[Steer.limit]! / before).toBeCloseTo(1.3, 6);
    warmTo(e, 40);
    e.x[State.h]! *= 2;
    chosen(e, steering);
    expect(steering.s[Steer.limit]! / before).toBeCloseTo(1.21, 6);
  });

  it('falls with the age of the cell', () => {
    const old = estimator();
    old.x[State.D]! += 0.6;
    // Without the longer way of the ions, which the limiting current holds.
    const longer = (1 + profile.parameters.chi * 0.6) ** -1;
    expect(chosen(old) / chosen(estimator()) / longer).toBeLessThan(1);
    warmTo(old, 25);
    expect(chosen(old) / chosen(estimator()) / longer).toBeCloseTo(0.85, 2);
  });

  it.each([
    ['slowest', { slowest_mA: 2 * capacity_mAh }, 2 * capacity_mAh, Reason.Slowest],
    ['fastest', { fastest_mA: 0.5 * capacity_mAh }, 0.5 * capacity_mAh, Reason.Fastest],
  ])('is clipped at the %s allowed, and says so', (_, limits, expected_mA, reason) => {
    const steering = createSteering({ ...settings, ...limits }, Infinity);
    expect(chosen(estimator(), steering)).toBe(expected_mA);
    expect(steering.reason).toBe(reason);
    expect(explain(steering)).toMatch(/clipped/);
  });

  it('never comes near where the protection would open the switches, whatever the settings say', () => {
    const steering = createSteering({ ...settings, slowest_mA: 5000 }, 1000);
    expect(chosen(estimator(), steering)).toBe(900);
    expect(steering.reason).toBe(Reason.Fastest);
  });

  it.each([
    ['bad data', (e: Estimator) => (e.trouble = Why.BadData)],
    ['a limiting current that is no number', (e: Estimator) => (e.x[State.h] = NaN)],
    ['a limiting current that nobody knows', (e: Estimator) => (e.x[State.hh] = 0.25)],
  ])('is held for five cycles and then the default, with %s', (_, spoil) => {
    const steering = createSteering({ ...settings, default_mA: 300 }, Infinity);
    const known_mA = chosen(estimator(), steering);
    const e = estimator();
    spoil(e);
    for (let k = 0; k < 5; k++) {
      expect(chosen(e, steering)).toBe(known_mA);
      expect(steering.reason).toBe(Reason.Held);
    }
    choose(steering, e);
    expect(steering.rate_mA).toBe(300);
    expect(steering.reason).toBe(Reason.Default);
    // By now it would be a trial.
    choose(steering, estimator());
    expect(steering.reason).toBe(Reason.Faster);
    expect(steering.rate_mA).toBeCloseTo(1.08 * known_mA, 6);
  });

  it('is the default where nothing was ever known', () => {
    const steering = createSteering({ ...settings }, Infinity);
    const e = estimator();
    e.trouble = Why.Gap;
    expect(chosen(e, steering)).toBe(settings.default_mA);
    expect(steering.reason).toBe(Reason.Default);
  });

  it('has a text for every reason, each its own, that says what would change it', () => {
    const texts = Object.values(Reason)
      .filter((reason): reason is Reason => typeof reason === 'number')
      .map(reasonText);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts.slice(1)) expect(text).toMatch(/moves with|until|for good/);
  });
});
