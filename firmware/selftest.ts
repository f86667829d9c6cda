/**
 * The self-test of a channel, over some ticks after a start: does a current flow that nobody asked for, do the switches open and
 * close when told. Identities, thresholds and power-up values were checked when the parts were opened; sensors of one thing are
 * compared all the time. Not resident: dropped once it has passed.
 */
import { mcp4725Write } from '../hal/chips/mcp4725';
import type { Actuator } from './actuate/actuate';
import type { Sense } from './sense/sense';

/** What failed. */
export enum SelfTestFault {
  None,
  /** A current at open switches and no set-point: the monitor's zero is off, or something is shorted. */
  CurrentAtZero,
  /** A current at open switches with a set-point: a switch does not open. */
  SwitchDoesNotOpen,
  /** No current, or another, at a closed switch. */
  DischargeDoesNotFollow,
  ChargeDoesNotFollow,
}

enum Phase {
  Zero,
  Open,
  Charge,
  Between,
  Discharge,
  After,
  Done,
}

/** A self-test under way: `step` is called with each fresh sample until it has passed or failed. */
export interface SelfTest {
  phase: number;
  /** When the phase began. */
  since_ms: number;
  passed: boolean;
  failed: SelfTestFault;
  /** Goes on by a fresh sample. @returns the current that is to flow [mA] */
  step: (test: SelfTest, sense: Sense, actuator: Actuator, now_ms: number) => number;
}

/** Begins with the first call of `step`. */
export function createSelfTest(): SelfTest {
  return { phase: 0, since_ms: -1, passed: false, failed: SelfTestFault.None, step: step };
}

/** Each phase lasts until a sample shows nothing but it, and ends before a row of the fault table has its second one. */
const PHASE_MS = 200;
/** Part of full scale that is tried, and that may flow when none should. */
const TRIED = 0.02;
const NOTHING = 0.004;
/** A cell below is not discharged, one above, or far below, not charged; first in, then out, it ends as it began. */
const LOWEST_MV = 3200;
const CHARGED_FROM_MV = 2500;
const HIGHEST_MV = 4250;

function step(test: SelfTest, sense: Sense, actuator: Actuator, now_ms: number): number {
  if (test.since_ms < 0) test.since_ms = now_ms;
  const scale_mA = actuator.fullScale_mA;
  const tried_mA = TRIED * scale_mA;
  const current_mA = sense.current_mA;
  const phase = test.phase;
  if (now_ms - test.since_ms >= PHASE_MS) {
    test.failed = verdict(phase, current_mA, tried_mA, NOTHING * scale_mA);
    test.phase = phase + 1;
    test.since_ms = now_ms;
    const voltage_mV = sense.voltage_mV;
    if (test.phase === Phase.Charge && (voltage_mV > HIGHEST_MV || voltage_mV < CHARGED_FROM_MV))
      test.phase = Phase.Between;
    if (test.phase === Phase.Discharge && voltage_mV < LOWEST_MV) test.phase = Phase.After;
    if (test.phase === Phase.Done) test.passed = test.failed === SelfTestFault.None;
    // The set-point without the switches; leaving it, zero again.
    if (test.phase === Phase.Open || phase === Phase.Open) setPoint(actuator, test.phase === Phase.Open ? TRIED : 0);
  }
  return test.phase === Phase.Discharge ? tried_mA : test.phase === Phase.Charge ? -tried_mA : 0;
}

function verdict(phase: Phase, current_mA: number, tried_mA: number, nothing_mA: number): SelfTestFault {
  const magnitude_mA = Math.abs(current_mA);
  if (phase === Phase.Zero || phase === Phase.Between || phase === Phase.After)
    return magnitude_mA > nothing_mA ? SelfTestFault.CurrentAtZero : SelfTestFault.None;
  if (phase === Phase.Open) return magnitude_mA > nothing_mA ? SelfTestFault.SwitchDoesNotOpen : SelfTestFault.None;
  if (phase === Phase.Discharge)
    return Math.abs(current_mA - tried_mA) > nothing_mA ? SelfTestFault.DischargeDoesNotFollow : SelfTestFault.None;
  if (phase === Phase.Charge)
    return Math.abs(current_mA + tried_mA) > nothing_mA ? SelfTestFault.ChargeDoesNotFollow : SelfTestFault.None;
  return SelfTestFault.None;
}

/** Sets the DAC behind open switches; a DAC that does not answer is found by its read-back. */
function setPoint(actuator: Actuator, part: number): void {
  try {
    mcp4725Write(actuator.dac, Math.floor(part * 4095));
  } catch (_) {
    actuator.mismatch = true;
  }
}
