/**
 * The supervisor: looks at what was read, and trips. It only ever takes away.
 *
 * Values beyond a limit must stay there for the debounce time and in two fresh samples; old data trips by its age alone.
 */
import type { Limits } from '../config/config';
import type { Sense } from '../sense/sense';
import type { Actuator } from '../actuate/actuate';
import type { ChargeCounter } from '../count/charge';
import { Fault } from './faults';

export interface Protection {
  limits: Limits;
  /** The fault in force, latched; None when none. */
  fault: Fault;
  faultAt_ms: number;
  /** The fault seen but not yet confirmed, the sample it was first seen in, and in how many fresh ones since. */
  suspect: Fault;
  suspectAt_ms: number;
  suspectSamples: number;
  lastSample_ms: number;
}

export function createProtection(limits: Limits): Protection {
  return {
    limits: limits,
    fault: Fault.None,
    faultAt_ms: 0,
    suspect: Fault.None,
    suspectAt_ms: 0,
    suspectSamples: 0,
    lastSample_ms: -1,
  };
}

/** Checks everything once. @returns whether current may flow */
export function checkLimits(
  protection: Protection,
  sense: Sense,
  actuator: Actuator,
  counter: ChargeCounter,
  now_ms: number,
): boolean {
  if (protection.fault !== Fault.None) return false;
  const limits = protection.limits;
  // Of the slow readings, the one whose turn it was: each is looked at every tenth tick.
  const slowest_ms = now_ms - limits.maxSlowAge_ms;
  if (
    now_ms - sense.at_ms > limits.maxAge_ms ||
    sense.slowAt_ms[sense.turn] < slowest_ms ||
    actuator.checkedAt_ms < slowest_ms
  )
    return trip(protection, Fault.StaleData, now_ms);
  const seen = look(limits, sense, actuator, counter, now_ms);
  if (seen === Fault.None) {
    protection.suspect = Fault.None;
    return true;
  }
  return confirm(protection, seen, sense.at_ms, now_ms);
}

/** Releases the fault. What caused it must be gone, or it trips again. */
export function releaseFault(protection: Protection): void {
  protection.fault = Fault.None;
  protection.suspect = Fault.None;
}

/** The first thing that is wrong, the most dangerous first. */
function look(limits: Limits, sense: Sense, actuator: Actuator, counter: ChargeCounter, now_ms: number): Fault {
  const voltage_mV = sense.voltage_mV;
  const current_mA = sense.current_mA;
  if (sense.invalid) return Fault.InvalidData;
  if (voltage_mV > limits.overVoltage_mV) return Fault.OverVoltage;
  if (voltage_mV < limits.underVoltage_mV) return Fault.UnderVoltage;
  if (current_mA > limits.overDischarge_mA) return Fault.OverDischargeCurrent;
  if (-current_mA > limits.overCharge_mA) return Fault.OverChargeCurrent;
  if (actuator.mismatch) return Fault.ActuatorMismatch;
  const error_mA = current_mA - actuator.set_mA;
  if (error_mA > limits.currentError_mA || error_mA < -limits.currentError_mA) {
    // The first sample after a change may still hold the current before it.
    if (now_ms - actuator.since_ms > limits.debounce_ms) return Fault.CurrentNotFollowing;
  }
  const temperature_C = sense.temperature_C;
  if (temperature_C > limits.overTemperature_C) return Fault.OverTemperature;
  if (temperature_C < limits.underTemperature_C) return Fault.UnderTemperature;
  if (!sense.settingsHold) return Fault.PartReset;
  if (counter.error_mC > limits.chargeError_mC) return Fault.ChargeCountDisagrees;
  if (sense.temperatureGap_C > limits.temperatureDisagreement_C || sense.voltageGap_mV > limits.voltageDisagreement_mV)
    return Fault.SensorsDisagree;
  return Fault.None;
}

function confirm(protection: Protection, seen: Fault, sample_ms: number, now_ms: number): boolean {
  if (seen !== protection.suspect) {
    protection.suspect = seen;
    protection.suspectAt_ms = now_ms;
    protection.suspectSamples = 1;
  } else if (sample_ms !== protection.lastSample_ms) protection.suspectSamples++;
  protection.lastSample_ms = sample_ms;
  if (protection.suspectSamples < 2 || now_ms - protection.suspectAt_ms < protection.limits.debounce_ms) return true;
  return trip(protection, seen, now_ms);
}

function trip(protection: Protection, fault: Fault, now_ms: number): boolean {
  protection.fault = fault;
  protection.faultAt_ms = now_ms;
  return false;
}
