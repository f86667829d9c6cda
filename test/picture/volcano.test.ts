import { describe, expect, it } from 'vitest';
import { paperPoints } from '../../sim/paper/000';
import { volcanoPicture } from '../../sim/picture/volcano';
import type { VolcanoPoint, VolcanoResult } from '../../sim/results/types';
import { steeredVolcanoOf, volcanoOf } from '../cli/harness';
import { isWhole, seriesNamed, series, texts, values } from './drawn';

const CONDITIONS = { charge_C: 0.2, temperature_C: 25 };
const changed = (change: (point: VolcanoPoint) => Partial<VolcanoPoint>): VolcanoResult => ({
  ...volcanoOf('x'),
  points: volcanoOf('x').points.map((point) => ({ ...point, ...change(point) })),
});

describe('volcano', () => {
  it('draws life, retention and efficiency of model and paper against the rate', () => {
    const picture = volcanoPicture(volcanoOf('afl-l1'), CONDITIONS, paperPoints('afl-l1'));
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toEqual(
      expect.arrayContaining([
        'Life / cycles',
        'Retention at cycle 100 / %',
        'Mean CE / %',
        'Discharge rate',
        '0.5C',
        '1C',
        '2C',
        '3C',
        'Check-up life, model',
      ]),
    );
    expect(values(seriesNamed('Lifespan, model'))).toEqual([
      [-1, 36.9],
      [0, 52.4],
      [1, 34.4],
      [Math.log2(3), 0],
    ]);
    expect(values(seriesNamed('Mean CE, paper')).slice(0, 3)).toEqual([
      [-1, 99.22],
      [0, 99.59],
      [1, 99.38],
    ]);
    expect(values(seriesNamed('Retention, paper')).at(-1)).toEqual([Math.log2(3), 27.7]);
  });

  it('marks what was not reached by an arrow at the cycles run, names it, and does not join what is apart', () => {
    const result = changed(({ rate_C }) => (rate_C === 1 ? { cyclesTo80: null } : {}));
    const picture = volcanoPicture(result, CONDITIONS);
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toContain('Still above 80 % after 100 cycles');
    expect(values(seriesNamed('Still above 80 % after 100 cycles'))).toEqual([[0, 100]]);
    const [, symbols] = series().filter(({ name }) => name === 'Lifespan, model');
    expect(values(symbols!)).toEqual([[0, 100]]);
    expect(values(seriesNamed('Lifespan, model'))[1]).toEqual([0, null]);
    // Of the harness's points the one at 3C has no retention.
    expect(values(seriesNamed('Not run to 100'))).toEqual([[Math.log2(3), 0]]);
  });

  it('has no marks where all was reached, and claims no paper points where there are none', () => {
    const picture = volcanoPicture(
      changed(() => ({ retention100_pct: 60 })),
      CONDITIONS,
    );
    expect(texts(picture).join()).not.toMatch(/Still above|Not run|paper/);
  });

  it('can be drawn where nothing was reached, of a single rate, and of none', () => {
    const nothing = changed(() => ({
      cyclesTo80: null,
      checkupLife: null,
      retention100_pct: null,
      averageCe_pct: null,
    }));
    expect(isWhole(volcanoPicture(nothing, CONDITIONS))).toBe(true);
    expect(series().every((line) => line.type === 'scatter')).toBe(true);
    const result = volcanoOf('x');
    expect(isWhole(volcanoPicture({ ...result, points: [result.points[0]!] }, CONDITIONS))).toBe(true);
    expect(isWhole(volcanoPicture({ ...result, points: [] }, CONDITIONS))).toBe(true);
  });

  it('marks the runs that chose their rate at its mean, apart from the curve of the fixed ones', () => {
    const picture = volcanoPicture(steeredVolcanoOf('afl-l1'), CONDITIONS, paperPoints('afl-l1'));
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toEqual(expect.arrayContaining(['adaptive', 'adaptive+tail', 'adaptive+taper']));
    // Labels at the fixed rates only.
    expect(texts(picture).filter((label) => /^[\d.]+C$/.test(label))).toEqual(['0.5C', '1C', '2C', '3C']);
    expect(values(seriesNamed('Lifespan, model'))).toHaveLength(4);
    expect(values(seriesNamed('adaptive', 0))).toEqual([
      [Math.log2(1.44), 60.4],
      [Math.log2(1.44), 57.5],
    ]);
    expect(values(seriesNamed('adaptive+taper', 2))).toEqual([[Math.log2(0.84), 99.5]]);
    expect(
      new Set(['adaptive', 'adaptive+tail', 'adaptive+taper'].map((name) => seriesNamed(name, 0).symbol)).size,
    ).toBe(3);
    // Not reached: its own symbol, below an arrow.
    expect(values(seriesNamed('adaptive+tail', 0))).toEqual([
      [Math.log2(1.45), 100],
      [Math.log2(1.45), 100],
    ]);
    expect(values(seriesNamed('Still above 80 % after 100 cycles'))).toEqual([[Math.log2(1.45), 100]]);
  });

  it('says of which cell and conditions it is, and against what retention is', () => {
    const words = texts(volcanoPicture(volcanoOf('afl-l1'), CONDITIONS)).join('\n');
    expect(words).toContain('Cell afl-l1, charged at 0.2C, 25 °C.');
    expect(words).toContain('own first discharge');
  });

  it('can be drawn of strategies alone', () => {
    const { points, ...result } = steeredVolcanoOf('x');
    const picture = volcanoPicture({ ...result, points: points.slice(4), optimum_C: null }, CONDITIONS);
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toContain('1.44C');
  });
});
