import { PLATEAU_STEPS, SATURATED, SHARE_OF_REST, SHORTEST_SHARE } from '../cell/step';
import type { Pack } from './pack';

/** Sharing changes fast after the current has changed: the first time step is this long, and later ones grow with the time since. */
const FIRST_S = 1;
const GROWTH = 0.25;
const REST_S = 60;
/** Steps are shortened with the saturation of the electrolyte to no less than this: a saturated cell among others goes on for long. */
const LEAST = 0.05;

/**
 * Length of the next time step [s], `elapsed_s` after the pack's current last changed: what suits the cell that needs the
 * shortest. The same rules as for the bare cell (`sim/cell/step.ts`), each with the cell's own current.
 */
export function packTimeStep(pack: Pack, elapsed_s: number): number {
  let dt_s = Math.min(REST_S, FIRST_S + GROWTH * elapsed_s);
  if (pack.current_A !== 0) dt_s = Math.min(FIRST_S + GROWTH * elapsed_s, plateau_s(pack));
  for (const group of pack.groups) {
    for (let k = 0; k < group.cells.length; k++) {
      const { plant, area_cm2 } = group.cells[k]!;
      const i = (1000 * group.current_A[k]!) / area_cm2;
      if (i <= 0) continue;
      const left_mAh_cm2 = Math.min(plant.active, plant.cathodeCapacity_mAh_cm2 * plant.soc);
      const share_mAh_cm2 = Math.max(SHARE_OF_REST * left_mAh_cm2, SHORTEST_SHARE * plant.nominal_mAh_cm2);
      const unsaturated = Math.max(LEAST, Math.min(1, (1 - plant.saturation) / (1 - SATURATED)));
      dt_s = Math.min(dt_s, ((3600 * share_mAh_cm2) / i) * unsaturated);
    }
  }
  return dt_s;
}

const plateau_s = (pack: Pack): number => (3600 * pack.nominal_A) / PLATEAU_STEPS / Math.abs(pack.current_A);
