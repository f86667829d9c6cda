/** Pictures of the papers' experiments, the papers' points on them. */
import { arcPicture } from '../picture/arc';
import { etaSplitPicture } from '../picture/etaSplit';
import { runArc } from '../thermal/arc';
import { loadThermalProfile, thermalProfileNames } from '../thermal/profile';
import type { Lab } from './lab';
import { overpotentials } from './papers/000';

export interface Picture {
  name: string;
  svg: string;
}

const CURRENTS_MA_CM2 = [0.5, 1, 2, 3, 4, 5];

/** The pictures that go with a paper, of the cells in a laboratory. */
export function picturesOf(paper: string, lab: Lab): Picture[] {
  if (paper === '000') return [{ name: 'eta-split', svg: etaSplit(lab) }];
  if (paper === '003') return [{ name: 'arc', svg: arc() }];
  return [];
}

function etaSplit(lab: Lab): string {
  const curve = (cell: string, label: string) => ({
    label,
    points: CURRENTS_MA_CM2.map((current_mA_cm2) => {
      const { conc_V, fast_V } = overpotentials(lab, cell, current_mA_cm2);
      return { current_mA_cm2, etaConc_mV: 1000 * conc_V, etaFast_mV: 1000 * fast_V, etaCathode_mV: null };
    }),
  });
  return etaSplitPicture([curve('afl-l1-half', 'L1'), curve('afl-l2-half', 'L2')], 0.7);
}

function arc(): string {
  return arcPicture(
    thermalProfileNames().map((name) => {
      const profile = loadThermalProfile(name);
      return { label: profile.name, result: runArc(profile), measured: profile.measured };
    }),
  );
}
