/**
 * Setting up the TI INA228 and its comparators: identity, reset, calibration, limits, latch, all read back (datasheet section
 * 7.6). Needed at boot and when limits change, never in a tick.
 *
 * Limits are rounded inwards: what applies is never looser than what was asked for, and tighter by less than one step of the
 * register (5 uV over the shunt, 3.125 mV, 7.8125 mdegC).
 */
import type { I2cBus } from '../bus';
import { hex } from './hex';
import { Ina228Flag, Ina228Register, ina228Status, read16, type Ina228, type Ina228Config } from './ina228';

/**
 * What the comparators watch: a single conversion above `highest` or `hottest`, or below `lowest`, pulls ALERT low. Every one has
 * to be given; what fits the registers, and so the largest that can be asked for, `ina228SetLimits` says.
 */
export interface Ina228Limits {
  /** As the shunt is wired: a limit of the other direction is negative. */
  highest_mA: number;
  lowest_mA: number;
  highest_mV: number;
  lowest_mV: number;
  /** Of the die. */
  hottest_C: number;
}

const CONFIG_RESET = 0x8000;
const CONFIG_RESET_ACCUMULATORS = 0x4000;
const MANUFACTURER_TI = 0x5449;
/** The upper twelve bits of DEVICE_ID; the lower four are the die revision. */
const DEVICE = 0x228;
/** The bits of DIAG_ALRT that are settings: latch, alert on every result, on averages only, polarity. */
const DIAGNOSTIC_SETTINGS = 0xf000;

/** One step of SOVL and SUVL at the 163.84 mV range; mA x uOhm are nV. */
const SHUNT_STEP_NV = 5000;
const BUS_STEP_MV = 3.125;
const DIE_STEPS_PER_C = 128;
const MOST_STEPS = 32767;
/** Of a step: keeps a value that lies on a step from being rounded off it. */
const TINY = 1e-6;

/** SHUNT_CAL for the 163.84 mV range. @throws when it does not fit its 15 bits or the shunt's voltage exceeds the range */
export function ina228ShuntCal(config: Ina228Config): number {
  const lsb_A = config.maxCurrent_mA / 1000 / 524288;
  const cal = Math.floor(13107.2e6 * lsb_A * config.shunt_uOhm * 1e-6 + 0.5);
  if (!(cal >= 1 && cal <= 32767)) throw new Error('INA228 SHUNT_CAL is ' + cal + '; allowed: 1 to 32767');
  if (config.maxCurrent_mA * config.shunt_uOhm > 163.84e6)
    throw new Error('INA228 shunt voltage exceeds 163.84 mV at ' + config.maxCurrent_mA + ' mA');
  return cal;
}

/**
 * Resets the part, checks that it is an INA228 and sets it up with these limits, latched. Both switches must be open: the
 * reset, and the read-back of DIAG_ALRT at the end, release ALERT. @throws when another part answers, a limit does not fit or
 * the settings do not hold
 */
export function ina228Open(bus: I2cBus, config: Ina228Config, limits: Ina228Limits): Ina228 {
  const ina: Ina228 = {
    bus: bus,
    address: config.address,
    lsb_mA: config.maxCurrent_mA / 524288,
    expected: new Uint16Array(Ina228Register.TemperatureOver + 1),
    next: Ina228Register.ShuntCal,
  };
  const maker = read16(ina, Ina228Register.ManufacturerId);
  const device = read16(ina, Ina228Register.DeviceId) >> 4;
  if (maker !== MANUFACTURER_TI || device !== DEVICE)
    throw new Error('part at ' + hex(config.address) + ' is ' + hex(maker) + '/' + hex(device) + ', not an INA228');
  write16(ina, Ina228Register.Config, CONFIG_RESET);
  set(ina, Ina228Register.AdcConfig, config.adcConfig);
  set(ina, Ina228Register.ShuntCal, ina228ShuntCal(config));
  write16(ina, Ina228Register.Diagnostics, Ina228Flag.Latched);
  ina228SetLimits(ina, config, limits);
  write16(ina, Ina228Register.Config, CONFIG_RESET_ACCUMULATORS);
  if ((ina228Status(ina) & DIAGNOSTIC_SETTINGS) !== Ina228Flag.Latched) throw new Error('INA228 does not latch alerts');
  return ina;
}

