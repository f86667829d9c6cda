import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nonNegativeLeastSquares } from '../../sim/replay/nonNegativeLeastSquares';

test('any problem: nothing negative, and no variable could move to lower the misfit (conditions of Karush, Kuhn and Tucker)', () => {
  const size = fc.integer({ min: 1, max: 8 });
  const number = fc.double({ min: -3, max: 3, noNaN: true });
  const problem = size.chain((n) =>
    fc.record({
      A: fc.array(fc.array(number, { minLength: n, maxLength: n }), { minLength: n, maxLength: n + 4 }),
      b: fc.array(number, { minLength: n + 4, maxLength: n + 4 }),
    }),
  );
  fc.assert(
    fc.property(problem, ({ A, b }) => {
      const n = A[0]!.length;
      const columns = Array.from({ length: n }, (_, k) => A.map((row) => row[k]!));
      const dot = (u: readonly number[], v: readonly number[]): number =>
        u.reduce((sum, value, i) => sum + value * v[i]!, 0);
      const G = columns.map((u, i) => Float64Array.from(columns, (v, j) => dot(u, v) + (i === j ? 0.01 : 0)));
      const h = Float64Array.from(columns, (u) => dot(u, b));
      const x = nonNegativeLeastSquares(G, h);
      for (let k = 0; k < n; k++) {
        const slope = h[k]! - G[k]!.reduce((sum, g, j) => sum + g * x[j]!, 0);
        expect(x[k]).toBeGreaterThanOrEqual(0);
        expect(slope).toBeLessThan(1e-7);
        if (x[k]! > 0) expect(Math.abs(slope)).toBeLessThan(1e-7);
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});
