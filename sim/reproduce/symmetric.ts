/**
 * Symmetric cells: two lithium electrodes of one kind back to back, the same current through both, so that one plates what the
 * other strips. Voltage is the sum of both sides' overpotentials. Each side is a half-cell plant of its own: a short that grows
 * on one of them takes current past that side only.
 */
import { runStep } from '../cell/step';
import type { Lab } from './lab';

export interface SymmetricTest {
  /** A half-cell profile. */
  cell: string;
  i_mA_cm2: number;
  /** Moved in every half cycle. */
  capacity_mAh_cm2: number;
  /** Lithium on each electrode at the start: plated at `i_mA_cm2`. */
  lithium_mAh_cm2: number;
  /** The test ends here at the latest. */
  hours: number;
}

export interface Symmetric {
  /** At the end of every half cycle [h]. */
  hours: number[];
  /** Mean over every half cycle. */
  overpotential_V: number[];
  /** Why the test ended early, and when. `shorted`: a short took half of the current; `open`: beyond 5 V. */
  failure?: { kind: 'shorted' | 'open'; hours: number };
}

const STEP_S = 120;
const OPEN_V = 5;

export function symmetric(lab: Lab, test: SymmetricTest): Symmetric {
  return lab.once(['symmetric', test], () => cycle(lab, test));
}

function cycle(lab: Lab, { cell, i_mA_cm2, capacity_mAh_cm2, lithium_mAh_cm2, hours }: SymmetricTest): Symmetric {
  const sides = [lab.build(cell), lab.build(cell)] as const;
  for (const side of sides) {
    runStep(side, -i_mA_cm2, { capacity_mAh_cm2: lithium_mAh_cm2, longest_s: 1e7 });
    runStep(side, 0, { longest_s: 3600 });
  }
  const steps = Math.ceil((3600 * capacity_mAh_cm2) / i_mA_cm2 / STEP_S);
  const dt_s = (3600 * capacity_mAh_cm2) / i_mA_cm2 / steps;
  const result: Symmetric = { hours: [], overpotential_V: [] };
  for (let n = 0; (n * steps * dt_s) / 3600 < hours; n++) {
    const i = n % 2 === 0 ? i_mA_cm2 : -i_mA_cm2;
    let sum_V = 0;
    for (let k = 1; k <= steps; k++) {
      sides[0].step(i, dt_s);
      sides[1].step(-i, dt_s);
      const voltage_V = Math.abs(sides[0].voltage_V - sides[1].voltage_V);
      sum_V += voltage_V;
      const shorted = sides.some((side) => Math.abs(side.leak_mA_cm2) > i_mA_cm2 / 2);
      if (shorted || voltage_V > OPEN_V || sides.some((side) => side.active <= 0)) {
        const at_h = ((n * steps + k) * dt_s) / 3600;
        return { ...result, failure: { kind: shorted ? 'shorted' : 'open', hours: at_h } };
      }
    }
    result.hours.push(((n + 1) * steps * dt_s) / 3600);
    result.overpotential_V.push(sum_V / steps);
  }
  return result;
}

/** Overpotential of the half cycle that ends at `hours` [V]; NaN when the test ended before. */
export const overpotentialAt_V = (test: Symmetric, hours: number): number =>
  test.overpotential_V[test.hours.findIndex((end_h) => end_h >= hours - 1e-6)] ?? NaN;
