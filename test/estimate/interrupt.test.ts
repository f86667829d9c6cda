import { describe, expect, test } from 'vitest';
import { Parameter } from '../../firmware/estimate/cellModel';
import {
  avoidSaturation,
  beginInterrupt,
  findExponent,
  findLag,
  findOverpotentials,
  scaleFast,
  scaleKappa,
  scaleLimit,
  Seen,
  setPace,
  watchInterrupt,
  weighScales,
} from '../../firmware/estimate/interrupt';
import { openCircuit_V } from '../../firmware/estimate/openCircuit';
import { concentration_V, saturation } from '../../firmware/estimate/polarization';
import { Factor, State } from '../../firmware/estimate/state';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';
import { Random } from '../../sim/random';

const model = cellModelOf(loadProfile('afl-l1'));
const m = Float64Array.from(model.parameters);
const ocv = Float64Array.from(model.ocv);
const KAP_V = m[Parameter.kap] as number;

/** A recovery made up of known parts: the saturation falls by `shape` of the time, the fast overpotential goes with 0.4 s. */
interface Recovery {
  conc_V: number;
  fast_V: number;
  /** Share of the saturation that is left after t seconds. */
  left: (t_s: number) => number;
  noise_V?: number;
}

const roots: Recovery['left'] = (t_s) => 1 - 0.05 * Math.sqrt(t_s);
const exponential: Recovery['left'] = (t_s) => 0.8 * Math.exp(-t_s / 120) + 0.2 * Math.exp(-t_s / 15);

/** A second of an interrupt, and all that it teaches. @returns whether it has */
function show(
  seen: Float64Array,
  x: Float64Array,
  since_s: number,
  voltage_V: number,
  conc_V: number,
  kap: number,
): boolean {
  if (!watchInterrupt(seen, since_s, voltage_V, conc_V, kap)) return false;
  while (!findExponent(seen, x));
  if (!findOverpotentials(seen, x, kap)) return false;
  findLag(seen, m);
  setPace(seen, x);
  weighScales(seen, x, kap);
  scaleLimit(seen, x);
  if (scaleKappa(seen, x, m)) avoidSaturation(seen, x);
  scaleFast(seen, x);
  return true;
}

/** Shows `count` interrupts to a state whose model is off by these factors. @returns how it then splits the overpotentials */
function learnFrom(
  recovery: Recovery,
  off: { conc: number; fast: number },
  count: number,
): { conc_V: number; fast_V: number; x: Float64Array; taught: number } {
  const random = new Random(2, 'interrupt');
  const x = new Float64Array(State.length);
  x[State.s] = 0.5;
  x[State.A] = 2;
  x[State.rho] = x[State.h] = x[State.k] = x[State.pace] = 1;
  x[State.p] = 0.7;
  x[State.rr] = x[State.hh] = x[State.kk] = model.spread * model.spread;
  x[State.bb] = 1e-5;
  const f = new Float64Array(Factor.length);
  const seen = new Float64Array(Seen.length);
  const rest_V = openCircuit_V(ocv, 0.5);
  const began = saturation(recovery.conc_V, KAP_V);
  const modelled = saturation(recovery.conc_V * off.conc, KAP_V);
  const unscaled_V = recovery.fast_V * off.fast;
  let taught = 0;
  const modelConc_V = (t_s: number): number =>
    concentration_V(f[Factor.kap] as number, (x[State.h] as number) * modelled * exponential(t_s));
  for (let n = 0; n < count; n++) {
    f[Factor.kap] = (x[State.k] as number) * KAP_V;
    x[State.w1] = 0.8 * (x[State.h] as number) * modelled;
    x[State.w2] = 0.2 * (x[State.h] as number) * modelled;
    beginInterrupt(seen, x, ocv, rest_V - recovery.conc_V - recovery.fast_V, modelConc_V(0), unscaled_V);
    for (let t_s = 0.5; t_s < 10; t_s++) {
      const voltage_V =
        rest_V -
        concentration_V(KAP_V, began * recovery.left(t_s)) -
        recovery.fast_V * 0.3 * Math.exp(-t_s / 0.4) +
        (recovery.noise_V ?? 0) * random.normal();
      if (show(seen, x, t_s, voltage_V, modelConc_V(t_s), f[Factor.kap] as number)) taught++;
    }
  }
  f[Factor.kap] = (x[State.k] as number) * KAP_V;
  return { conc_V: modelConc_V(0), fast_V: (x[State.rho] as number) * unscaled_V, x, taught };
}

