import { describe, expect, it } from 'vitest';
import { createPlant, PLANT_KINDS, type PlantKind } from '../../sim/cell/createPlant';
import { DETAILED_ROWS, detailedParameters } from '../../sim/cell/detailed/parameters';
import { ocvError_V } from '../../sim/cell/openCircuit';
import { PARAMETER_ROWS, type Parameters } from '../../sim/cell/parameters';
import type { Plant } from '../../sim/cell/plant';
import { runStep } from '../../sim/cell/step';
import { InputError } from '../../sim/errors';
import { mismatched } from '../../sim/profiles/mismatch';
import { loadProfile, profileNames, type CellProfile } from '../../sim/profiles/profile';
import { heatOfCell_W } from '../../sim/thermal/selfHeat';

const SHARE = 0.2;
const base = loadProfile('afl-l1');
const KNOWN = ['Qn', 'Ainit', 'pres'];
const KNOWN_DETAILED = ['c0', 'csat', 'eps', 'brug'];

/** No term off: what is zero takes a tenth of its row's range, what is at its upper end half of it. */
const allOn: CellProfile = {
  ...base,
  parameters: Object.fromEntries(
    PARAMETER_ROWS.map(({ symbol, min, max }) => {
      const value = base.parameters[symbol as keyof Parameters];
      return [symbol, value === 0 ? min + (max - min) / 10 : value === max ? max / 2 : value];
    }),
  ) as unknown as Parameters,
};

const factorsOf = (profile: CellProfile, share: number, seed: number): Record<string, number> => {
  const { parameters } = mismatched(profile, share, seed);
  return Object.fromEntries(
    Object.entries(parameters).map(([key, value]) => [key, value / profile.parameters[key as keyof Parameters]]),
  );
};

describe('a cell that differs from its profile', () => {
  it('is the profile itself at a share of 0', () => {
    const copy = mismatched(base, 0, 7);
    expect(copy).toEqual({ ...base, detailed: detailedParameters(base) });
    expect(copy.parameters).not.toBe(base.parameters);
  });

  it('differs in every parameter but those that a builder knows, each by its own factor', () => {
    const factors = factorsOf(allOn, SHARE, 1);
    for (const symbol of KNOWN) expect(factors[symbol], symbol).toBe(1);
    for (const symbol of KNOWN) delete factors[symbol];
    for (const [symbol, factor] of Object.entries(factors)) {
      expect(factor, symbol).not.toBe(1);
      expect(Math.abs(factor - 1), symbol).toBeLessThanOrEqual((symbol === 'Qcat' ? 0.1 : 1) * SHARE + 1e-12);
    }
    expect(new Set(Object.values(factors)).size).toBe(Object.keys(factors).length);
  });

  it('draws evenly from 1 - share to 1 + share', () => {
    const drawn = Array.from({ length: 2000 }, (_, seed) => factorsOf(base, SHARE, seed).ilim!);
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const sd = Math.sqrt(drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length);
    expect(mean).toBeCloseTo(1, 2);
    expect(sd).toBeCloseTo(SHARE / Math.sqrt(3), 2);
  });

  it('has the same errors for the same seed, whatever else the profile says', () => {
    expect(mismatched(base, SHARE, 3, 5)).toEqual(mismatched(base, SHARE, 3, 5));
    const [one, other] = [factorsOf(base, SHARE, 3), factorsOf(loadProfile('routine-pouch'), SHARE, 3)];
    expect(other.tau1).toBeCloseTo(one.tau1!, 12);
    expect(factorsOf(base, SHARE, 4).tau1).not.toBeCloseTo(one.tau1!, 3);
  });

  it.each(profileNames())('%s: stays within the ranges of both plants, and what is off stays off', (name) => {
    const profile = loadProfile(name);
    for (let seed = 0; seed < 20; seed++) {
      const { parameters, detailed } = mismatched(profile, 0.5, seed);
      for (const { symbol, min, max } of PARAMETER_ROWS) {
        const value = parameters[symbol as keyof Parameters];
        expect(value >= min && value <= max, symbol).toBe(true);
        if (profile.parameters[symbol as keyof Parameters] === 0) expect(value, symbol).toBe(0);
      }
      for (const { symbol, min, max } of DETAILED_ROWS)
        expect(detailed![symbol] >= min && detailed![symbol] <= max, symbol).toBe(true);
    }
  });

  it('keeps shares at or below 1', () => {
    const profile = { ...base, parameters: { ...base.parameters, g1: 0.99, sig0: 1 } };
    const drawn = Array.from({ length: 20 }, (_, seed) => mismatched(profile, 0.5, seed).parameters);
    expect(Math.max(...drawn.flatMap(({ g1, sig0 }) => [g1, sig0]))).toBe(1);
    expect(Math.min(...drawn.map(({ g1 }) => g1))).toBeLessThan(0.8);
  });

  it.each([
    [-0.1, 0, 'share is -0.1 1; allowed: 0 to 0.5 1'],
    [0.6, 0, 'share is 0.6 1; allowed: 0 to 0.5 1'],
    [NaN, 0, 'share is NaN 1'],
    [0.1, -1, 'ocvError_mV is -1 mV; allowed: 0 to 50 mV'],
  ])('refuses a share of %s with an OCV error of %s mV', (share, ocvError_mV, message) => {
    expect(() => mismatched(base, share, 1, ocvError_mV)).toThrow(InputError);
    expect(() => mismatched(base, share, 1, ocvError_mV)).toThrow(message);
  });
});

