/**
 * TI INA228: shunt current, bus voltage, charge and die temperature over I2C. Register numbers and scales from its datasheet,
 * section 7.6.
 *
 * Every read is one transaction and throws what the bus throws. Values come out in mV, mA (as the shunt is wired: positive
 * when the high side is more positive), mC and degC.
 */
import type { I2cBus } from '../bus';

export enum Ina228Register {
  Config = 0x00,
  AdcConfig = 0x01,
  ShuntCal = 0x02,
  BusVoltage = 0x05,
  DieTemperature = 0x06,
  Current = 0x07,
  Charge = 0x0a,
  Diagnostics = 0x0b,
  ManufacturerId = 0x3e,
  DeviceId = 0x3f,
}

/** Bits of DIAG_ALRT. */
export enum Ina228Flag {
  MemoryOk = 0x0001,
  ConversionReady = 0x0002,
  MathOverflow = 0x0200,
}
/** Latched alerts: reading the register clears the flags, the conversion-ready one included. */
const ALERT_LATCH = 0x8000;

const CONFIG_RESET = 0x8000;
const CONFIG_RESET_ACCUMULATORS = 0x4000;
const VBUS_MV_PER_LSB = 0.1953125;
/** 7.8125 mdegC are 1/128 degC. */
const DIE_LSB_PER_C = 128;
const MANUFACTURER_TI = 0x5449;
/** The upper twelve bits of DEVICE_ID; the lower four are the die revision. */
const DEVICE = 0x228;

/** How a board uses the part. */
export interface Ina228Config {
  address: number;
  shunt_uOhm: number;
  /** Full scale of the current register; sets its resolution. */
  maxCurrent_mA: number;
  /** ADC_CONFIG as a whole: mode, three conversion times, averaging. */
  adcConfig: number;
}

export interface Ina228 {
  bus: I2cBus;
  address: number;
  adcConfig: number;
  shuntCal: number;
  lsb_mA: number;
}

/** SHUNT_CAL for the 163.84 mV range. @throws when it does not fit its 15 bits or the shunt's voltage exceeds the range */
export function ina228ShuntCal(config: Ina228Config): number {
  const lsb_A = config.maxCurrent_mA / 1000 / 524288;
  const cal = Math.floor(13107.2e6 * lsb_A * config.shunt_uOhm * 1e-6 + 0.5);
  if (cal < 1 || cal > 32767) throw new Error('INA228 SHUNT_CAL is ' + cal + '; allowed: 1 to 32767');
  if (config.maxCurrent_mA * config.shunt_uOhm > 163.84e6)
    throw new Error('INA228 shunt voltage exceeds 163.84 mV at ' + config.maxCurrent_mA + ' mA');
  return cal;
}

/** Resets the part, checks that it is an INA228 and sets it up. @throws when another part answers or the settings do not hold */
export function ina228Open(bus: I2cBus, config: Ina228Config): Ina228 {
  const ina: Ina228 = {
    bus: bus,
    address: config.address,
    adcConfig: config.adcConfig,
    shuntCal: ina228ShuntCal(config),
    lsb_mA: config.maxCurrent_mA / 524288,
  };
  const maker = read16(ina, Ina228Register.ManufacturerId);
  const device = read16(ina, Ina228Register.DeviceId) >> 4;
  if (maker !== MANUFACTURER_TI || device !== DEVICE)
    throw new Error('part at ' + config.address + ' is ' + maker + '/' + device + ', not an INA228');
  write16(ina, Ina228Register.Config, CONFIG_RESET);
  write16(ina, Ina228Register.AdcConfig, ina.adcConfig);
  write16(ina, Ina228Register.ShuntCal, ina.shuntCal);
  write16(ina, Ina228Register.Diagnostics, ALERT_LATCH);
  write16(ina, Ina228Register.Config, CONFIG_RESET_ACCUMULATORS);
  if (!ina228Holds(ina)) throw new Error('INA228 does not hold its settings');
  return ina;
}

/** Whether the part still has the settings it was given: false after it reset itself. */
export function ina228Holds(ina: Ina228): boolean {
  return (
    read16(ina, Ina228Register.AdcConfig) === ina.adcConfig && read16(ina, Ina228Register.ShuntCal) === ina.shuntCal
  );
}

/** DIAG_ALRT; reading it clears the flags. */
export function ina228Status(ina: Ina228): number {
  const b = ina.bus.readReg(ina.address, Ina228Register.Diagnostics, 2);
  return (b[0] << 8) | b[1];
}

/** Bus voltage [mV], 0 to 85,000. */
export function ina228Voltage_mV(ina: Ina228): number {
  const b = ina.bus.readReg(ina.address, Ina228Register.BusVoltage, 3);
  return ((b[0] << 12) | (b[1] << 4) | (b[2] >> 4)) * VBUS_MV_PER_LSB;
}

/** Shunt current [mA]. */
export function ina228Current_mA(ina: Ina228): number {
  const b = ina.bus.readReg(ina.address, Ina228Register.Current, 3);
  const raw = (b[0] << 12) | (b[1] << 4) | (b[2] >> 4);
  return (raw & 0x80000 ? raw - 0x100000 : raw) * ina.lsb_mA;
}

/** Charge since the accumulator was reset [mC]: 40 bits, so put together by multiplication. */
export function ina228Charge_mC(ina: Ina228): number {
  const b = ina.bus.readReg(ina.address, Ina228Register.Charge, 5);
  const high = (b[0] << 8) | b[1];
  const raw = (high & 0x8000 ? high - 0x10000 : high) * 16777216 + b[2] * 65536 + b[3] * 256 + b[4];
  return raw * ina.lsb_mA;
}

/** Temperature of the die [degC], -256 to 256: the board's, a little warmer than its surroundings. */
export function ina228DieTemperature_C(ina: Ina228): number {
  const raw = read16(ina, Ina228Register.DieTemperature);
  return (raw & 0x8000 ? raw - 0x10000 : raw) / DIE_LSB_PER_C;
}

function read16(ina: Ina228, register: number): number {
  const b = ina.bus.readReg(ina.address, register, 2);
  return (b[0] << 8) | b[1];
}

function write16(ina: Ina228, register: number, value: number): void {
  ina.bus.writeTo(ina.address, [register, value >> 8, value & 255]);
}
