import { describe, expect, test } from 'vitest';
import {
  addToRest,
  beginRest,
  createRest,
  endOfRest_V,
  type Rest,
  restSigma_V,
  Search,
  searchEnd_V,
} from '../../firmware/estimate/rest';
import { concentration_V } from '../../firmware/estimate/polarization';
import { Random } from '../../sim/random';

const KAP_V = 0.09;
const END_V = 3.7;

/** A rest of `lasts_s`, sampled every `dt_s`, of a voltage that is below its end by `left_V`. */
function rested(lasts_s: number, left_V: (t_s: number) => number, noise_V = 0, dt_s = 1): Rest {
  const random = new Random(5, 'rest');
  const rest = createRest();
  beginRest(rest);
  for (let t_s = dt_s; t_s <= lasts_s; t_s += dt_s)
    addToRest(rest, END_V - left_V(t_s - dt_s / 2) + noise_V * random.normal(), dt_s);
  return rest;
}

function foundEnd_V(rest: Rest): number {
  const search = new Float64Array(Search.length);
  let end_V = endOfRest_V(rest, KAP_V, search);
  while (end_V === 0) end_V = searchEnd_V(search, KAP_V);
  return end_V;
}

const error_V = (rest: Rest): number => foundEnd_V(rest) - END_V;
/** Overpotential of a saturation that decays with time constant `tau_s`. */
const oneMode =
  (w: number, tau_s: number) =>
  (t_s: number): number =>
    concentration_V(KAP_V, w * Math.exp(-t_s / tau_s));
const twoModes =
  (slow: number, tau_s: number, fast: number, fastTau_s: number) =>
  (t_s: number): number =>
    concentration_V(KAP_V, slow * Math.exp(-t_s / tau_s) + fast * Math.exp(-t_s / fastTau_s));

describe('rest', () => {
  test('too short a rest tells nothing', () => {
    for (const lasts_s of [0, 5, 30, 50]) expect(foundEnd_V(rested(lasts_s, oneMode(0.3, 120)))).toBeNaN();
    expect(foundEnd_V(rested(60, oneMode(0.3, 120)))).not.toBeNaN();
  });

  test('one mode, far from rest or near it: within half a millivolt where it is watched for its time constant', () => {
    for (const w of [0.05, 0.3, 0.6, 0.9, -0.3])
      for (const tau_s of [60, 120, 200])
        for (const lasts_s of [200, 300, 600, 1800]) {
          const rest = rested(lasts_s, oneMode(w, tau_s));
          expect(Math.abs(error_V(rest)), `w ${w} tau ${tau_s} s, ${lasts_s} s`).toBeLessThan(5e-4);
        }
  });

  test('extrapolation beats the last voltage wherever much is left', () => {
    for (const w of [0.3, 0.6]) {
      const left = oneMode(w, 200);
      const rest = rested(300, left);
      expect(left(300)).toBeGreaterThan(0.01);
      expect(Math.abs(error_V(rest))).toBeLessThan(0.1 * left(300));
    }
  });

  test('a rest that is short beside its time constant says that it knows little', () => {
    for (const w of [0.05, 0.3, 0.6]) {
      const left = oneMode(w, 1000);
      const rest = rested(120, left);
      const sigma_V = restSigma_V(rest, foundEnd_V(rest));
      expect(Math.abs(error_V(rest))).toBeLessThan(3 * sigma_V);
      expect(sigma_V).toBeGreaterThan(0.1 * left(120));
    }
  });

  test('two modes, of which the fast one dies first: within two of the stated sigmas', () => {
    for (const slow of [0.1, 0.4, 0.7])
      for (const lasts_s of [150, 300, 600]) {
        const rest = rested(lasts_s, twoModes(slow, 120, 0.25 * slow, 15));
        expect(Math.abs(error_V(rest)), `${slow} ${lasts_s} s`).toBeLessThan(2 * restSigma_V(rest, foundEnd_V(rest)));
      }
  });

  test('noise of half a millivolt a second: within three sigmas', () => {
    for (const lasts_s of [150, 300, 900, 3600]) {
      const rest = rested(lasts_s, oneMode(0.4, 120), 5e-4);
      expect(Math.abs(error_V(rest)), `${lasts_s} s`).toBeLessThan(3 * restSigma_V(rest, foundEnd_V(rest)));
    }
  });

  test('nothing that moves: the last mean', () => {
    const rest = rested(600, () => 0);
    expect(error_V(rest)).toBeCloseTo(0, 12);
    expect(restSigma_V(rest, END_V)).toBeLessThan(1e-3);
  });

  test('a voltage that runs away is not followed', () => {
    const rest = rested(600, (t_s) => -1e-9 * t_s ** 3);
    expect(foundEnd_V(rest)).toBe(rest.means_V[rest.count - 1]);
  });

  test('a rest of a day keeps sixteen means at most, of equal spans', () => {
    const rest = rested(86_400, (t_s) => t_s);
    expect(rest.lasted_s).toBe(86_400);
    expect(rest.count).toBeLessThanOrEqual(16);
    for (let k = 1; k < rest.count; k++)
      expect((rest.means_V[k - 1] as number) - (rest.means_V[k] as number)).toBeCloseTo(rest.span_s, 6);
  });

  test('sparse samples: the same end', () => {
    for (const dt_s of [5, 30, 60]) {
      const rest = rested(3600, oneMode(0.5, 600), 0, dt_s);
      expect(Math.abs(error_V(rest)), `${dt_s} s`).toBeLessThan(1.5e-3);
    }
    const ramp = rested(3600, (t_s) => t_s, 0, 60);
    for (let k = 1; k < ramp.count; k++)
      expect((ramp.means_V[k - 1] as number) - (ramp.means_V[k] as number)).toBeCloseTo(ramp.span_s, 6);
  });
});
