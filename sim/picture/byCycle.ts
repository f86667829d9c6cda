import type { CycleResult } from '../results/types';
import { roundTicks } from './style';

export type Curve = [cycle: number, value: number][];

/** Discharge capacity in percent of the first. */
export function retentionByCycle(cycles: readonly CycleResult[]): Curve {
  const first_mAh = cycles[0]?.discharge_mAh ?? 0;
  return first_mAh > 0 ? cycles.map((cycle) => [cycle.n, (100 * cycle.discharge_mAh) / first_mAh]) : [];
}

/** The first charge after formation also fills what formation emptied: its efficiency can dwarf all that follow. */
export function firstEfficiencyOffScale(cycles: readonly CycleResult[]): boolean {
  const [first_pct = NaN, ...later_pct] = cycles.map((cycle) => cycle.ce_pct);
  return later_pct.length > 4 && first_pct < later_pct.reduce((a, b) => Math.min(a, b)) - 1;
}

/** Coulombic efficiency in percent, of all cycles or of all but the first. */
export function efficiencyByCycle(cycles: readonly CycleResult[], withoutFirst: boolean): Curve {
  return cycles
    .slice(withoutFirst ? 1 : 0)
    .filter((cycle) => Number.isFinite(cycle.ce_pct))
    .map((cycle) => [cycle.n, cycle.ce_pct]);
}

/** The value at a cycle between two of the curve's, interpolated; beyond its ends the value there. `curve` is not empty. */
export function byCycle(curve: Readonly<Curve>, cycle: number): number {
  const next = curve.findIndex(([n]) => n >= cycle);
  if (next <= 0) return (next === 0 ? curve[0]! : curve[curve.length - 1]!)[1];
  const [from, to] = [curve[next - 1]!, curve[next]!];
  return from[1] + ((to[1] - from[1]) * (cycle - from[0])) / (to[0] - from[0]);
}

/** Round cycle numbers for an axis, from 0 on. */
export const cycleTicks = (last: number): number[] => roundTicks(last).filter(Number.isInteger);

/** The cell model's, over the same seconds as the firmware's estimate where there is one: these two can be compared. */
export const modelledEtaConc_mV = ({ etaConcThen_mV, etaConc_mV }: CycleResult): number => etaConcThen_mV ?? etaConc_mV;
