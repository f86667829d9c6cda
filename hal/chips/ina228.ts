/**
 * TI INA228: shunt current, bus voltage, charge and die temperature over I2C, and comparators that work without the processor.
 * Register numbers and scales from its datasheet, section 7.6. This is what a tick needs; `ina228Open.ts` sets the part up.
 *
 * Every read is one transaction and throws what the bus throws. Values come out in mV, mA (as the shunt is wired: positive
 * when the high side is more positive), mC and degC.
 *
 * The latch. The comparators look at every single conversion. One that finds its limit crossed pulls ALERT low, which opens the
 * board's switches in hardware, and ALERT stays low until DIAG_ALRT is READ. So the read that tells why is also the one that
 * closes the gate again. Whoever calls `ina228Sample` or `ina228Status` therefore
 *   1. looks at the ALERT pin first;
 *   2. if it is low, writes both switch pins low;
 *   3. and only then reads the status;
 *   4. takes a status with any of `Ina228Flag.AnyLimit` for an alert too: ALERT may have fallen after the look.
 * A condition that lasts pulls ALERT low again within 0.7 ms.
 * A part that reset itself has no latch and no limits and releases ALERT: its status lacks `Ina228Flag.Latched`.
 */
import type { I2cBus } from '../bus';

/** Registers that are used (datasheet section 7.6). */
export enum Ina228Register {
  Config = 0x00,
  AdcConfig = 0x01,
  ShuntCal = 0x02,
  BusVoltage = 0x05,
  DieTemperature = 0x06,
  Current = 0x07,
  Charge = 0x0a,
  Diagnostics = 0x0b,
  ShuntOver = 0x0c,
  ShuntUnder = 0x0d,
  BusOver = 0x0e,
  BusUnder = 0x0f,
  TemperatureOver = 0x10,
  ManufacturerId = 0x3e,
  DeviceId = 0x3f,
}

/** Bits of DIAG_ALRT. */
export enum Ina228Flag {
  MemoryOk = 0x0001,
  ConversionReady = 0x0002,
  UnderVoltage = 0x0008,
  OverVoltage = 0x0010,
  /** The current was below its lowest limit: too high a current of the negative sign. */
  UnderCurrent = 0x0020,
  OverCurrent = 0x0040,
  OverTemperature = 0x0080,
  /** The five above. */
  AnyLimit = 0x00f8,
  MathOverflow = 0x0200,
  /** A setting, not an event: alerts are latched. Missing after the part reset itself. */
  Latched = 0x8000,
}

const VBUS_MV_PER_LSB = 0.1953125;
/** 7.8125 mdegC are 1/128 degC. */
const DIE_LSB_PER_C = 128;

/** How a board uses the part. */
export interface Ina228Config {
  address: number;
  shunt_uOhm: number;
  /** Full scale of the current register; sets its resolution. */
  maxCurrent_mA: number;
  /** ADC_CONFIG as a whole: mode, three conversion times, averaging. */
  adcConfig: number;
}

/** A part that is set up (`ina228Open`), by its 7-bit address. */
export interface Ina228 {
  bus: I2cBus;
  address: number;
  lsb_mA: number;
  /** What ADC_CONFIG, SHUNT_CAL and the five limits were given, by register number. */
  expected: Uint16Array;
  /** The register that `ina228Holds` looks at next. */
  next: number;
}

/**
 * Whether the part still has the settings and limits it was given. Each call looks at ADC_CONFIG, which a reset changes, and at
 * one of the others in turn: six calls see all. One that differs is looked at again until it holds.
 */
export function ina228Holds(ina: Ina228): boolean {
  const register = ina.next;
  if (read16(ina, register) !== ina.expected[register]) return false;
  ina.next =
    register === Ina228Register.TemperatureOver
      ? Ina228Register.ShuntCal
      : register === Ina228Register.ShuntCal
        ? Ina228Register.ShuntOver
        : register + 1;
  return read16(ina, Ina228Register.AdcConfig) === ina.expected[Ina228Register.AdcConfig];
}

/** DIAG_ALRT. Reading it clears the flags and releases ALERT: see the latch above. */
export function ina228Status(ina: Ina228): number {
  return read16(ina, Ina228Register.Diagnostics);
}

/** What a tick reads. */
export interface Ina228Sample {
  /** DIAG_ALRT, as `ina228Status` has it. */
  status: number;
  /** At the bus pin, 0 to 85,000. */
  voltage_mV: number;
  /** Through the shunt. */
  current_mA: number;
}

/** Reads the status and, when there is a new result, voltage and current. @returns whether there was one */
export function ina228Sample(ina: Ina228, into: Ina228Sample): boolean {
  const bus = ina.bus;
  const address = ina.address;
  let b = bus.readReg(address, Ina228Register.Diagnostics, 2);
  into.status = (b[0] << 8) | b[1];
  if (!(b[1] & Ina228Flag.ConversionReady)) return false;
  b = bus.readReg(address, Ina228Register.BusVoltage, 3);
  into.voltage_mV = ((b[0] << 12) | (b[1] << 4) | (b[2] >> 4)) * VBUS_MV_PER_LSB;
  b = bus.readReg(address, Ina228Register.Current, 3);
  const raw = (b[0] << 12) | (b[1] << 4) | (b[2] >> 4);
  into.current_mA = (raw & 0x80000 ? raw - 0x100000 : raw) * ina.lsb_mA;
  return true;
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

/** A register of two bytes, without sign. */
export function read16(ina: Ina228, register: number): number {
  const b = ina.bus.readReg(ina.address, register, 2);
  return (b[0] << 8) | b[1];
}
