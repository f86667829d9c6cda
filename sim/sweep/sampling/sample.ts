/**
 * Points of a unit cube, each computed from its number alone: whichever run comes first, and on whichever machine, point n is the same.
 */
import { Random } from '../../random';
import { mix, permuted } from './permutation';
import { sobol, SOBOL_DIMENSIONS } from './sobol';

export const METHODS = ['random', 'latin-hypercube', 'sobol', 'saltelli', 'morris'] as const;
export type Method = (typeof METHODS)[number];

/** Levels of Morris's grid, and the step between the two points that are compared: p / (2 (p - 1)). */
const MORRIS_LEVELS = 4;
export const MORRIS_STEP = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1));

/** Most dimensions; Saltelli's scheme takes two of Sobol's for each. */
export const mostDimensions = (method: Method): number =>
  method === 'sobol' ? SOBOL_DIMENSIONS : method === 'saltelli' ? SOBOL_DIMENSIONS / 2 : 50;

/**
 * How many points belong together: of Saltelli's scheme the rows A, B and A with one column of B for each dimension; of Morris's a
 * trajectory that changes one dimension after the other.
 */
export const blockSize = (method: Method, dimensions: number): number =>
  method === 'saltelli' ? dimensions + 2 : method === 'morris' ? dimensions + 1 : 1;

/**
 * Point `n` (from 0), each coordinate within 0 to 1.
 * @param count points in all: a Latin hypercube has one in each of as many slices
 */
export function samplePoint(method: Method, n: number, count: number, dimensions: number, seed: number): number[] {
  if (method === 'morris') return morris(n, dimensions, seed);
  return Array.from({ length: dimensions }, (_, k) => {
    if (method === 'sobol') return sobol(n, k, seed);
    if (method === 'saltelli') return saltelli(n, k, dimensions, seed);
    const within = uniform(seed, n, k);
    return method === 'random' ? within : (permuted(n, count, mix(seed, k, 7)) + within) / count;
  });
}

const uniform = (seed: number, n: number, k: number): number =>
  new Random(mix(seed, n, k), 'sample').uniform() + 2 ** -33;

/** Saltelli et al., Comput. Phys. Commun. 181, 259 (2010): block row 0 is A, row 1 is B, row 2+i is A with column i of B. */
function saltelli(n: number, k: number, dimensions: number, seed: number): number {
  const block = blockSize('saltelli', dimensions);
  const row = n % block;
  const fromB = row === 1 || row - 2 === k;
  return sobol(Math.floor(n / block), fromB ? dimensions + k : k, seed);
}

/** Morris, Technometrics 33, 161 (1991): from a random point of the grid, one dimension after the other by a step, in random order. */
function morris(n: number, dimensions: number, seed: number): number[] {
  const block = blockSize('morris', dimensions);
  const trajectory = Math.floor(n / block);
  const random = new Random(mix(seed, trajectory, 11), 'morris');
  const low = Array.from(
    { length: dimensions },
    () => Math.floor((random.uniform() * MORRIS_LEVELS) / 2) / (MORRIS_LEVELS - 1),
  );
  const up = low.map(() => random.uniform() < 0.5);
  const order = morrisOrder(trajectory, dimensions, seed);
  const moved = new Set(order.slice(0, n % block));
  return low.map((from, k) => (up[k] === moved.has(k) ? from + MORRIS_STEP : from));
}

/** In which order a trajectory changes the dimensions. */
function morrisOrder(trajectory: number, dimensions: number, seed: number): number[] {
  const key = mix(seed, trajectory, 13);
  return Array.from({ length: dimensions }, (_, k) => permuted(k, dimensions, key));
}
