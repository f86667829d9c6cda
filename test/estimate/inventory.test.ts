import { describe, expect, test } from 'vitest';
import { Parameter } from '../../firmware/estimate/cellModel';
import {
  anchorLambda,
  chargeSigma,
  createInventory,
  Lithium,
  measureCathode,
  moveLithium,
  narrowLithium,
  weighLithium,
} from '../../firmware/estimate/inventory';
import { State } from '../../firmware/estimate/state';
import { Search } from '../../firmware/estimate/rest';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';

const model = cellModelOf(loadProfile('afl-l1'));
const m = Float64Array.from(model.parameters);
const ocv = Float64Array.from(model.ocv);
const QCAT = m[Parameter.Qcat] as number;
const SIGMA = 0.004;

/** An ideal cell: anchors without error. `lost` is what lies outside the cathode at the bottom, `top` its state of charge before. */
function anchor(v: Float64Array, cathode: number, lost: number, top = 0.98): boolean {
  // Lithium: what the cathode of the new cell held, less what is outside; host that fades keeps none.
  const s = 1 - (QCAT - lost) / cathode;
  v[Lithium.top] = top;
  v[Lithium.topSigma] = SIGMA;
  return anchored(v, s, cathode * (top - s));
}

/** @returns false when it contradicts what is known */
function anchored(v: Float64Array, s: number, passed: number): boolean {
  if (!measureCathode(v, m, s, SIGMA, passed, model.spread)) return false;
  anchorLambda(v, m, s, SIGMA, passed, model.spread);
  return true;
}

