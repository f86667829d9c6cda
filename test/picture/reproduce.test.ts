import { describe, expect, it } from 'vitest';
import { reproducePicture } from '../../sim/picture/reproduce';
import { lineCount, listRows, twoColumns, wrapText, type ReproducedRow } from '../../sim/picture/reproduceRows';
import { isWhole, series, texts } from './drawn';

const row = (more: Partial<ReproducedRow> = {}): ReproducedRow => ({
  paper: '000',
  quantity: 'lifespan at 1C',
  unit: 'cycles',
  target: 53,
  tolerance: 3,
  model: 51.5,
  pass: true,
  basis: 'fitted',
  contradictory: false,
  ...more,
});
interface Symbol {
  value: [number, number];
  symbol: string;
  itemStyle: { color: string; borderColor?: string };
  label: { show: boolean; formatter: string };
}
const symbols = (): Symbol[] => series()[0]!.data as Symbol[];

describe('reproduction of the papers', () => {
  it('draws the error in tolerances, names, targets and values', () => {
    const picture = reproducePicture({ rows: [row(), row({ model: 57.5, pass: false, quantity: 'lifespan at 2C' })] });
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toEqual(
      expect.arrayContaining([
        '1 of 2 pass',
        '000: 1 of 2',
        'lifespan at 1C',
        'cycles',
        '53',
        '51.5',
        '57.5',
        '(model − target) / tolerance',
      ]),
    );
    expect(symbols().map(({ value }) => value)).toEqual([
      [-0.5, 1.5],
      [1.5, 2.5],
    ]);
    expect(symbols()[0]!.itemStyle.color).not.toBe(symbols()[1]!.itemStyle.color);
  });

  it('tells fitted, predicted and contradictory numbers apart', () => {
    reproducePicture({ rows: [row(), row({ basis: 'predicted' }), row({ contradictory: true })] });
    const [fitted, predicted, contradictory] = symbols() as [Symbol, Symbol, Symbol];
    expect(predicted.itemStyle).toMatchObject({ color: 'transparent', borderColor: fitted.itemStyle.color });
    expect([fitted.symbol, predicted.symbol]).toEqual(['circle', 'circle']);
    expect(contradictory.symbol).not.toBe('circle');
  });

  it('puts an arrow and the number at the edge where an error is larger than the axis', () => {
    reproducePicture({ rows: [row({ model: 53 - 3 * 12, pass: false }), row({ model: 53 + 30, pass: false })] });
    expect(symbols().map(({ value, label }) => [value[0], label.show, label.formatter])).toEqual([
      [-3, true, '−12'],
      [3, true, '10'],
    ]);
    expect(symbols()[0]!.symbol).not.toBe(symbols()[1]!.symbol);
  });

  it('draws what must be exact at the edge unless it is', () => {
    const exact = { target: 2, tolerance: 0 };
    expect(
      isWhole(reproducePicture({ rows: [row({ ...exact, model: 2 }), row({ ...exact, model: 1, pass: false })] })),
    ).toBe(true);
    expect(symbols().map(({ value, symbol }) => [value[0], symbol === 'circle'])).toEqual([
      [0, true],
      [-3, false],
    ]);
  });

  it('writes the sign of a limit, told or seen from a value that passes outside the band', () => {
    const written = (more: Partial<ReproducedRow> & { bound?: 'atLeast' | 'atMost' }): string[] =>
      texts(reproducePicture({ rows: [row({ target: 50, ...more })] }));
    expect(written({ model: 90 })).toContain('≥ 50');
    expect(written({ model: 20 })).toContain('≤ 50');
    expect(written({ model: 50, bound: 'atLeast' })).toContain('≥ 50');
    expect(written({ model: 90, pass: false })).toContain('50');
  });

  it('lists a number that the model does not give, without a symbol', () => {
    const picture = reproducePicture({ rows: [row({ model: null, pass: false })] });
    expect(texts(picture)).toEqual(expect.arrayContaining(['lifespan at 1C', 'cycles', 'none']));
    expect(symbols()).toEqual([]);
  });

  it('lists 110 rows of five papers in two columns, none lost', () => {
    const rows = ['000', '001', '002', '003', '004'].flatMap((paper) =>
      Array.from({ length: 22 }, (_, k) => row({ paper, quantity: `number ${k}`, unit: '' })),
    );
    const picture = reproducePicture({ rows });
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture).filter((text) => text.startsWith('number '))).toHaveLength(110);
    expect(texts(picture)).toContain('004: 22 of 22');
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(picture)!.map(Number) as [number, number, number];
    expect(height / width).toBeLessThan(1.4);
  });

  it('is an empty frame without rows', () => {
    expect(isWhole(reproducePicture({ rows: [] }))).toBe(true);
  });
});

describe('columns', () => {
  it.each([2, 3, 4, 5, 9, 10, 11])('%d rows of two papers: none lost, headings above rows', (count) => {
    const rows = Array.from({ length: count }, (_, k) =>
      row({ paper: k < count / 2 ? 'a' : 'b', quantity: String(k) }),
    );
    const columns = twoColumns(listRows(rows, (name) => [name]));
    expect(columns.flat().flatMap((entry) => entry.row?.quantity ?? [])).toEqual(rows.map(({ quantity }) => quantity));
    for (const column of columns) {
      expect(column[0]!.row).toBeUndefined();
      expect(column.at(-1)!.row).toBeDefined();
    }
  });

  it('are of equal length in lines, not in rows', () => {
    const rows = Array.from({ length: 30 }, (_, k) => row({ quantity: k < 10 ? 'long name' : 'name', unit: '' }));
    const [left, right] = twoColumns(listRows(rows, (name) => name.split(' ')));
    expect(Math.abs(lineCount(left) - lineCount(right))).toBeLessThanOrEqual(2);
  });
});

it('breaks long names into lines, words never', () => {
  const length = (text: string): number => text.length;
  expect(wrapText('stripping current of 1, 3 or 5', 12, length)).toEqual(['stripping', 'current of', '1, 3 or 5']);
  expect(wrapText('concentration overpotential', 5, length)).toEqual(['concentration', 'overpotential']);
  const picture = reproducePicture({ rows: [row({ quantity: 'a '.repeat(100).trim() }), row({ quantity: 'last' })] });
  expect(texts(picture).join(' ').match(/\ba\b/g)).toHaveLength(100);
  // The second symbol is below all lines of the first name.
  expect(symbols()[1]!.value[1] - symbols()[0]!.value[1]).toBeGreaterThan(2);
});
