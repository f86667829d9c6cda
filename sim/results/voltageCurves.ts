import type { VoltageCurve } from '../picture/voltage';
import type { Sample } from './types';

/** As many curves as one small picture carries. */
const mostCurves = 5;

/**
 * Collects the discharge curves of a time series for a picture: the cycles 1, 2, 3, 5, 10, 20, 30, 50, ... and the last one
 * seen, so that memory stays small however long the run.
 */
export function collectVoltageCurves() {
  let current: VoltageCurve['points'] = [];
  let cycle = 0;
  let previous: Sample | undefined;
  const kept = new Map<number, VoltageCurve['points']>();

  return {
    add(sample: Readonly<Sample>): void {
      if (sample.cycle !== cycle) {
        if (isRound(cycle)) kept.set(cycle, current);
        cycle = sample.cycle;
        current = [];
        previous = undefined;
      }
      if (sample.current_A <= 0 || cycle === 0) {
        previous = undefined;
        return;
      }
      const passed_mAh =
        previous === undefined
          ? 0
          : ((previous.current_A + sample.current_A) / 2) * ((sample.time_s - previous.time_s) / 3.6);
      const before_mAh = current[current.length - 1]?.capacity_mAh ?? 0;
      current.push({ capacity_mAh: before_mAh + passed_mAh, voltage_V: sample.voltage_V });
      previous = { ...sample };
    },

    /** The first, the last and some between, evenly chosen. */
    curves(): VoltageCurve[] {
      const all = new Map(kept);
      if (cycle > 0 && current.length > 0) all.set(cycle, current);
      const found = [...all].filter(([, points]) => points.length > 1);
      const count = Math.min(mostCurves, found.length);
      const chosen = Array.from({ length: count }, (_, i) =>
        count === 1 ? found[0]! : found[Math.round((i * (found.length - 1)) / (count - 1))]!,
      );
      return chosen.map(([n, points]) => ({ label: `Cycle ${n}`, points }));
    },
  };
}

/** 1, 2, 3 or 5 times a power of ten. */
function isRound(cycle: number): boolean {
  return cycle > 0 && [1, 2, 3, 5].includes(cycle / 10 ** Math.floor(Math.log10(cycle) + 1e-9));
}
