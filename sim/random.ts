/**
 * Repeatable random numbers: xoshiro128** (Blackman and Vigna), and normal deviates by the inverse of the cumulative
 * distribution at 4,096 equally likely points: cheap enough for several draws per simulated tick.
 */
const QUANTILES = 4096;
const normalQuantiles = Float64Array.from({ length: QUANTILES }, (_, k) => inverseNormal((k + 0.5) / QUANTILES));

/** A stream of repeatable random numbers. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** The same seed and stream give the same numbers on every machine; different streams of a seed are independent. */
  constructor(seed: number, stream = '') {
    let mix = seed >>> 0;
    for (let k = 0; k < stream.length; k++) mix = Math.imul(mix ^ stream.charCodeAt(k), 0x01000193) >>> 0;
    const next = (): number => {
      mix = (mix + 0x9e3779b9) >>> 0;
      let z = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next();
  }

  /** 32 random bits, as a signed integer. */
  bits(): number {
    const x = Math.imul(this.b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9);
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return (this.bits() >>> 0) / 4294967296;
  }

  /** Normal with mean 0 and standard deviation 1, within +-3.7. */
  normal(): number {
    return normalQuantiles[this.bits() >>> 20] as number;
  }
}

/** Quantile of the normal distribution for p in (0, 1), by bisection on the complementary error function's series. */
function inverseNormal(p: number): number {
  let low = -9;
  let high = 9;
  for (let k = 0; k < 60; k++) {
    const mid = (low + high) / 2;
    if (cumulativeNormal(mid) < p) low = mid;
    else high = mid;
  }
  return (low + high) / 2;
}

function cumulativeNormal(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 400; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
