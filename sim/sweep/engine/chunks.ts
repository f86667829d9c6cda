/** How a campaign is cut, and in which order it is done. */
import type { Stretch } from './chunk';

/** Chunks of a campaign of ordinary size: enough that no core waits long for the last one. */
const CHUNKS = 500;
const USUAL_RUNS = 100;
/** Most chunks, and so most files. */
const MOST_CHUNKS = 100_000;

export const chunkRuns = (runs: number): number =>
  Math.max(1, Math.min(USUAL_RUNS, Math.ceil(runs / CHUNKS)), Math.ceil(runs / MOST_CHUNKS));

export const chunkAt = (k: number, size: number, runs: number): Stretch => ({
  from: k * size,
  to: Math.min(runs, (k + 1) * size),
});

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * All numbers from 0 to count-1, so spread that those which have come at any time are a fair part of all: the time left can be told
 * from the time taken.
 */
export function* spreadOrder(count: number): Generator<number> {
  let stride = Math.max(1, Math.round(count * GOLDEN));
  while (commonDivisor(stride, count) !== 1) stride++;
  for (let k = 0, at = 0; k < count; k++, at = (at + stride) % count) yield at;
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));
