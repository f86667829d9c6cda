import { describe, expect, it } from 'vitest';
import { Lab } from '../../sim/reproduce/lab';
import { rows003 } from '../../sim/reproduce/papers/003';
import { reproduce } from '../../sim/reproduce/row';

const WIDEST: Record<string, number> = { cycles: 3, '%': 2 };

describe('paper 003', () => {
  const lab = new Lab();
  const results = rows003.map((row) => reproduce(row, lab));

  it('names every quantity once', () => {
    expect(new Set(rows003.map(({ quantity }) => quantity)).size).toBe(rows003.length);
  });

  it.each(rows003)('$quantity: tolerance is no wider than allowed', ({ quantity, unit, target, tolerance }) => {
    const allowed = quantity.includes('mean CE') ? 0.15 : (WIDEST[unit] ?? 0.1 * target);
    expect(tolerance).toBeLessThanOrEqual(allowed);
  });

  it('meets every number but the two differences that contradict the temperatures', () => {
    const missed = results.filter(({ pass }) => !pass);
    expect(missed.every(({ contradictory }) => contradictory)).toBe(true);
    expect(missed).toHaveLength(2);
  });
});
