/** From a run's cycles to the numbers that are compared: lifespan, check-up life, retention, efficiency, energy. */
import type { SimulateSummary } from '../results/types';
import type { Observation } from './cyclingRun';

const END_OF_LIFE = 0.8;
const CE_CYCLES = 100;

/**
 * Cycles, interpolated, until `values` fall below `threshold`; 0 when the first is already below, null when none is.
 */
export function lifeAt(values: readonly number[], threshold: number): number | null {
  const k = values.findIndex((value) => value < threshold);
  if (k < 0) return null;
  if (k === 0) return 0;
  const above = values[k - 1]!;
  return k + (above - threshold) / (above - values[k]!);
}

export function summarize(
  cycles: readonly Observation[],
  simulatedSeconds: number,
  wallSeconds: number,
): SimulateSummary {
  const reference_mAh = cycles[0]?.checkup_mAh ?? 0;
  const discharges = cycles.map((cycle) => cycle.discharge_mAh);
  const cyclesTo80 = lifeAt(discharges, END_OF_LIFE * reference_mAh);
  const checkupLife = lifeAt(
    cycles.map((cycle) => cycle.checkup_mAh),
    END_OF_LIFE * reference_mAh,
  );
  const energies = cycles.map((cycle) => cycle.discharge_Wh);
  const ce = cycles.slice(0, CE_CYCLES).map(ce_pct);
  return {
    cyclesTo80,
    checkupLife,
    retention_pct: cycles.length > 0 ? (100 * discharges.at(-1)!) / discharges[0]! : null,
    averageCe_pct: ce.length > 0 ? sum(ce) / ce.length : null,
    energyToEol_Wh: cyclesTo80 === null ? null : energyUpTo(energies, cyclesTo80),
    energyFirst100_Wh: cycles.length < 100 ? null : sum(energies.slice(0, 100)),
    meanDischargePower_W:
      cycles.length > 0 ? (3600 * sum(energies)) / sum(cycles.map((cycle) => cycle.discharge_s)) : null,
    simulatedSeconds,
    wallSeconds,
  };
}

/** What recovery has taken in all cycles together. */
export const recoveryMinutes = (cycles: readonly Observation[]): number =>
  sum(cycles.map(({ recovery_s = 0 }) => recovery_s)) / 60;

/** Discharged over charged charge [%]. */
export const ce_pct = (cycle: Observation): number =>
  (100 * (cycle.discharge_mAh + (cycle.strip_mAh ?? 0))) / cycle.charge_mAh;

/** Energy of the first `life` cycles, the last one in part. */
function energyUpTo(energies: readonly number[], life: number): number {
  const whole = Math.floor(life);
  return sum(energies.slice(0, whole)) + (life - whole) * (energies[whole] ?? 0);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
