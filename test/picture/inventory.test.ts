import { describe, expect, it } from 'vitest';
import { inventoryPicture } from '../../sim/picture/inventory';
import { simulated } from '../cli/harness';
import { isWhole, series, texts, values } from './drawn';

/** Height of the whole stack at each cycle. */
const totals = (): number[] => {
  const parts = series().map((part) => values(part) as [number, number][]);
  return parts[0]!.map((_, k) => parts.reduce((sum, part) => sum + part[k]![1], 0));
};

describe('inventory', () => {
  it("adds up to all of the cell's lithium, the parts as they came", () => {
    const { cycles } = simulated(30);
    const picture = inventoryPicture(cycles, 1115);
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toEqual(expect.arrayContaining(['Lithium / mAh', 'Cycle number', 'Cathode', 'SEI', 'Dead']));
    for (const total_mAh of totals()) expect(total_mAh).toBeCloseTo(1115, 9);
    // The harness's cells have 75 + 2n of SEI, n dead, 10 isolated, 35 active of which 25 are residual.
    expect(series().map((part) => [part.name, (values(part) as [number, number][])[29]![1]])).toEqual([
      ['SEI', 135],
      ['Dead', 30],
      ['Isolated', 10],
      ['Residual', 25],
      ['Other active', 10],
      ['Cathode', 1115 - 210],
    ]);
  });

  it('can be in percent of it', () => {
    const picture = inventoryPicture(simulated(5).cycles, 1000, 'percent');
    expect(texts(picture)).toContain('Share of all lithium / %');
    for (const total_pct of totals()) expect(total_pct).toBeCloseTo(100, 9);
    expect((values(series()[0]!) as [number, number][])[0]![1]).toBeCloseTo(7.7, 9);
  });

  it('has no legend for what is never seen', () => {
    const { cycles } = simulated(5);
    for (const cycle of cycles) cycle.lithium_mAh.residual = cycle.lithium_mAh.active;
    expect(texts(inventoryPicture(cycles, 1115))).not.toContain('Other active');
  });

  it.each([0, 1])('can be drawn of %d cycles', (count) => {
    expect(isWhole(inventoryPicture(simulated(count).cycles, 1115))).toBe(true);
  });
});
