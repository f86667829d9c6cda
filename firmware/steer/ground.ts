/**
 * A longer rest on the ground after landing, where the cell has shown that it pays: four missions are followed by it, between twice four
 * that are not, and it stays in use when the voltage at the end of the landing falls clearly less from mission to mission with it.
 * Nothing is assumed of what a rest gives back; without landings that begin alike (landing.ts) nothing is tried.
 */
import { Landing } from './landing';

/** One array per cell. */
export enum Ground {
  /** What the user allows after each mission; 0: no recovery. */
  budget_s,
  /** Part of the trial (0, 1, 2: the one with the other choice is 1), missions in it, and by how much the voltage fell in each part. */
  part,
  count,
  fall0_V,
  fall1_V,
  fall2_V,
  /** Missions until the next trial. */
  waiting,
  /** 1: it is in use. */
  inUse,
  /** What the last trial showed: share of the fall that the rest saves. */
  gain,
  length,
}

const BLOCK = 4;
/** What is in use, or not, is tried the other way again after so many missions. */
const AGAIN = 40;
/** It must save this share of the fall, and more than readings scatter. */
const LEAST_GAIN = 0.15;
const SCATTER_V = 0.002;

/** Numbers of `Ground`, nothing tried yet. @param budget_s longest rest that is allowed after each mission; 0: no recovery */
export function createGround(budget_s: number): Float64Array {
  const g = new Float64Array(Ground.length);
  g[Ground.budget_s] = budget_s;
  return g;
}

/** After each landing that was recorded in `r`. @returns how long to rest beyond the usual [s] */
export function groundRest_s(g: Float64Array, r: Float64Array): number {
  if (g[Ground.budget_s] === 0) return 0;
  if (r[Landing.count] < 2) {
    // No fall from the mission before: a trial begins anew.
    g[Ground.part] = g[Ground.count] = g[Ground.fall0_V] = g[Ground.fall1_V] = g[Ground.fall2_V] = 0;
  } else if (g[Ground.waiting] > 0) g[Ground.waiting]--;
  else {
    g[Ground.fall0_V + g[Ground.part]] += r[Landing.fall_V];
    g[Ground.count]++;
    if (g[Ground.count] === BLOCK) {
      g[Ground.count] = 0;
      g[Ground.part]++;
      if (g[Ground.part] === 3) judge(g);
    }
  }
  return (g[Ground.part] === 1) !== (g[Ground.inUse] === 1) ? g[Ground.budget_s] : 0;
}

function judge(g: Float64Array): void {
  // Falls grow by a factor from block to block: the geometric mean is what lies between.
  const product = g[Ground.fall0_V] * g[Ground.fall2_V];
  const around =
    product > 0 && g[Ground.fall0_V] > 0 ? Math.sqrt(product) : Math.min(g[Ground.fall0_V], g[Ground.fall2_V]);
  const between = g[Ground.fall1_V];
  const without = g[Ground.inUse] === 1 ? between : around;
  const withIt = g[Ground.inUse] === 1 ? around : between;
  const saved_V = without - withIt;
  g[Ground.gain] = without > 0 ? saved_V / without : 0;
  g[Ground.inUse] = saved_V > SCATTER_V && g[Ground.gain] > LEAST_GAIN ? 1 : 0;
  g[Ground.waiting] = AGAIN;
  g[Ground.part] = g[Ground.fall0_V] = g[Ground.fall1_V] = g[Ground.fall2_V] = 0;
}
