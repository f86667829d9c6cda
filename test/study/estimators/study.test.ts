import { describe, expect, it } from 'vitest';
import { CYCLER } from '../../../hal/boards/cycler';
import { loadProfile, profileNames } from '../../../sim/profiles/profile';
import { fullStudy, quickStudy, RATES_C, TEMPERATURES_C } from '../../../sim/study/estimators/design';
import { type CaseResult, runCase } from '../../../sim/study/estimators/runCase';
import { drawSpecimen } from '../../../sim/study/estimators/specimen';
import { runStudy } from '../../../sim/study/estimators/study';
import { GROUPS, studyCase } from '../../../sim/study/estimators/studyCase';
import { total } from '../../../sim/study/estimators/sums';

const own = studyCase({ group: 'headline', cell: 'afl-l1', rate_C: 2, cycles: 3 });
const once = runCase(own);
const spansOf = (result: CaseResult) => Object.values(result.spans);
const etaConc = (result: CaseResult) => total(spansOf(result).map((span) => span!.etaConc.plateau));
const lambda = (result: CaseResult) => total(spansOf(result).map((span) => span!.inventory.lambda));

describe('one case', () => {
  it('compares every second of the discharges and every cycle', () => {
    const seconds = spansOf(once).flatMap((span) => [span!.etaConc.plateau, span!.etaConc.knee]);
    const { n, refused } = total(seconds);
    // At 2C a discharge gives nearly all of its nominal capacity, so it takes a little less than half an hour.
    expect((n + refused) / 1800).toBeCloseTo(3 * ((once.first + once.last) / 2), 1);
    expect(lambda(once).n + lambda(once).refused).toBe(3);
    expect(once).toMatchObject({ cycles: 3, ended: null, cathodeLost: 0 });
  });

  it('has an estimator that knows something and not everything', () => {
    const { n, square, truth, refused } = etaConc(once);
    const rms_mV = Math.sqrt(square / n);
    expect(rms_mV).toBeGreaterThan(0.1);
    expect(rms_mV).toBeLessThan((0.3 * truth) / (n + refused));
    expect(Math.sqrt(lambda(once).square / lambda(once).n)).toBeLessThan(0.05);
  });

  it('is off by other numbers with another draw of the errors', () => {
    expect(etaConc(runCase({ ...own, seed: 2 })).error).not.toBeCloseTo(etaConc(once).error, 0);
  });

  it('says when a cell does not last', () => {
    const cold = studyCase({
      group: 'temperature',
      cell: 'afl-l1',
      plant: 'detailed',
      rate_C: 3,
      temperature_C: -10,
      cycles: 5,
    });
    const result = runCase(cold);
    expect(result.cycles).toBeLessThan(5);
    expect(result.ended).toMatch(/^cycle 1 gave \d+ % of the nominal capacity$/);
  });

  it('cycles a cathode that fades and a monitor with an offset, without losing lithium over either', () => {
    const fading = runCase({ ...own, cathodeFade: 5e-3 });
    expect(fading.cathodeLost).toBeGreaterThan(0.01);
    const offset = runCase({ ...own, offset_mA_Ah: 2 });
    const error = (result: CaseResult) => lambda(result).error / lambda(result).n;
    // Three cycles of 2 mA per Ah would be 0.1 mAh/cm2.
    expect(Math.abs(error(offset) - error(once))).toBeLessThan(0.01);
  });

  it('shows what it compares to whoever watches', () => {
    let seconds = 0;
    const cycles: number[] = [];
    const watched = runCase(own, {
      onSecond: (cycle, discharged_mAh, truth_mV, estimate_mV, sigma_mV) => {
        seconds++;
        expect(cycle).toBeLessThanOrEqual(3);
        if (cycle === 3 && discharged_mAh > 200 && discharged_mAh < 700) {
          expect(Math.abs(estimate_mV - truth_mV)).toBeLessThan(0.5 * truth_mV);
          expect(sigma_mV).toBeGreaterThan(0);
        }
      },
      onCycle: (cycle) => cycles.push(cycle),
    });
    expect(cycles).toEqual([1, 2, 3]);
    expect(seconds).toBeGreaterThan(4000);
    expect(watched).toEqual(once);
  });
});

describe('the study', () => {
  it('gives the same on threads as here, in the order of the cases', async () => {
    const cases = [{ ...own, cycles: 1 }, own];
    const fractions: number[] = [];
    const results = await runStudy(cases, (fraction) => void fractions.push(fraction));
    expect(results.map(({ studyCase }) => studyCase)).toEqual(cases);
    expect(results[1]).toEqual(once);
    expect(fractions.at(-1)).toBeCloseTo(1, 9);
  });

  it('has both plants, every full cell, every member, every rate and temperature', () => {
    const cases = fullStudy();
    const full = profileNames().filter((name) => loadProfile(name).kind === 'full');
    for (const plant of ['reduced', 'detailed'] as const)
      for (const rate_C of RATES_C) {
        const here = cases.filter((one) => one.plant === plant && one.rate_C === rate_C);
        expect(new Set(here.map(({ cell }) => cell.split('#')[0]))).toEqual(new Set(full));
        expect(new Set(here.filter(({ group }) => group === 'ensemble').map(({ cell }) => cell)).size).toBe(16);
        expect(new Set(here.map(({ temperature_C }) => temperature_C))).toEqual(new Set(TEMPERATURES_C));
      }
    expect(new Set(cases.map(({ group }) => group))).toEqual(new Set(GROUPS));
    expect(new Set(cases.map((one) => JSON.stringify(one))).size).toBe(cases.length);
    const headline = cases.filter(({ group, plant }) => group === 'headline' && plant === 'reduced');
    expect(headline.every(({ cycles }) => cycles === 100)).toBe(true);
    expect(new Set(headline.map(({ seed }) => seed)).size).toBeGreaterThanOrEqual(12);
  });

  it('has a quick form with every group and few cycles', () => {
    const quick = quickStudy(5);
    expect(new Set(quick.map(({ group }) => group))).toEqual(new Set(GROUPS));
    expect(Math.max(...quick.map(({ cycles }) => cycles))).toBe(5);
    expect(quick.length).toBeLessThan(fullStudy().length / 2);
  });
});

describe('a specimen', () => {
  const specimens = Array.from({ length: 200 }, (_, seed) => drawSpecimen(seed, null));

  it('stays within the limits and fills them', () => {
    const offsets_uV = specimens.map(({ ina228 }) => ina228.shuntOffset_V! * 1e6);
    expect(Math.max(...offsets_uV.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(Math.max(...offsets_uV)).toBeGreaterThan(0.9);
    expect(Math.min(...offsets_uV)).toBeLessThan(-0.9);
    expect(Math.max(...specimens.map(({ thermistor_C }) => Math.abs(thermistor_C)))).toBeLessThanOrEqual(0.5);
    for (const { ina228 } of specimens) expect(Math.abs(ina228.shuntGain! - 1)).toBeLessThan(0.0016);
  });

  it('is the same for the same seed, and has the offset it is told to have', () => {
    expect(drawSpecimen(7, null)).toEqual(specimens[7]);
    const offset_V = 2 * CYCLER.ina228.shunt_uOhm * 1e-9;
    const { ina228, thermistor_C } = drawSpecimen(7, offset_V);
    expect(ina228).toEqual({ ...specimens[7]!.ina228, shuntOffset_V: offset_V });
    expect(thermistor_C).toBe(specimens[7]!.thermistor_C);
  });
});