describe('the detailed plant', () => {
  it.each(['afl-l2', 'criec-ncm811'])('%s: differs in what it is made of, fitted or derived', (name) => {
    const profile = loadProfile(name);
    const nominal = detailedParameters(profile);
    const own = detailedParameters(mismatched(profile, SHARE, 1));
    for (const { symbol } of DETAILED_ROWS) {
      const off = Math.abs(own[symbol] / nominal[symbol] - 1);
      if (KNOWN_DETAILED.includes(symbol)) expect(off, symbol).toBe(0);
      else expect(off > 0 && off <= SHARE + 1e-12, symbol).toBe(true);
    }
  });

  it('has a limiting current that scatters by about the share of a parameter', () => {
    const drawn = Array.from(
      { length: 100 },
      (_, seed) => createPlant('detailed', mismatched(base, SHARE, seed), 25).limitingCurrent_mA_cm2,
    );
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const sd = Math.sqrt(drawn.reduce((a, b) => a + (b - mean) ** 2, 0) / drawn.length);
    expect(sd / mean).toBeGreaterThan(0.1);
    expect(sd / mean).toBeLessThan(0.22);
  });
});

function cycled(kind: PlantKind, profile: CellProfile, cycles: number): { cell: Plant; discharged: number } {
  const cell = createPlant(kind, profile, 25);
  let discharged = 0;
  for (let n = 0; n < cycles; n++) {
    runStep(cell, -0.2 * cell.nominal_mAh_cm2, { until_V: profile.chargeCutoff_V, longest_s: 1e5 });
    const end = { until_V: profile.dischargeCutoff_V, longest_s: 1e5 };
    discharged = runStep(cell, cell.nominal_mAh_cm2, end).charge_mAh_cm2;
  }
  return { cell, discharged };
}

describe.each(PLANT_KINDS)('in use, %s plant', (kind) => {
  it('still cycles as a cell of its kind, and keeps its lithium', () => {
    const drawn = Array.from({ length: 6 }, (_, seed) => cycled(kind, mismatched(base, SHARE, seed, 10), 10));
    for (const { cell, discharged } of drawn) {
      expect(discharged / cell.nominal_mAh_cm2).toBeGreaterThan(0.8);
      expect(discharged / cell.nominal_mAh_cm2).toBeLessThan(1.1);
      expect(Math.abs(cell.lithium_mAh_cm2)).toBeLessThan(1e-12);
    }
    expect(new Set(drawn.map(({ discharged }) => discharged)).size).toBe(drawn.length);
  });
});

describe('an error of the open-circuit voltage', () => {
  const { ocvError, ...without } = mismatched(base, 0, 5, 8);
  const error = ocvError!;

  it('has the stated size and no mean over the state of charge', () => {
    const N = 1000;
    const values = Array.from({ length: N }, (_, k) => ocvError_V(error, (k + 0.5) / N));
    expect(values.reduce((a, b) => a + b) / N).toBeCloseTo(0, 12);
    expect(Math.sqrt(values.reduce((a, b) => a + b * b, 0) / N)).toBeCloseTo(0.008, 12);
  });

  it('has another shape for another seed, and none where none is asked for or there is no cathode', () => {
    expect(mismatched(base, 0, 6, 8).ocvError!.phase).not.toEqual(error.phase);
    expect(mismatched(base, SHARE, 5)).not.toHaveProperty('ocvError');
    expect(mismatched(loadProfile('afl-l1-half'), SHARE, 5, 8)).not.toHaveProperty('ocvError');
  });

  it.each(PLANT_KINDS)('moves the voltage of the %s plant by just that', (kind) => {
    const [off, nominal] = [{ ...without, ocvError: error }, without].map((profile) => createPlant(kind, profile, 25));
    for (let k = 0; k < 12; k++) {
      for (const cell of [off!, nominal!]) {
        runStep(cell, -1, { capacity_mAh_cm2: 0.25, longest_s: 1e5 });
        runStep(cell, 0, { longest_s: 36_000 });
      }
      expect(off!.voltage_V - nominal!.voltage_V).toBeCloseTo(ocvError_V(error, off!.soc), 6);
    }
  });

  it.each(PLANT_KINDS)('is no loss: the %s plant does not warm for it', (kind) => {
    const [off, nominal] = [{ ...without, ocvError: error }, without].map((profile) => {
      const cell = createPlant(kind, profile, 25);
      runStep(cell, -0.3, { capacity_mAh_cm2: 1, longest_s: 1e5 });
      return heatOfCell_W(cell, -0.3);
    });
    expect(nominal).toBeGreaterThan(0);
    expect(Math.abs(off! / nominal! - 1)).toBeLessThan(0.02);
  });
});
