import { describe, expect, test } from 'vitest';
import { Estimated, Why } from '../../firmware/estimate/estimates';
import { Sum, type Estimator } from '../../firmware/estimate/estimator';
import { createEstimator } from '../../firmware/estimate/create';
import { State } from '../../firmware/estimate/state';
import { createGround, Ground, groundRest_s } from '../../firmware/steer/ground';
import { addSample } from '../../firmware/estimate/estimate';
import {
  beginFlight,
  createLandings,
  expectLanding,
  Landing,
  landingShown,
  modelHolds,
  recordLanding,
  watchBurst,
} from '../../firmware/steer/landing';
import { createPacing, Pace, paceNow, PaceReason, paceText, planPace, type Pacing } from '../../firmware/steer/pacing';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';

const POWER_MW = 3700;

/** A charged cell whose estimator has seen a minute of rest. */
function estimator(): Estimator {
  const e = createEstimator(cellModelOf(loadProfile('afl-l1')), 8000, 10);
  for (let k = 0; k < 130; k++) addSample(e, 1000 * (k + 1), 4200, 0, 25, false);
  e.x[State.s] = 0.95;
  e.x[State.A] = 3;
  e.known.sigma[Estimated.LimitingCurrent_mA] = 0.1 * (e.known.value[Estimated.LimitingCurrent_mA] as number);
  return e;
}

interface Plan {
  cruise_C?: number;
  cruise_s?: number;
  burst_s?: number;
  least?: number;
  most?: number;
}
function plan(
  e: Estimator,
  { cruise_C = 1, cruise_s = 1800, burst_s = 45, least = 0.6, most = 1.25 }: Plan = {},
): Pacing {
  const p = createPacing();
  p.value[Pace.cruise_mW] = cruise_C * POWER_MW;
  p.value[Pace.cruise_s] = cruise_s;
  p.value[Pace.burst_mW] = 5 * POWER_MW;
  p.value[Pace.burst_s] = burst_s;
  p.value[Pace.least] = least;
  p.value[Pace.most] = most;
  planPace(p, e);
  return p;
}
const of = (p: Pacing, what: Pace): number => p.value[what] as number;

describe('Pacing', () => {
  test('is slow before landing, at equal energy, within the range of the vehicle', () => {
    for (const cruise_s of [900, 1200, 1800, 2400])
      for (const least of [0.4, 0.6, 0.8])
        for (const most of [1.06, 1.1, 1.25]) {
          const p = plan(estimator(), { cruise_s, least, most });
          let energy = 0;
          for (let left_s = cruise_s; left_s > 0; left_s--) {
            const now = paceNow(p, left_s);
            expect(now).toBeGreaterThanOrEqual(least - 1e-9);
            expect(now).toBeLessThanOrEqual(most + 1e-9);
            energy += now;
          }
          expect(`${PaceReason[p.reason]} ${cruise_s} ${least} ${most}`).toBe(`Advised ${cruise_s} ${least} ${most}`);
          // The slow phase need not begin at a whole second.
          expect(Math.abs(energy / cruise_s - 1)).toBeLessThan(1.5e-3);
          expect(of(p, Pace.late)).toBeLessThan(1);
          expect(of(p, Pace.gain_s)).toBeGreaterThan(0);
          expect(of(p, Pace.advised)).toBeLessThan(of(p, Pace.planned));
          expect(paceText(p)).toContain('relaxes');
        }
  });

  test('lasts one and a half time constants of the electrolyte, longer behind a thick inactive layer', () => {
    const fresh = estimator();
    expect(of(plan(fresh), Pace.late_s)).toBeCloseTo(1.5 * 120, -1);
    const aged = estimator();
    aged.x[State.D] = 1;
    for (let k = 0; k < 70; k++) addSample(aged, 131e3 + 1000 * k, 4200, 0, 25, false);
    expect(of(plan(aged), Pace.late_s)).toBeGreaterThan(1.02 * of(plan(fresh), Pace.late_s));
  });

  test.each<[string, PaceReason, (e: Estimator) => void, Plan]>([
    ['the estimator is in trouble', PaceReason.NotTrusted, (e) => void (e.trouble = Why.Gap), {}],
    [
      'the limiting current is not known',
      PaceReason.NotTrusted,
      (e) => void (e.known.why[Estimated.LimitingCurrent_mA] = Why.NotYet),
      {},
    ],
    [
      'it is known badly',
      PaceReason.NotTrusted,
      (e) => void (e.known.sigma[Estimated.LimitingCurrent_mA] = e.known.value[Estimated.LimitingCurrent_mA] as number),
      {},
    ],
    ['the cruise is short', PaceReason.TooShort, () => undefined, { cruise_s: 300 }],
    ['the vehicle has one speed', PaceReason.NoRange, () => undefined, { least: 1, most: 1 }],
    ['the cruise hardly polarizes', PaceReason.NoGain, () => undefined, { cruise_C: 0.05 }],
    [
      'the cruise would leave more behind than the landing',
      PaceReason.Residue,
      () => undefined,
      { cruise_C: 3, cruise_s: 600, burst_s: 2 },
    ],
  ])('advises nothing when %s, and says why', (_, reason, make, own) => {
    const e = estimator();
    make(e);
    const p = plan(e, own);
    expect(PaceReason[p.reason]).toBe(PaceReason[reason]);
    expect([paceNow(p, 1000), paceNow(p, 1), of(p, Pace.early), of(p, Pace.late)]).toEqual([1, 1, 1, 1]);
    expect(paceText(p)).toMatch(/^as planned: .*; .* change it$/);
  });

  test('has nothing to say before a cruise', () => {
    expect(paceNow(createPacing(), 100)).toBe(1);
    expect(paceText(createPacing())).toBe('no cruise has begun');
  });
});