describe('interrupt', () => {
  test('noise of half a millivolt', () => {
    const split = { conc_V: 0.06, fast_V: 0.035 };
    const found = learnFrom({ ...split, left: roots, noise_V: 5e-4 }, { conc: 0.8, fast: 1.2 }, 8);
    expect(Math.abs(found.conc_V - split.conc_V)).toBeLessThan(0.006);
    expect(Math.abs(found.fast_V - split.fast_V)).toBeLessThan(0.006);
  });

  test('one interrupt alone corrects most of an error', () => {
    const split = { conc_V: 0.1, fast_V: 0.06 };
    const found = learnFrom({ ...split, left: exponential }, { conc: 0.8, fast: 1.2 }, 1);
    expect(Math.abs(found.conc_V - split.conc_V)).toBeLessThan(0.4 * 0.2 * split.conc_V);
    expect(Math.abs(found.fast_V - split.fast_V)).toBeLessThan(0.4 * 0.2 * split.fast_V);
  });

  test('what it has learned from it has grown surer of', () => {
    const { x } = learnFrom({ conc_V: 0.1, fast_V: 0.06, left: exponential }, { conc: 1, fast: 1 }, 3);
    for (const variance of [State.hh, State.kk, State.rr] as const)
      expect(x[variance]).toBeLessThan(model.spread * model.spread);
  });

  test('sparse samples, or a voltage that does not recover, teach nothing', () => {
    const x = new Float64Array(State.length).fill(1);
    const seen = new Float64Array(Seen.length);
    const before = x.slice();
    for (const every_s of [5, 10, 30]) {
      beginInterrupt(seen, x, ocv, 3.5, 0.05, 0.03);
      for (let t_s = every_s; t_s < 100; t_s += every_s) expect(show(seen, x, t_s, 3.6, 0.04, 0.1)).toBe(false);
    }
    // Above the open-circuit voltage.
    beginInterrupt(seen, x, ocv, 5, 0.05, 0.03);
    for (let t_s = 0.5; t_s < 12; t_s++) expect(show(seen, x, t_s, 5, 0.04, 0.1)).toBe(false);
    expect(x).toEqual(before);
  });

  const splits = [
    { conc_V: 0.03, fast_V: 0.02 },
    { conc_V: 0.06, fast_V: 0.035 },
    { conc_V: 0.1, fast_V: 0.06 },
    { conc_V: 0.14, fast_V: 0.09 },
  ];
  for (const [name, left] of [
    ['of a root of time', roots],
    ['of two exponentials', exponential],
  ] as const)
    for (const split of splits)
      for (const off of [
        { conc: 1, fast: 1 },
        { conc: 0.8, fast: 1.2 },
        { conc: 1.2, fast: 0.8 },
        { conc: 1.25, fast: 1.25 },
      ])
        test(`a recovery ${name}, ${1000 * split.conc_V} + ${1000 * split.fast_V} mV, model off by ${off.conc} and ${off.fast}`, () => {
          const found = learnFrom({ ...split, left }, off, 8);
          expect(found.taught).toBe(8);
          // Two millivolts and three hundredths: what a power of time and a straighter law make of these shapes.
          const most_V = 0.002 + 0.03 * split.conc_V;
          expect(Math.abs(found.conc_V - split.conc_V)).toBeLessThan(most_V);
          expect(Math.abs(found.fast_V - split.fast_V)).toBeLessThan(most_V);
        });
});
