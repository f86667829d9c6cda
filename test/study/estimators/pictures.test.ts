import { describe, expect, it } from 'vitest';
import { errorByRatePicture, estimatedInventoryPicture, etaConcPicture } from '../../../sim/picture/estimators';
import { isWhole, series, texts, values } from '../../picture/drawn';

type Points = [number, number | null][];
const of = (name: string, k = 0): Points => values(series().filter((one) => one.name === name)[k]!) as Points;

describe('eta_conc', () => {
  const points = [10, 20, 30].map((mAh) => ({
    discharged_mAh: mAh,
    truth_mV: 2 * mAh,
    estimate_mV: mAh < 30 ? 2 * mAh + 3 : NaN,
    sigma_mV: 5,
  }));

  it('draws the interval around the estimate, and nothing where there is none', () => {
    expect(isWhole(etaConcPicture([{ label: '1C', points }]))).toBe(true);
    expect(of('True')).toEqual([
      [10, 20],
      [20, 40],
      [30, 60],
    ]);
    expect(of('Estimated')).toEqual([
      [10, 23],
      [20, 43],
      [30, null],
    ]);
    expect(of('lower 0')[1]![1]! + of('95 % interval')[1]![1]! / 2).toBeCloseTo(43, 9);
    expect(of('95 % interval')[1]![1]).toBeCloseTo(4 * 1.96 * 2.5, 9);
    expect(of('95 % interval')[2]![1]).toBeNull();
  });

  it('has a panel a rate', () => {
    const svg = etaConcPicture(['1C', '3C'].map((label) => ({ label, points })));
    expect(texts(svg)).toEqual(expect.arrayContaining(['a', 'b', '1C', '3C']));
  });
});

it('inventory: true and estimated stacks, each as high as its sum, and the sum with its interval', () => {
  const truth = { lambda: 1, active: 0.3, residual: 0.2, isolated: 0.1, dead: 0.2, sei: 0.4 };
  const estimate = { ...truth, lambda: 1.1, dead: 0.3 };
  const sigma = { ...truth, lambda: 0.05 };
  const points = [1, 2, 3].map((cycle) => ({ cycle, truth, estimate: cycle === 2 ? null : estimate, sigma }));
  const svg = estimatedInventoryPicture(points);
  expect(isWhole(svg)).toBe(true);
  const height = (k: number, cycle: number): number =>
    ['SEI', 'Dead', 'Isolated', 'Residual', 'Other active'].reduce(
      (sum, part) => sum + (of(part, k)[cycle - 1]![1] ?? NaN),
      0,
    );
  expect(height(0, 1)).toBeCloseTo(1, 9);
  expect(height(1, 1)).toBeCloseTo(1.1, 9);
  expect(height(1, 2)).toBeNaN();
  expect(of('Sum, 95 % interval', 1)[0]![1]).toBeCloseTo(1.1 + 1.96 * 0.05, 9);
  expect(texts(svg)).toEqual(expect.arrayContaining(['True', 'Estimated', 'Residual']));
});

it('errors by rate stand beside what is asked', () => {
  const svg = errorByRatePicture([
    { label: 'Reduced plant', points: [{ rate_C: 1, rms_mV: 4, most_mV: 5 }] },
    { label: 'Detailed plant', points: [{ rate_C: 1, rms_mV: 6, most_mV: 7.5 }] },
  ]);
  expect(isWhole(svg)).toBe(true);
  expect(of('Detailed plant')).toEqual([[1, 6]]);
  expect(of('Asked, detailed plant')).toEqual([[1, 7.5]]);
});
