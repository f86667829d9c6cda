/** One number of a paper, and the experiment on the model that yields it. */
import type { Lab } from './lab';

export interface Row {
  /** Short number of the paper: '000' to '004' (see docs/model.md). */
  paper: string;
  /** What was measured, on which cell, under what conditions; unique within the paper. */
  quantity: string;
  unit: string;
  /** As the paper states it. */
  target: number;
  /** Largest difference that passes, in `unit`; 0 for what is counted or chosen. A bound is stated as `atLeast`/`atMost`. */
  tolerance: number;
  /** The paper gives a bound only: the model passes on the right side of `target`, or within `tolerance` of it. */
  bound?: 'atLeast' | 'atMost';
  /** `fitted`: a parameter of the profile was fitted to it. `predicted`: none was. */
  basis: 'fitted' | 'predicted';
  /** The paper contradicts itself here: why. Such a row may fail. */
  contradictory?: string;
  /** Where the paper shows or states it. */
  source: string;
  /** What a reader must know to judge it: assumptions about the experiment, the reason for the tolerance. */
  note?: string;
  /** Carries out the experiment. @returns NaN when it yields no such number */
  model: (lab: Lab) => number;
}

/** A row with what the model gave: the keys of `caldera reproduce --json`. */
export interface Reproduced {
  paper: string;
  quantity: string;
  unit: string;
  target: number;
  tolerance: number;
  /** null: the model yields no such number. */
  model: number | null;
  pass: boolean;
  basis: 'fitted' | 'predicted';
  contradictory: boolean;
  /** Present where the target is a bound. */
  bound?: 'atLeast' | 'atMost';
}

export function reproduce(row: Row, lab: Lab): Reproduced {
  const { paper, quantity, unit, target, tolerance, basis } = row;
  const value = row.model(lab);
  const model = Number.isFinite(value) ? value : null;
  return {
    paper,
    quantity,
    unit,
    target,
    tolerance,
    model,
    pass: model !== null && passes(row, model),
    basis,
    contradictory: row.contradictory !== undefined,
    ...(row.bound !== undefined && { bound: row.bound }),
  };
}

function passes({ target, tolerance, bound }: Row, model: number): boolean {
  if (bound === 'atLeast') return model >= target - tolerance;
  if (bound === 'atMost') return model <= target + tolerance;
  return Math.abs(model - target) <= tolerance;
}
