/**
 * A random permutation of 0 to n-1 that is computed number by number and never stored: a Feistel network of four rounds over the
 * next even power of two, walked on until it falls below n (Black and Rogaway, CT-RSA 2002, "cycle walking").
 */
const ROUNDS = 4;

/** Thoroughly mixed 32 bits of three numbers (the finaliser of MurmurHash3). */
export function mix(a: number, b: number, c: number): number {
  let h = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Where `index` (0 to n-1) goes in the permutation of a key.
 * @param n 1 to 2^30
 */
export function permuted(index: number, n: number, key: number): number {
  if (n <= 1) return 0;
  const halfBits = Math.ceil(Math.log2(n) / 2);
  const half = 2 ** halfBits;
  let at = index;
  do {
    let left = Math.floor(at / half);
    let right = at % half;
    for (let round = 0; round < ROUNDS; round++)
      [left, right] = [right, (left ^ mix(right, key, round + 1)) & (half - 1)];
    at = left * half + right;
  } while (at >= n);
  return at;
}
