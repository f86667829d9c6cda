/**
 * Defaults of a cycler channel, from the few numbers that describe a cell.
 */
import { CYCLER } from '../../hal/boards/cycler';
import { cyclerProtocol, type Cycling } from '../protocol/cycler';
import { SLOW_STRIP_REST_MS } from '../protocol/diagnostics';
import { Policy } from '../protect/faults';
import type { Config, Pace } from './config';

/** What must be known of a cell to cycle it. */
export interface CyclerCell {
  capacity_mAh: number;
  chargeTo_mV: number;
  dischargeTo_mV: number;
}

/** What the estimator needs to see beyond the cycling itself. */
export interface Diagnostics {
  /** Interrupts of each discharge. */
  interrupts: number;
  /** A rest and a slow strip after the discharge of every so many cycles; 0: never. */
  slowStripEvery: number;
  /** Every so many cycles a check-up at 0.2C instead of the discharge; 0 or undefined: never. */
  checkupEvery?: number | undefined;
  /** The fastest discharge that the steering may choose, and a tail for it; 0 or undefined: the discharge is not steered. */
  steerTo_C?: number | undefined;
  /** Whether the charge's cut-off is held until the current is 0.05C, at most an hour; undefined: no. */
  hold?: boolean | undefined;
}

const PACE: Pace = { period_ms: 100, fast_ms: 100, horizon_ms: 3000 };
const FORMATION_C = 0.1;
const SLOW_STRIP_C = 0.05;
const CHECKUP_C = 0.2;
const TAIL_C = 0.1;
const HOLD_C = 0.05;
const HOLD_MS = 3600000;

/** A fifth above the fastest current of the protocol, and a little for small cells. */
function overCurrent_mA(capacity_mAh: number, rate_C: number): number {
  return capacity_mAh * Math.max(rate_C, FORMATION_C) * 1.2 + capacity_mAh * 0.1;
}

/** The paper's protocol (000, Figure 5): formation 2 x 0.1C, then `charge_C` up and `discharge_C` down, `cycles` times (0: for ever). */
export function cyclerConfig(
  cell: CyclerCell,
  charge_C: number,
  discharge_C: number,
  cycles: number,
  diagnostics: Diagnostics,
): Config {
  const capacity = cell.capacity_mAh;
  const checkupEvery = diagnostics.checkupEvery ?? 0;
  const steerTo_C = diagnostics.steerTo_C ?? 0;
  const fastestDischarge_C = Math.max(discharge_C, steerTo_C, checkupEvery > 0 ? CHECKUP_C : 0);
  const fastest_C = Math.max(charge_C, fastestDischarge_C);
  return {
    board: CYCLER,
    limits: {
      overVoltage_mV: cell.chargeTo_mV + 50,
      underVoltage_mV: cell.dischargeTo_mV - 500,
      deepDischarge_mV: cell.dischargeTo_mV / 2,
      overCharge_mA: overCurrent_mA(capacity, charge_C),
      overDischarge_mA: overCurrent_mA(capacity, fastestDischarge_C),
      lastingCharge_mA: 0.95 * overCurrent_mA(capacity, charge_C),
      lastingDischarge_mA: 0.95 * overCurrent_mA(capacity, fastestDischarge_C),
      overTemperature_C: 65,
      underTemperature_C: -25,
      chargeOverTemperature_C: 55,
      chargeUnderTemperature_C: -20,
      boardTemperature_C: 85,
      maxAge_ms: 1.5 * PACE.period_ms,
      maxSlowAge_ms: 50 * PACE.period_ms,
      maxTick_ms: 80,
      voltageDisagreement_mV: 250,
      temperatureDisagreement_C: 10,
      currentError_mA: capacity * fastest_C * 0.03 + 10,
      chargeError_mC: capacity * fastest_C * 1.5 + 500,
      imbalance_mV: 100,
      endOfLife_pct: 50,
    },
    policy: Policy.Cycler,
    pace: { period_ms: PACE.period_ms, fast_ms: PACE.fast_ms, horizon_ms: PACE.horizon_ms },
    protocol: cyclerProtocol(standardCycling(cell, charge_C, discharge_C, cycles, diagnostics)),
  };
}

/** The standard protocol for a cell, as `cyclerConfig` has it. */
export function standardCycling(
  cell: CyclerCell,
  charge_C: number,
  discharge_C: number,
  cycles: number,
  diagnostics: Diagnostics,
): Cycling {
  const capacity = cell.capacity_mAh;
  const checkupEvery = diagnostics.checkupEvery ?? 0;
  const steerTo_C = diagnostics.steerTo_C ?? 0;
  return {
    formationCycles: 2,
    formation_mA: capacity * FORMATION_C,
    formationRest_ms: 600000,
    charge_mA: capacity * charge_C,
    discharge_mA: capacity * discharge_C,
    rest_ms: 300000,
    chargeTo_mV: cell.chargeTo_mV,
    dischargeTo_mV: cell.dischargeTo_mV,
    cycles: cycles,
    interrupts: diagnostics.interrupts,
    slowStripEvery: diagnostics.slowStripEvery,
    slowStrip_mA: capacity * SLOW_STRIP_C,
    slowStripRest_ms: SLOW_STRIP_REST_MS,
    fullPulseEvery: 0,
    holdTo_mA: diagnostics.hold === true ? capacity * HOLD_C : 0,
    hold_ms: HOLD_MS,
    steered: steerTo_C > 0,
    tail_mA: steerTo_C > 0 ? capacity * TAIL_C : 0,
    checkupEvery: checkupEvery,
    checkup_mA: capacity * CHECKUP_C,
  };
}
