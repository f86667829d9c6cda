/**
 * Least squares with x >= 0: minimises |A x - b|2 given the normal equations G = A'A (row by row) and h = A'b.
 * The active-set method of Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23.
 * G must be positive definite.
 */
export function nonNegativeLeastSquares(G: readonly Float64Array[], h: Float64Array): Float64Array {
  const n = h.length;
  const x = new Float64Array(n);
  const free: number[] = [];
  const tolerance = 1e-10 * Math.max(...h.map(Math.abs));
  for (let round = 0; round < 3 * n; round++) {
    const candidate = steepest(G, h, x, free);
    if (candidate === undefined || candidate.slope <= tolerance) break;
    free.push(candidate.index);
    for (;;) {
      const solution = solve(G, h, free);
      // Go as far towards the solution as nothing turns negative; what reaches zero is held there.
      let step = 1;
      let reachesZero = -1;
      free.forEach((k, j) => {
        const part = solution[j]! > 0 ? 1 : x[k]! / (x[k]! - solution[j]! || 1);
        if (part < step) [step, reachesZero] = [part, j];
      });
      free.forEach((k, j) => (x[k] = x[k]! + step * (solution[j]! - x[k]!)));
      if (reachesZero < 0) break;
      x[free[reachesZero]!] = 0;
      free.splice(reachesZero, 1);
    }
  }
  return x;
}

/** The variable held at zero that would lower the misfit fastest. */
function steepest(G: readonly Float64Array[], h: Float64Array, x: Float64Array, free: readonly number[]) {
  let best: { index: number; slope: number } | undefined;
  for (let k = 0; k < h.length; k++) {
    if (free.includes(k)) continue;
    const slope = G[k]!.reduce((sum, g, j) => sum - g * x[j]!, h[k]!);
    if (!best || slope > best.slope) best = { index: k, slope };
  }
  return best;
}

/** Solves G x = h for the chosen variables by Cholesky's decomposition. */
function solve(G: readonly Float64Array[], h: Float64Array, chosen: readonly number[]): Float64Array {
  const n = chosen.length;
  const L: Float64Array[] = [];
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(n);
    L.push(row);
    for (let j = 0; j <= i; j++) {
      let sum = G[chosen[i]!]![chosen[j]!]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * L[j]![k]!;
      row[j] = i === j ? Math.sqrt(sum) : sum / L[j]![j]!;
    }
    let sum = h[chosen[i]!]!;
    for (let k = 0; k < i; k++) sum -= row[k]! * x[k]!;
    x[i] = sum / row[i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= L[k]![i]! * x[k]!;
    x[i] = sum / L[i]![i]!;
  }
  return x;
}
