import type { Sample } from '../results/types';
import { spread } from './style';
import type { VoltageCurve, VoltagePoint } from './voltage';

/** As many cycles as one small picture carries. */
const MOST_CURVES = 6;

interface Branch {
  points: VoltagePoint[];
  /** Net charge of the step, discharge positive. */
  passed_mAh: number;
}

/**
 * Collects charge and discharge curves of a time series for `voltagePicture`: of the cycles 1, 2, 3, 5, 10, 20, 30, 50, ..., of
 * the last one seen and of those in `also`, so that memory stays small however long the run.
 *
 * A cycle's discharge is the step that passed most charge that way, its charge likewise: what a rest passes by the noise of its
 * current never wins.
 */
export function curveCollector(also: readonly number[] = []) {
  const kept = new Map<number, VoltageCurve>();
  let cycle = 0;
  let step = NaN;
  let previous: Sample | undefined;
  let branch = emptyBranch();
  let discharge = emptyBranch();
  let charge = emptyBranch();

  const endStep = (): void => {
    if (branch.passed_mAh > discharge.passed_mAh) discharge = branch;
    if (branch.passed_mAh < charge.passed_mAh) charge = branch;
    branch = emptyBranch();
    previous = undefined;
  };
  const curve = (): VoltageCurve => ({
    label: `Cycle ${cycle}`,
    points: discharge.points,
    charge: charge.points,
  });
  const endCycle = (): void => {
    endStep();
    if (isRound(cycle) || also.includes(cycle)) kept.set(cycle, curve());
    charge = emptyBranch();
    discharge = emptyBranch();
  };

  return {
    add(sample: Readonly<Sample>): void {
      if (sample.cycle !== cycle) endCycle();
      else if (sample.step !== step) endStep();
      cycle = sample.cycle;
      step = sample.step;
      if (cycle === 0) return;
      if (previous !== undefined)
        branch.passed_mAh += ((previous.current_A + sample.current_A) / 2) * ((sample.time_s - previous.time_s) / 3.6);
      branch.points.push({ capacity_mAh: Math.abs(branch.passed_mAh), voltage_V: sample.voltage_V });
      previous = { ...sample };
    },

    /** The first, the last, those asked for and some between; ends the cycle that is under way. */
    curves(): VoltageCurve[] {
      endStep();
      const all = new Map(kept);
      if (cycle > 0) all.set(cycle, curve());
      const drawable = [...all].filter(([, { points }]) => points.length > 1);
      const wanted = drawable.filter(([n]) => also.includes(n));
      const others = drawable.filter(([n]) => !also.includes(n));
      return [...wanted, ...spread(others, Math.max(2, MOST_CURVES - wanted.length))]
        .sort(([a], [b]) => a - b)
        .map(([, found]) => found);
    },
  };
}

const emptyBranch = (): Branch => ({ points: [], passed_mAh: 0 });

/** 1, 2, 3 or 5 times a power of ten. */
function isRound(cycle: number): boolean {
  return cycle > 0 && [1, 2, 3, 5].includes(cycle / 10 ** Math.floor(Math.log10(cycle) + 1e-9));
}
