/**
 * The supervisor: looks at what was read, and trips. It only ever takes away.
 *
 * Values beyond a limit must stay there for the debounce time and in two fresh samples; old data trips by its age alone.
 */
import type { Limits } from '../config/config';
import type { Sense } from '../sense/sense';
import type { Actuator } from '../actuate/actuate';
import type { ChargeCounter } from '../count/charge';
import * as F from './faults';

export interface Protection {
  limits: Limits;
  /** The fault in force, latched; NO_FAULT when none. */
  fault: number;
  faultAt_ms: number;
  /** The fault seen but not yet confirmed, the sample it was first seen in, and in how many fresh ones since. */
  suspect: number;
  suspectAt_ms: number;
  suspectSamples: number;
  lastSample_ms: number;
}

export function createProtection(limits: Limits): Protection {
  return {
    limits: limits,
    fault: F.NO_FAULT,
    faultAt_ms: 0,
    suspect: F.NO_FAULT,
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
  if (protection.fault !== F.NO_FAULT) return false;
  const limits = protection.limits;
  if (now_ms - sense.at_ms > limits.maxAge_ms || slowDataStale(limits, sense, actuator, now_ms))
    return trip(protection, F.STALE_DATA, now_ms);
  const seen = look(limits, sense, actuator, counter, now_ms);
  if (seen === F.NO_FAULT) {
    protection.suspect = F.NO_FAULT;
    return true;
  }
  return confirm(protection, seen, sense.at_ms, now_ms);
}

/** Releases the fault. What caused it must be gone, or it trips again. */
export function releaseFault(protection: Protection): void {
  protection.fault = F.NO_FAULT;
  protection.suspect = F.NO_FAULT;
}

function slowDataStale(limits: Limits, sense: Sense, actuator: Actuator, now_ms: number): boolean {
  const oldest_ms = now_ms - limits.maxSlowAge_ms;
  return (
    sense.temperatureAt_ms < oldest_ms ||
    sense.coarseTemperatureAt_ms < oldest_ms ||
    sense.coarseVoltageAt_ms < oldest_ms ||
    sense.chipChargeAt_ms < oldest_ms ||
    sense.settingsAt_ms < oldest_ms ||
    actuator.checkedAt_ms < oldest_ms
  );
}

/** The first thing that is wrong, the most dangerous first. */
function look(limits: Limits, sense: Sense, actuator: Actuator, counter: ChargeCounter, now_ms: number): number {
  const voltage_mV = sense.voltage_mV;
  const current_mA = sense.current_mA;
  if (sense.invalid) return F.INVALID_DATA;
  if (voltage_mV > limits.overVoltage_mV) return F.OVER_VOLTAGE;
  if (voltage_mV < limits.underVoltage_mV) return F.UNDER_VOLTAGE;
  if (current_mA > limits.overDischarge_mA) return F.OVER_DISCHARGE_CURRENT;
  if (-current_mA > limits.overCharge_mA) return F.OVER_CHARGE_CURRENT;
  if (actuator.mismatch) return F.ACTUATOR_MISMATCH;
  const error_mA = current_mA - actuator.set_mA;
  if (error_mA > limits.currentError_mA || error_mA < -limits.currentError_mA) {
    // The first sample after a change may still hold the current before it.
    if (now_ms - actuator.since_ms > limits.debounce_ms) return F.CURRENT_NOT_FOLLOWING;
  }
  if (sense.temperatureAt_ms < 0 || sense.coarseVoltageAt_ms < 0 || sense.coarseTemperatureAt_ms < 0) return F.NO_FAULT;
  const temperature_C = sense.temperature_C;
  if (temperature_C > limits.overTemperature_C) return F.OVER_TEMPERATURE;
  if (temperature_C < limits.underTemperature_C) return F.UNDER_TEMPERATURE;
  if (!sense.settingsHold) return F.PART_RESET;
  if (Math.abs(counter.error_mC) > limits.chargeError_mC) return F.CHARGE_COUNT_DISAGREES;
  if (
    Math.abs(temperature_C - sense.coarseTemperature_C) > limits.temperatureDisagreement_C ||
    sense.voltageGap_mV > limits.voltageDisagreement_mV
  )
    return F.SENSORS_DISAGREE;
  return F.NO_FAULT;
}

function confirm(protection: Protection, seen: number, sample_ms: number, now_ms: number): boolean {
  if (seen !== protection.suspect) {
    protection.suspect = seen;
    protection.suspectAt_ms = now_ms;
    protection.suspectSamples = 1;
  } else if (sample_ms !== protection.lastSample_ms) protection.suspectSamples++;
  protection.lastSample_ms = sample_ms;
  if (protection.suspectSamples < 2 || now_ms - protection.suspectAt_ms < protection.limits.debounce_ms) return true;
  return trip(protection, seen, now_ms);
}

function trip(protection: Protection, fault: number, now_ms: number): boolean {
  protection.fault = fault;
  protection.faultAt_ms = now_ms;
  return false;
}
