/** From the number of a run to what it is: no list of runs exists anywhere, so a design of any size takes the same memory. */
import { mix } from '../sampling/permutation';
import { blockSize, samplePoint } from '../sampling/sample';
import { valueAt } from '../sampling/spread';
import type { Design, Grid } from './design';
import type { Values } from './options';

/** One run of a design. */
export interface DesignedRun {
  /** From 0. */
  run: number;
  /** Of the sample, from 0; 0 without one. */
  point: number;
  /** From 0. */
  repeat: number;
  /** Point and repeat in one number. */
  specimen: number;
  /** Of every random draw of this run. Runs of one specimen (point and repeat) share it: they are the same cell under other policies. */
  seed: number;
  values: Values;
}

export interface Runs {
  count: number;
  /** Combinations of the grid. */
  combinations: number;
  points: number;
  /** What differs between runs, in the order of the design. */
  varied: string[];
  at(run: number): DesignedRun;
}

export function runsOf(design: Design): Runs {
  const { grid, sample, repeats, seed } = design;
  const sizes = grid.map(combinationsOf);
  const combinations = sizes.reduce((sum, size) => sum + size, 0);
  const names = Object.keys(sample?.of ?? {});
  const points = sample === undefined ? 1 : sample.points * blockSize(sample.method, names.length);
  // What is compared point with point must not differ in anything else.
  const oneSpecimen = sample !== undefined && blockSize(sample.method, names.length) > 1;
  const varied = [...new Set([...grid.flatMap((one) => Object.keys(one)), ...names])];

  // The grid turns fastest: every stretch of runs holds all of it, so that what has been done at any time is a fair part of the whole.
  const at = (run: number): DesignedRun => {
    const specimen = Math.floor(run / combinations);
    const point = specimen % points;
    const repeat = Math.floor(specimen / points);
    const values: Values = { ...design.run, ...combination(grid, sizes, run % combinations) };
    if (sample !== undefined) {
      const coordinates = samplePoint(sample.method, point, points, names.length, seed);
      names.forEach((name, k) => (values[name] = valueAt(sample.of[name]!, coordinates[k]!)));
    }
    return { run, point, repeat, specimen, seed: mix(seed, oneSpecimen ? 0 : point, repeat), values };
  };
  return { count: combinations * points * repeats, combinations, points, varied, at };
}

const combinationsOf = (grid: Grid): number => Object.values(grid).reduce((product, list) => product * list.length, 1);

function combination(grids: readonly Grid[], sizes: readonly number[], index: number): Values {
  let which = 0;
  let rest = index;
  while (rest >= sizes[which]!) rest -= sizes[which++]!;
  const values: Values = {};
  for (const [name, list] of Object.entries(grids[which]!)) {
    values[name] = list[rest % list.length]!;
    rest = Math.floor(rest / list.length);
  }
  return values;
}
