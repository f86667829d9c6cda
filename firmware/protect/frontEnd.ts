/**
 * What a pack's front end watches by itself, from the pack's limits and policy, a little outside of what the firmware acts on, which
 * shall come first. In flight it may open the discharge switch for a short circuit and for a current that no flight needs, for nothing
 * else. Not resident.
 */
import type { I2cBus } from '../../hal/bus';
import { Bq76952Fault, type Bq76952 } from '../../hal/chips/bq76952';
import { bq76952Attach, bq76952Open, type Bq76952Opened } from '../../hal/chips/bq76952Open';
import {
  bq76952Limits,
  bq76952Settings,
  type Bq76952Config,
  type Bq76952Limits,
} from '../../hal/chips/bq76952Settings';
import type { PackConfig } from '../config/packDefaults';
import { Policy } from './faults';

/** These open the charge switch alone, or nothing that anybody wants closed. */
const ALWAYS =
  Bq76952Fault.CellOver |
  Bq76952Fault.ChargeOver |
  Bq76952Fault.ChargeHot |
  Bq76952Fault.ChargeCold |
  Bq76952Fault.Short |
  Bq76952Fault.ShortLatched |
  Bq76952Fault.DischargeOver1 |
  Bq76952Fault.DischargeLatched;
const ON_GROUND =
  Bq76952Fault.CellUnder |
  Bq76952Fault.DischargeHot |
  Bq76952Fault.DischargeCold |
  Bq76952Fault.DieHot |
  Bq76952Fault.HostSilent;

const ATTACH_TRIES = 3;

/** The settings of the front end for a pack of this configuration. */
export function frontEnd(config: PackConfig): Bq76952Config {
  const limits = config.limits;
  const flies = config.policy === Policy.Flight;
  const discharge_mA = (flies ? 2 : 1.2) * limits.overDischarge_mA;
  return {
    address: config.board.afe.address,
    crc: config.board.afe.crc,
    cells: config.board.afe.cells,
    shunt_uOhm: config.board.afe.shunt_uOhm,
    thermistors: config.board.afe.thermistors,
    protections: flies ? ALWAYS : ALWAYS | ON_GROUND,
    limits: {
      cellOver_mV: limits.overVoltage_mV + 60,
      cellOverDelay_ms: 500,
      cellOverHysteresis_mV: 151,
      cellUnder_mV: limits.underVoltage_mV - 300,
      cellUnderDelay_ms: 1000,
      cellUnderHysteresis_mV: 303,
      chargeOver_mA: 1.2 * limits.overCharge_mA,
      chargeOverDelay_ms: 40,
      dischargeOver1_mA: discharge_mA,
      dischargeOver1Delay_ms: flies ? 425 : 40,
      dischargeOver2_mA: discharge_mA,
      dischargeOver2Delay_ms: flies ? 425 : 40,
      short_mA: 4 * limits.overDischarge_mA,
      // In flight the load's capacitors may have to be charged anew, without precharge.
      shortDelay_us: flies ? 450 : 195,
      chargeHot_C: limits.chargeOverTemperature_C + 3,
      chargeHotRelease_C: limits.chargeOverTemperature_C - 2,
      dischargeHot_C: limits.overTemperature_C + 5,
      dischargeHotRelease_C: limits.overTemperature_C - 5,
      chargeCold_C: limits.chargeUnderTemperature_C - 3,
      chargeColdRelease_C: limits.chargeUnderTemperature_C,
      dischargeCold_C: limits.underTemperature_C - 5,
      dischargeColdRelease_C: limits.underTemperature_C,
      dieHot_C: limits.boardTemperature_C + 10,
      dieHotRelease_C: limits.boardTemperature_C,
      temperatureDelay_s: 2,
      recovery_s: 5,
      shortRecovery_s: 5,
      latchAfter: 1,
      hostSilence_s: 3,
      balance_s: Math.ceil(config.balance.drain_ms / 1000) + 10,
    },
  };
}

/**
 * In flight a part that stands as it was set up is taken over as it is, so that a new start of the controller cuts nothing; any
 * other is reset. @throws what the part, or its limits, do not allow: see bq76952Open.ts
 */
export function openFrontEnd(config: PackConfig, bus: I2cBus): Bq76952 {
  const wished = frontEnd(config);
  let found: Bq76952Opened | undefined;
  // Garbled answers must not cut the power: it is tried more than once.
  for (let tries = 0; tries < ATTACH_TRIES && found === undefined && config.policy === Policy.Flight; tries++)
    found = bq76952Attach(bus, wished);
  return found === undefined ? bq76952Open(bus, wished).afe : found.afe;
}

/** The limits that apply, on the part's grid, from what was read back when it was opened. */
export function appliedLimits(config: PackConfig, afe: Bq76952): Bq76952Limits {
  const wished = frontEnd(config);
  const settings = bq76952Settings(wished);
  settings.forEach(function (setting, k) {
    // Of four bytes the lower two were kept; no limit has so many.
    setting.value = afe.settings[2 * k + 1] & (setting.bytes === 1 ? 0xff : 0xffff);
  });
  return bq76952Limits(wished, settings);
}