/**
 * Writes the limits and reads every setting back. What is watched meanwhile is the old or the new limit, never none.
 * @throws when a limit does not fit its register, before any is written; when the part does not hold its settings
 */
export function ina228SetLimits(ina: Ina228, config: Ina228Config, limits: Ina228Limits): void {
  const perMilliampere = config.shunt_uOhm / SHUNT_STEP_NV;
  const shuntOver = toSteps('highest_mA', limits.highest_mA, perMilliampere, false, -MOST_STEPS);
  const shuntUnder = toSteps('lowest_mA', limits.lowest_mA, perMilliampere, true, -MOST_STEPS);
  const busOver = toSteps('highest_mV', limits.highest_mV, 1 / BUS_STEP_MV, false, 0);
  const busUnder = toSteps('lowest_mV', limits.lowest_mV, 1 / BUS_STEP_MV, true, 0);
  const hottest = toSteps('hottest_C', limits.hottest_C, DIE_STEPS_PER_C, false, -MOST_STEPS);
  if (shuntUnder > shuntOver || busUnder > busOver) throw new Error('INA228 lowest limit above the highest');
  set(ina, Ina228Register.ShuntOver, shuntOver & 0xffff);
  set(ina, Ina228Register.ShuntUnder, shuntUnder & 0xffff);
  set(ina, Ina228Register.BusOver, busOver);
  set(ina, Ina228Register.BusUnder, busUnder);
  set(ina, Ina228Register.TemperatureOver, hottest & 0xffff);
  ina.next = Ina228Register.ShuntCal;
  for (let register = Ina228Register.AdcConfig; register <= Ina228Register.TemperatureOver; register++) {
    const isSetting = register <= Ina228Register.ShuntCal || register >= Ina228Register.ShuntOver;
    if (isSetting && read16(ina, register) !== ina.expected[register])
      throw new Error('INA228 does not hold its settings');
  }
}

/** The limits that apply, as the registers express them. */
export function ina228Applied(ina: Ina228, config: Ina228Config): Ina228Limits {
  const expected = ina.expected;
  const perStep_mA = SHUNT_STEP_NV / config.shunt_uOhm;
  return {
    highest_mA: signed(expected[Ina228Register.ShuntOver]) * perStep_mA,
    lowest_mA: signed(expected[Ina228Register.ShuntUnder]) * perStep_mA,
    highest_mV: expected[Ina228Register.BusOver] * BUS_STEP_MV,
    lowest_mV: expected[Ina228Register.BusUnder] * BUS_STEP_MV,
    hottest_C: signed(expected[Ina228Register.TemperatureOver]) / DIE_STEPS_PER_C,
  };
}

/** The limit in steps of its register, rounded down or up. @throws when it does not fit */
function toSteps(name: string, value: number, perUnit: number, up: boolean, lowest: number): number {
  const steps = up ? Math.ceil(value * perUnit - TINY) : Math.floor(value * perUnit + TINY);
  if (!(steps >= lowest && steps <= MOST_STEPS))
    throw new Error(
      'INA228 ' + name + ' is ' + value + '; allowed: ' + lowest / perUnit + ' to ' + MOST_STEPS / perUnit,
    );
  return steps;
}

const signed = (raw: number): number => (raw & 0x8000 ? raw - 0x10000 : raw);

function set(ina: Ina228, register: number, value: number): void {
  ina.expected[register] = value;
  write16(ina, register, value);
}

function write16(ina: Ina228, register: number, value: number): void {
  ina.bus.writeTo(ina.address, [register, value >> 8, value & 255]);
}
