/**
 * The only code that moves the set-point and the switches, and reads both back.
 */
import type { CyclerWires } from '../../hal/boards/cycler';
import { MCP4725_MAX_CODE, mcp4725Read, mcp4725Write, type Mcp4725 } from '../../hal/chips/mcp4725';

/** A change of the set-point smaller than this part of full scale does not show in a comparison with the current. */
const CREEPS = 0.001;

/** The power stage: what it was told last, and whether it does so. Currents discharge positive. */
export interface Actuator {
  wires: CyclerWires;
  dac: Mcp4725;
  fullScale_mA: number;
  /** The set-point as it was commanded, after quantisation [mA], discharge positive; 0: switches open. */
  set_mA: number;
  /** When it last changed by more than it creeps. */
  since_ms: number;
  /** The last wish carried out [mA]. */
  wish_mA: number;
  /** By how much it was beyond full scale [mA]. */
  clipped_mA: number;
  /** Read-back did not match: what was commanded is not what is. */
  mismatch: boolean;
  checkedAt_ms: number;
}

/** For switches that are open and a DAC at zero; moves neither. @param dac as it was opened just now */
export function createActuator(wires: CyclerWires, dac: Mcp4725, fullScale_mA: number, now_ms: number): Actuator {
  return {
    wish_mA: 0,
    set_mA: 0,
    since_ms: now_ms,
    checkedAt_ms: now_ms,
    mismatch: false,
    dac: dac,
    wires: wires,
    fullScale_mA: fullScale_mA,
    clipped_mA: 0,
  };
}

/** Makes the current what is wished [mA, discharge positive]; beyond full scale it is held there. */
export function command(actuator: Actuator, wish_mA: number, now_ms: number): void {
  const was_mA = actuator.wish_mA;
  if (wish_mA === was_mA) return;
  actuator.wish_mA = wish_mA;
  // A set-point that creeps is to be followed all the time.
  const moved_mA = wish_mA - was_mA;
  const creeps_mA = CREEPS * actuator.fullScale_mA;
  if (wish_mA === 0 || was_mA === 0 || moved_mA > creeps_mA || moved_mA < -creeps_mA) actuator.since_ms = now_ms;
  const magnitude_mA = wish_mA < 0 ? -wish_mA : wish_mA;
  const lsb_mA = actuator.fullScale_mA / MCP4725_MAX_CODE;
  const clipped_mA = magnitude_mA - actuator.fullScale_mA;
  actuator.clipped_mA = clipped_mA > 0 ? clipped_mA : 0;
  const code = clipped_mA > 0 ? MCP4725_MAX_CODE : Math.floor(magnitude_mA / lsb_mA + 0.5);
  try {
    setSwitches(actuator, false, false);
    mcp4725Write(actuator.dac, code);
    setSwitches(actuator, wish_mA < 0, wish_mA > 0);
    actuator.set_mA = code * lsb_mA * (wish_mA < 0 ? -1 : 1);
  } catch (_) {
    actuator.mismatch = true;
  }
  checkActuator(actuator, now_ms);
}

/** Opens both switches, then sets zero, again and again while the DAC holds anything else. The switches open even when the bus is dead. */
export function openSwitches(actuator: Actuator, now_ms: number): void {
  setSwitches(actuator, false, false);
  if (actuator.wish_mA !== 0) {
    actuator.wish_mA = 0;
    actuator.set_mA = 0;
    actuator.since_ms = now_ms;
  } else if (actuator.dac.code === 0 && !actuator.mismatch) return;
  try {
    mcp4725Write(actuator.dac, 0);
  } catch (_) {
    return;
  }
  checkActuator(actuator, now_ms);
}

/** Compares the pins and the DAC with what was commanded. */
export function checkActuator(actuator: Actuator, now_ms: number): void {
  const wires = actuator.wires;
  const wish_mA = actuator.wish_mA;
  try {
    actuator.mismatch =
      wires.chargeSwitch.read() !== wish_mA < 0 ||
      wires.dischargeSwitch.read() !== wish_mA > 0 ||
      mcp4725Read(actuator.dac) !== actuator.dac.code;
    actuator.checkedAt_ms = now_ms;
  } catch (_) {
    // Unread is not checked: the check grows old, and the protection trips on its age.
  }
}

function setSwitches(actuator: Actuator, charge: boolean, discharge: boolean): void {
  actuator.wires.chargeSwitch.write(charge);
  actuator.wires.dischargeSwitch.write(discharge);
}
