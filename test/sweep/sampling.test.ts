import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { permuted } from '../../sim/sweep/sampling/permutation';
import { blockSize, MORRIS_STEP, samplePoint } from '../../sim/sweep/sampling/sample';
import { sobol, SOBOL_DIMENSIONS } from '../../sim/sweep/sampling/sobol';
import { normalQuantile, valueAt } from '../../sim/sweep/sampling/spread';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

describe('permutation', () => {
  it('takes every number once, whatever the size and the key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.nat(), (n, key) => {
        expect(new Set(numbers(n).map((k) => permuted(k, n, key))).size).toBe(n);
      }),
    );
  });
});

describe('Sobol sequence', () => {
  it('puts one of 2^k points in each of 2^k slices of every dimension, shifted or not', () => {
    for (let dimension = 0; dimension < SOBOL_DIMENSIONS; dimension++)
      for (const [from, size] of [
        [0, 256],
        [256, 256],
        [1024, 1024],
      ] as const)
        expect(new Set(numbers(size).map((n) => Math.floor(sobol(from + n, dimension, 9) * size))).size).toBe(size);
  });

  it('fills the square of two dimensions evenly: one of 256 points in each of 16 x 16 boxes of the first two', () => {
    const boxes = numbers(256).map((n) => 16 * Math.floor(16 * sobol(n, 0, 3)) + Math.floor(16 * sobol(n, 1, 3)));
    expect(new Set(boxes).size).toBe(256);
  });

  it('integrates a product in ten dimensions better than chance', () => {
    const count = 4096;
    const error = (at: (n: number) => number[]): number => {
      const sum = numbers(count).reduce((all, n) => all + at(n).reduce((p, u) => p * (1 + (u - 0.5) / 2), 1), 0);
      return Math.abs(sum / count - 1);
    };
    const even = error((n) => samplePoint('sobol', n, count, 10, 1));
    const chance = error((n) => samplePoint('random', n, count, 10, 1));
    expect(even).toBeLessThan(1e-3);
    expect(even).toBeLessThan(chance);
  });
});

describe('samples', () => {
  it('a Latin hypercube has one point in each slice of each dimension', () => {
    for (const count of [1, 7, 100])
      for (let k = 0; k < 5; k++) {
        const slices = numbers(count).map((n) =>
          Math.floor(count * samplePoint('latin-hypercube', n, count, 5, 2)[k]!),
        );
        expect(new Set(slices).size).toBe(count);
      }
  });

  it("Saltelli's rows are A, B, and A with one column of B", () => {
    const d = 4;
    const rows = numbers(blockSize('saltelli', d)).map((row) => samplePoint('saltelli', 30 + row, 600, d, 1));
    const [a, b] = rows as [number[], number[]];
    for (let k = 0; k < d; k++) {
      expect(rows[k + 2]).toEqual(a.map((value, column) => (column === k ? b[column] : value)));
      expect(a[k]).not.toBe(b[k]);
    }
  });

  it('a trajectory of Morris changes each dimension once by the step, within the cube', () => {
    const d = 6;
    for (let t = 0; t < 20; t++) {
      const points = numbers(d + 1).map((step) => samplePoint('morris', t * (d + 1) + step, 1000, d, 4));
      const changed = points.slice(1).map((point, k) => {
        const steps = point.map((value, column) => value - points[k]![column]!);
        const moved = steps.flatMap((step, column) => (step === 0 ? [] : [column]));
        expect(moved).toHaveLength(1);
        expect(Math.abs(steps[moved[0]!]!)).toBeCloseTo(MORRIS_STEP, 12);
        return moved[0];
      });
      expect(new Set(changed).size).toBe(d);
      for (const value of points.flat()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });

  it('spreads are what they say', () => {
    expect(valueAt({ from: 1, to: 100, log: true }, 0.5)).toBeCloseTo(10, 10);
    expect(valueAt({ mean: 5, sd: 2 }, 0.5)).toBeCloseTo(5, 10);
    expect(valueAt({ mean: 5, sd: 0.1, log: true }, normalCumulativeOfOne)).toBeCloseTo(5 * Math.exp(0.1), 6);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963985, 7);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306, 7);
  });
});

const normalCumulativeOfOne = 0.8413447460685429;