describe('Landings', () => {
  /** Lands at these end voltages; then, what is said of the next one. */
  function after(ends_V: readonly number[], next: { power_mW?: number; s?: number; pace?: number } = {}) {
    const e = estimator();
    const r = createLandings();
    for (const end_V of ends_V) {
      expectLanding(r, e, 5 * POWER_MW, 45, 1);
      e.sum[Sum.lastV] = end_V;
      recordLanding(r, e);
    }
    e.x[State.s] = next.s ?? 0.95;
    const known = expectLanding(r, e, next.power_mW ?? 5 * POWER_MW, 45, next.pace ?? 1);
    return { known, shown: known ? landingShown(r, e) : NaN, expected_V: r[Landing.expected_V] as number };
  }
  test('show the next one by their trend', () => {
    expect(after([3.5, 3.49, 3.48])).toMatchObject({ known: true, shown: 1 });
    expect(after([3.5, 3.49, 3.48]).expected_V).toBeCloseTo(3.47, 9);
    expect(after([3.5, 3.45, 3.35]).expected_V).toBeCloseTo(3.15, 9);
    expect(after([3.3, 3.2, 3.02])).toMatchObject({ shown: -1 });
    expect(after([3.2, 3.15, 3.08])).toMatchObject({ shown: 0 });
  });

  test('say nothing of the first one, little of the second, and nothing of one that begins otherwise', () => {
    expect(after([]).known).toBe(false);
    expect(after([3.5])).toMatchObject({ known: true, shown: 1 });
    expect(after([3.08])).toMatchObject({ known: true, shown: 0 });
    const usual = [3.5, 3.49, 3.48];
    expect(after(usual, { power_mW: 5.2 * POWER_MW }).known).toBe(false);
    expect(after(usual, { s: 0.9 }).known).toBe(false);
    expect(after(usual, { pace: 0.6 }).known).toBe(false);
  });

  test('leave it to the model only when a burst has gone as the model has it', () => {
    const e = estimator();
    const r = createLandings();
    beginFlight(r);
    expect(modelHolds(r)).toBe(false);
    e.polarization.innovation_V = 0.1;
    watchBurst(r, e, 0.2);
    expect(modelHolds(r)).toBe(false);
    e.polarization.innovation_V = -0.01;
    watchBurst(r, e, 1);
    expect(modelHolds(r)).toBe(true);
    e.polarization.innovation_V = -0.1;
    watchBurst(r, e, 1);
    expect(modelHolds(r)).toBe(false);
  });
});

describe('Rest on the ground', () => {
  /** Flies on with a voltage that falls by this much after a usual rest and after a longer one. @returns which rests were taken */
  function rests(budget_s: number, usual_V: number, longer_V: number, missions: number): number[] {
    const g = createGround(budget_s);
    const r = createLandings();
    r[Landing.count] = 2;
    let rest_s = 0;
    return Array.from({ length: missions }, () => {
      r[Landing.fall_V] = rest_s > 0 ? longer_V : usual_V;
      rest_s = groundRest_s(g, r);
      return rest_s;
    });
  }
  const taken = (list: readonly number[]): number => list.filter((rest_s) => rest_s > 0).length;

  test('is never longer than the user allows, and never without leave', () => {
    expect(taken(rests(0, 0.01, 0.001, 100))).toBe(0);
    expect(Math.max(...rests(900, 0.01, 0.001, 100))).toBe(900);
  });

  test('stays longer where the voltage falls less with it, and is tried again otherwise', () => {
    expect(taken(rests(900, 0.01, 0.004, 52))).toBe(4 + 41);
    expect(taken(rests(900, 0.01, 0.01, 52))).toBe(4);
    expect(taken(rests(900, 0.01, 0.02, 52))).toBe(4);
    // What saves less than readings scatter does not count.
    expect(taken(rests(900, 0.0002, 0.0001, 52))).toBe(4);
    expect(taken(rests(900, 0.01, 0.01, 104))).toBe(8);
  });

  test('is not favoured by a fall that grows by itself', () => {
    const g = createGround(900);
    const r = createLandings();
    r[Landing.count] = 2;
    let used = 0;
    for (let n = 0; n < 40; n++) {
      r[Landing.fall_V] = 0.004 * Math.pow(1.3, Math.min(n, 14));
      if (groundRest_s(g, r) > 0) used++;
    }
    expect(used).toBe(4);
    expect(g[Ground.gain]).toBeLessThan(0.05);
  });
});
