import { describe, expect, it } from 'vitest';
import { etaSplitPicture, type EtaCurve } from '../../sim/picture/etaSplit';
import { isWhole, seriesNamed, series, texts, values } from './drawn';

const cell = (label: string, scale: number, etaCathode_mV: number | null = 5): EtaCurve => ({
  label,
  points: [1, 3, 5].map((current_mA_cm2) => ({
    current_mA_cm2,
    etaConc_mV: scale * 18 * current_mA_cm2,
    etaFast_mV: 11 * current_mA_cm2,
    etaCathode_mV,
  })),
});

describe('split of the overpotential', () => {
  it('draws the parts of every cell and the ratio of the concentration parts', () => {
    const picture = etaSplitPicture([cell('L1', 1), cell('L2', 0.72)], 0.7);
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toEqual(
      expect.arrayContaining([
        'Overpotential / mV',
        'Current density / (mA/cm²)',
        'Concentration',
        'Ohmic and reaction',
        'Cathode',
        'L1',
        'L2',
        'Paper: 0.7',
        '0.72',
      ]),
    );
    expect(values(seriesNamed('Concentration'))).toEqual([
      [1, 18],
      [3, 54],
      [5, 90],
    ]);
    const ratios = values(seriesNamed('Concentration, L2 over L1')) as [number, number][];
    expect(ratios.map(([current]) => current)).toEqual([1, 3, 5]);
    for (const [, ratio] of ratios) expect(ratio).toBeCloseTo(0.72, 9);
    expect((values(seriesNamed('Paper: 0.7')) as [number, number][]).map(([, ratio]) => ratio)).toEqual([0.7, 0.7]);
  });

  it('draws no cathode of half cells and claims no paper where there is none', () => {
    const picture = etaSplitPicture([cell('L1', 1, null), cell('L2', 0.7, null)]);
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture).join()).not.toMatch(/Cathode|Paper/);
  });

  it('compares at common currents alone', () => {
    const other = { ...cell('L2', 0.7), points: cell('L2', 0.7).points.slice(2) };
    etaSplitPicture([cell('L1', 1), other]);
    expect(values(seriesNamed('Concentration, L2 over L1'))).toHaveLength(1);
    etaSplitPicture([cell('L1', 1), { label: 'L2', points: [] }]);
    expect(series().some((line) => line.xAxisIndex === 1)).toBe(false);
  });

  it.each([[[]], [[cell('L1', 1)]], [[{ label: 'L1', points: [] }]]])('can be drawn of %j', (cells) => {
    expect(isWhole(etaSplitPicture(cells))).toBe(true);
  });
});
