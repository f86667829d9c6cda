/**
 * Sobol's low-discrepancy sequence: point n of a dimension is the XOR of the direction numbers of n's Gray code. Direction numbers of
 * Joe and Kuo (SIAM J. Sci. Comput. 30, 2635 (2008), table new-joe-kuo-6), a primitive polynomial `a` of degree s and s odd numbers
 * m_i < 2^i for each dimension after the first.
 */
import { Random } from '../../random';

const JOE_KUO: readonly (readonly [a: number, ...m: number[]])[] = [
  [0, 1],
  [1, 1, 3],
  [1, 1, 3, 1],
  [2, 1, 1, 1],
  [1, 1, 1, 3, 3],
  [4, 1, 3, 5, 13],
  [2, 1, 1, 5, 5, 17],
  [4, 1, 1, 5, 5, 5],
  [7, 1, 1, 7, 11, 19],
  [11, 1, 1, 5, 1, 1],
  [13, 1, 1, 1, 3, 11],
  [14, 1, 3, 5, 5, 31],
  [1, 1, 3, 3, 9, 7, 49],
  [13, 1, 1, 1, 15, 21, 21],
  [16, 1, 3, 1, 13, 27, 49],
  [19, 1, 1, 1, 15, 7, 5],
  [22, 1, 3, 1, 15, 13, 25],
  [25, 1, 1, 5, 5, 19, 61],
  [1, 1, 3, 7, 11, 23, 15, 103],
  [4, 1, 3, 7, 13, 13, 15, 69],
  [7, 1, 1, 3, 13, 7, 35, 63],
  [8, 1, 3, 5, 9, 1, 25, 53],
  [14, 1, 3, 1, 13, 9, 35, 107],
  [19, 1, 3, 1, 5, 27, 61, 31],
  [21, 1, 1, 5, 11, 19, 41, 61],
  [28, 1, 3, 5, 3, 3, 13, 69],
  [31, 1, 1, 7, 13, 1, 19, 1],
  [32, 1, 3, 7, 5, 13, 19, 59],
  [37, 1, 1, 3, 9, 25, 29, 41],
  [41, 1, 3, 5, 13, 23, 1, 55],
  [42, 1, 3, 7, 3, 13, 59, 17],
  [50, 1, 3, 1, 3, 5, 53, 69],
  [55, 1, 1, 5, 5, 23, 33, 13],
  [56, 1, 1, 7, 7, 1, 61, 123],
  [59, 1, 1, 7, 9, 13, 61, 49],
  [62, 1, 3, 3, 5, 3, 55, 33],
  [14, 1, 3, 1, 15, 31, 13, 49, 245],
  [21, 1, 3, 5, 15, 31, 59, 63, 97],
  [22, 1, 3, 1, 11, 11, 11, 77, 249],
];
const BITS = 32;
export const SOBOL_DIMENSIONS = JOE_KUO.length + 1;

const directions = Array.from({ length: SOBOL_DIMENSIONS }, (_, dimension) => directionNumbers(dimension));

function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  const row = JOE_KUO[dimension - 1];
  if (row === undefined) return v.map((_, k) => (1 << (BITS - 1 - k)) >>> 0);
  const [a, ...m] = row;
  const s = m.length;
  for (let k = 0; k < BITS; k++) {
    if (k < s) {
      v[k] = (m[k]! << (BITS - 1 - k)) >>> 0;
      continue;
    }
    let value = v[k - s]! ^ (v[k - s]! >>> s);
    for (let j = 1; j < s; j++) if ((a >> (s - 1 - j)) & 1) value ^= v[k - j]!;
    v[k] = value >>> 0;
  }
  return v;
}

/**
 * Coordinate `dimension` (0 to SOBOL_DIMENSIONS-1) of point n (0 to 2^32-1), within (0, 1). A digital shift, drawn with the seed,
 * moves the points without disturbing their evenness.
 */
export function sobol(n: number, dimension: number, seed: number): number {
  const v = directions[dimension]!;
  const gray = (n ^ (n >>> 1)) >>> 0;
  let x = 0;
  for (let k = 0; k < BITS; k++) if ((gray >>> k) & 1) x ^= v[k]!;
  const shift = new Random(seed, `sobol ${dimension}`).bits();
  return (((x ^ shift) >>> 0) + 0.5) / 2 ** BITS;
}
