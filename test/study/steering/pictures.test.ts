import { describe, expect, it } from 'vitest';
import { lifePicture, ratePicture, variantPicture } from '../../../sim/picture/steering';
import { picturesOf } from '../../../sim/study/steering/pictures';
import { isWhole, seriesNamed, texts, values } from '../../picture/drawn';

it('check-up life: a point a cell in the strip of its policy, and the mean', () => {
  const svg = lifePicture([
    {
      label: 'afl-l1',
      policies: [
        { name: '1C', ratios: [0.8, 0.9] },
        { name: 'adaptive', ratios: [1, 1.1] },
      ],
    },
  ]);
  expect(isWhole(svg)).toBe(true);
  const points = values(seriesNamed('Cell')) as [number, number][];
  expect(points.map(([, y]) => y)).toEqual([0.8, 0.9, 1, 1.1]);
  expect(points.map(([x]) => Math.abs(Math.round(x)))).toEqual([0, 0, 1, 1]);
  expect(values(seriesNamed('Mean'))).toEqual([
    [0, (0.8 + 0.9) / 2],
    [1, 1.05],
  ]);
  expect(texts(svg)).toEqual(expect.arrayContaining(['a', 'afl-l1', '1C', 'adaptive', 'Best constant']));
});

it('rates: one line a strategy, from the first cycle on', () => {
  const svg = ratePicture([
    { label: 'afl-l1, draw 1', best_C: 1.2, runs: [{ name: 'adaptive', rates_C: [1, 1.3, 1.2] }] },
  ]);
  expect(isWhole(svg)).toBe(true);
  expect(values(seriesNamed('adaptive'))).toEqual([
    [1, 1],
    [2, 1.3],
    [3, 1.2],
  ]);
});

describe('variants', () => {
  const range = { least: 0.9, mean: 1, most: 1.2 };
  const panel = {
    label: 'afl-l2',
    variants: ['R0', 'R1'],
    runs: [
      { name: 'adaptive', ranges: [range, null] },
      { name: 'adaptive + tail', ranges: [range, range] },
    ],
  };

  it('stand side by side with their ranges, and leave out what was not run', () => {
    expect(isWhole(variantPicture([panel], 'Check-up life'))).toBe(true);
    expect(values(seriesNamed('adaptive'))).toHaveLength(1);
    const [[x, mean]] = values(seriesNamed('adaptive')) as [[number, number]];
    expect(mean).toBe(1);
    expect(x).toBeLessThan(0);
    const bars = values(seriesNamed('adaptive + tail, range')) as [number, number | null][];
    expect(bars.map(([, y]) => y)).toEqual([0.9, 1.2, null, 0.9, 1.2, null]);
  });
});

it('without runs there are no pictures', () => {
  expect(picturesOf([])).toEqual({});
});