describe('inventory', () => {
  test('anchors of an ideal cell: lambda and cathode are exact', () => {
    const v = createInventory(m);
    expect(v[Lithium.cathode]).toBe(QCAT);
    for (const lost of [0.3, 0.32, 0.5, 0.9]) {
      expect(anchor(v, QCAT, lost)).toBe(true);
      expect(v[Lithium.lambda]).toBeCloseTo(lost, 9);
      expect(v[Lithium.cathode]).toBeCloseTo(QCAT, 9);
      expect(v[Lithium.lambdaSigma]).toBeGreaterThan(0);
      expect(v[Lithium.lambdaSigma]).toBeLessThan(0.05);
    }
    expect(v[Lithium.measured]).toBe(4);
  });

  test('a cathode that is another than it was sold as becomes known over the first cycles', () => {
    const v = createInventory(m);
    const built = 1.015 * QCAT;
    for (let n = 0; n < 3; n++) {
      v[Lithium.top] = 0.98;
      v[Lithium.topSigma] = SIGMA;
      expect(anchored(v, 0.1, 0.88 * built)).toBe(true);
    }
    // The prior holds a part, and the ratio takes up the rest: what was measured stays explained.
    expect(v[Lithium.cathode]).toBeGreaterThan(QCAT);
    expect(v[Lithium.cathode]).toBeLessThan(built);
    expect((v[Lithium.cathode] as number) * (v[Lithium.ratio] as number)).toBeCloseTo(built, 9);
  });

  test('a fading cathode is not taken for lithium lost', () => {
    const v = createInventory(m);
    let cathode = QCAT;
    for (let n = 0; n < 100; n++) {
      expect(anchor(v, cathode, 0.4)).toBe(true);
      if (n > 5) expect(Math.abs((v[Lithium.lambda] as number) - 0.4)).toBeLessThan(0.03);
      cathode *= 1 - 0.001;
    }
    // Nine and a half hundredths have faded: a fixed capacity would have told that much of lithium.
    expect(QCAT - cathode).toBeGreaterThan(0.28);
    expect(v[Lithium.cathode] as number).toBeCloseTo(cathode, 1);
    expect(v[Lithium.newCathode]).toBeCloseTo(QCAT, 2);
  });

  test('what contradicts the cathode is refused and changes nothing; after three in a row it counts', () => {
    const v = createInventory(m);
    for (let n = 0; n < 5; n++) anchor(v, QCAT, 0.4);
    const wrong = 0.85 * QCAT;
    for (let n = 1; n <= 3; n++) {
      const before = v.slice();
      expect(anchor(v, wrong, 0.4 - 0.15 * QCAT)).toBe(false);
      expect(v[Lithium.refused]).toBe(n);
      for (const stored of [Lithium.lambda, Lithium.cathode, Lithium.ratio, Lithium.measured] as const)
        expect(v[stored], Lithium[stored]).toBe(before[stored]);
    }
    expect(anchor(v, wrong, 0.4 - 0.15 * QCAT)).toBe(true);
    expect(v[Lithium.refused]).toBe(0);
    expect(v[Lithium.cathode]).toBeLessThan(0.98 * QCAT);
  });

  test('a single contradiction between good ones leaves no trace', () => {
    const v = createInventory(m);
    for (let n = 0; n < 5; n++) anchor(v, QCAT, 0.4);
    expect(anchor(v, 1.2 * QCAT, 0.6)).toBe(false);
    expect(anchor(v, QCAT, 0.42)).toBe(true);
    expect(v[Lithium.lambda]).toBeCloseTo(0.42, 6);
    expect(v[Lithium.refused]).toBe(0);
  });

  test('a shallow span says nothing of the cathode, but still of the lithium', () => {
    const v = createInventory(m);
    anchor(v, QCAT, 0.4);
    expect(anchor(v, QCAT, 2.5, 0.9)).toBe(true);
    expect(v[Lithium.measured]).toBe(1);
    expect(v[Lithium.lambda]).toBeCloseTo(2.5, 6);
  });

  test('a flat curve gives a wide sigma', () => {
    expect(chargeSigma(ocv, 0.05, 0.003)).toBeLessThan(0.003);
    const lfp = Float64Array.from(cellModelOf({ ...loadProfile('afl-l1'), cathode: 'lfp' }).ocv);
    expect(chargeSigma(lfp, 0.5, 0.003)).toBeGreaterThan(0.2);
  });

  describe('split', () => {
    /** Lambda, and pools as the model has run them. */
    function split(lambda: number, pools: { I: number; D: number; S: number }): Float64Array {
      const v = createInventory(m);
      v[Lithium.lambda] = lambda;
      v[Lithium.lambdaSigma] = 0.01;
      v[Lithium.active] = 0.1;
      v[Lithium.activeSigma] = 0.03;
      const x = new Float64Array(State.length);
      x[State.I] = pools.I;
      x[State.D] = pools.D;
      x[State.S] = pools.S;
      x[State.formed] = 1;
      const search = new Float64Array(Search.length);
      weighLithium(v, x, m, model.spread, search);
      moveLithium(v, x, search);
      narrowLithium(v, search);
      return v;
    }
    const parts = [Lithium.active, Lithium.isolated, Lithium.dead, Lithium.sei] as const;
    const sigmas = [Lithium.activeSigma, Lithium.isolatedSigma, Lithium.deadSigma, Lithium.seiSigma] as const;

    test('pools that add up stay as they are', () => {
      const v = split(0.5, { I: 0.12, D: 0.03, S: 0.25 });
      expect(v[Lithium.isolated]).toBeCloseTo(0.12, 9);
      expect(v[Lithium.dead]).toBeCloseTo(0.03, 9);
      expect(v[Lithium.sei]).toBeCloseTo(0.25, 9);
    });

    test('a gap is divided among them by how unsure each is, and nearly closed', () => {
      const v = split(0.56, { I: 0.12, D: 0.03, S: 0.25 });
      const sum = parts.reduce((total, part) => total + (v[part] as number), 0);
      expect(sum).toBeGreaterThan(0.54);
      expect(sum).toBeLessThanOrEqual(0.56);
      expect(v[Lithium.isolated]).toBeGreaterThan(0.12);
      expect((v[Lithium.isolated] as number) - 0.12).toBeGreaterThan((v[Lithium.dead] as number) - 0.03);
    });

    test('nothing becomes negative or no number, whatever lambda says', () => {
      for (const lambda of [0, 0.05, 1, 5, 20]) {
        const v = split(lambda, { I: 0.12, D: 0.03, S: 0.25 });
        for (const part of parts) expect(v[part], Lithium[part]).toBeGreaterThanOrEqual(0);
        for (const sigma of sigmas) expect(v[sigma], Lithium[sigma]).toBeGreaterThan(0);
      }
    });

    test('a gap that no sigma explains widens them all', () => {
      const small = split(0.51, { I: 0.12, D: 0.03, S: 0.25 });
      const large = split(2, { I: 0.12, D: 0.03, S: 0.25 });
      for (const sigma of sigmas) expect(large[sigma]).toBeGreaterThan(2 * (small[sigma] as number));
    });
  });
});
