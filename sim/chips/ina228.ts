/**
 * Register-level model of the TI INA228 (datasheet SBOSA20, sections 6.5, 7.3 and 7.6): conversions with their times and
 * averaging, 20-bit results, shunt calibration, the 40-bit charge and energy accumulators, the limits and their flags,
 * saturation, noise, gain and offset errors. Input is constant between two calls of `run`.
 *
 * Left out: the die is warmer than its surroundings by a constant, at once, and its sensor has no noise; the energy and charge
 * accumulators see no conversion noise (it averages out).
 */
import type { Bytes } from '../../hal/bus';
import type { Random } from '../random';
import { UndefinedAccess, type I2cPart } from './bus';

const CONVERSION_US = [50, 84, 150, 280, 540, 1052, 2074, 4120];
const AVERAGES = [1, 4, 16, 64, 128, 256, 512, 1024];
const SHUNT_LSB_V = [312.5e-9, 78.125e-9];
const BUS_LSB_V = 195.3125e-6;
const TEMPERATURE_LSB_C = 7.8125e-3;
const FULL = 524288;
const FULL_40 = 2 ** 39;

/** Register: bytes, whether it can be written, value after reset. */
const REGISTERS: Record<number, [bytes: number, writable: boolean, reset: number]> = {
  0x00: [2, true, 0x0000], // CONFIG
  0x01: [2, true, 0xfb68], // ADC_CONFIG
  0x02: [2, true, 0x1000], // SHUNT_CAL
  0x03: [2, true, 0x0000], // SHUNT_TEMPCO
  0x04: [3, false, 0], // VSHUNT
  0x05: [3, false, 0], // VBUS
  0x06: [2, false, 0], // DIETEMP
  0x07: [3, false, 0], // CURRENT
  0x08: [3, false, 0], // POWER
  0x09: [5, false, 0], // ENERGY
  0x0a: [5, false, 0], // CHARGE
  0x0b: [2, true, 0x0001], // DIAG_ALRT
  0x0c: [2, true, 0x7fff], // SOVL
  0x0d: [2, true, 0x8000], // SUVL
  0x0e: [2, true, 0x7fff], // BOVL
  0x0f: [2, true, 0x0000], // BUVL
  0x10: [2, true, 0x7fff], // TEMP_LIMIT
  0x11: [2, true, 0xffff], // PWR_LIMIT
  0x3e: [2, false, 0x5449], // MANUFACTURER_ID
  0x3f: [2, false, 0x2281], // DEVICE_ID
};
const CONFIG = 0x00;
const ADC_CONFIG = 0x01;
const SHUNT_CAL = 0x02;
const DIAG = 0x0b;

/** Bits of DIAG_ALRT. */
const MEMORY_OK = 0x0001;
const CONVERSION_READY = 0x0002;
const POWER_OVER = 0x0004;
const BUS_UNDER = 0x0008;
const BUS_OVER = 0x0010;
const SHUNT_UNDER = 0x0020;
const SHUNT_OVER = 0x0040;
const TEMPERATURE_OVER = 0x0080;
const MATH_OVERFLOW = 0x0200;
const CHARGE_OVERFLOW = 0x0400;
const ENERGY_OVERFLOW = 0x0800;
const LATCH = 0x8000;
const ALERTS = POWER_OVER | BUS_UNDER | BUS_OVER | SHUNT_UNDER | SHUNT_OVER | TEMPERATURE_OVER;
const SETTINGS = 0xf100;

/** The errors of one specimen. The defaults are typical values of the datasheet, section 6.5. */
export interface Ina228Errors {
  shunt_ohm: number;
  shuntOffset_V: number;
  shuntGain: number;
  busOffset_V: number;
  busGain: number;
  /** Noise of one conversion of 1052 us without averaging, one sigma. */
  shuntNoise_V: number;
  busNoise_V: number;
  /** Error of the die's temperature sensor: within +-1 degC at 25 degC. */
  temperatureOffset_C: number;
  /** By how much the die is warmer than the surroundings of the board. */
  selfHeating_C: number;
}

/** Largest error of the die's temperature sensor at 25 degC. */
export const INA228_TEMPERATURE_LIMIT_C = 1;

export const INA228_TYPICAL: Ina228Errors = {
  shunt_ohm: 0.02,
  shuntOffset_V: 0.3e-6,
  shuntGain: 1.0001,
  busOffset_V: 0.2e-3,
  busGain: 1.0001,
  shuntNoise_V: 1e-6,
  busNoise_V: 300e-6,
  temperatureOffset_C: 0,
  // Assumed. The part's own 2 to 3 mW make about 0.5 degC; regulator, controller and shunt beside it the rest.
  selfHeating_C: 2,
};

export class Ina228Model implements I2cPart {
  private readonly settings = new Uint16Array(0x40);
  private flags = MEMORY_OK;
  private shuntRaw = 0;
  private busRaw = 0;
  private temperatureRaw = 0;
  private currentRaw = 0;
  private powerRaw = 0;
  /** In register units, with the fraction that has not yet made a full one. */
  private charge = 0;
  private energy = 0;
  /** Temperature of the surroundings of the board [degC]. */
  ambient_C = 25;

  private pointer = 0;
  /** Conversion window: its length (0: the part is not converting), how far it has come, what it has gathered. */
  private period_s = 0;
  private phase_s = 0;
  private busSum = 0;
  private shuntSum = 0;
  private triggered = false;
  private noiseScale = 1;

  constructor(
    private readonly random: Random,
    private readonly errors: Ina228Errors = INA228_TYPICAL,
  ) {
    this.reset();
  }

  /** Power-up, or CONFIG.RST. */
  reset(): void {
    for (const [register, [, , value]] of Object.entries(REGISTERS)) this.settings[Number(register)] = value;
    this.flags = MEMORY_OK;
    this.shuntRaw = this.busRaw = this.temperatureRaw = this.currentRaw = this.powerRaw = 0;
    this.charge = this.energy = 0;
    this.configure();
  }

  /** Lets the part live for `dt_s` at constant voltage at its VBUS pin and current through its shunt [V, A]. */
  run(dt_s: number, bus_V: number, current_A: number): void {
    const period_s = this.period_s;
    if (period_s === 0) return;
    const e = this.errors;
    const shunt_V = current_A * e.shunt_ohm * e.shuntGain + e.shuntOffset_V;
    const pin_V = bus_V * e.busGain + e.busOffset_V;
    this.accumulate(dt_s, shunt_V, pin_V);
    const missing_s = period_s - this.phase_s;
    if (dt_s < missing_s) {
      this.busSum += pin_V * dt_s;
      this.shuntSum += shunt_V * dt_s;
      this.phase_s += dt_s;
      return;
    }
    const after_s = dt_s - missing_s;
    const whole = this.triggered ? 0 : Math.floor(after_s / period_s);
    if (whole > 0) this.convert(pin_V, shunt_V);
    else this.convert((this.busSum + pin_V * missing_s) / period_s, (this.shuntSum + shunt_V * missing_s) / period_s);
    this.phase_s = after_s - whole * period_s;
    this.busSum = pin_V * this.phase_s;
    this.shuntSum = shunt_V * this.phase_s;
    if (this.triggered) this.period_s = 0;
  }

  readReg(register: number, out: Uint8Array): void {
    this.pointer = register;
    this.readFrom(out);
  }

  readFrom(out: Uint8Array): void {
    const register = this.pointer;
    const known = REGISTERS[register];
    if (known === undefined) throw new UndefinedAccess(`INA228 has no register 0x${register.toString(16)}`);
    if (out.length !== known[0])
      throw new UndefinedAccess(`INA228 register 0x${register.toString(16)} has ${known[0]} bytes, not ${out.length}`);
    switch (register) {
      case 0x04:
        return put(out, this.shuntRaw * 16);
      case 0x05:
        return put(out, this.busRaw * 16);
      case 0x06:
        return put(out, this.temperatureRaw);
      case 0x07:
        return put(out, this.currentRaw * 16);
      case 0x08:
        return put(out, this.powerRaw);
      case 0x09:
        return put(out, Math.floor(this.energy));
      case 0x0a:
        return put(out, Math.floor(this.charge));
      case DIAG:
        put(out, (this.settings[DIAG]! & SETTINGS) | this.flags);
        // In latch mode a read clears the flags; else only the condition's end does.
        if (this.settings[DIAG]! & LATCH) this.flags &= ~(ALERTS | CONVERSION_READY);
        return;
      default:
        return put(out, this.settings[register]!);
    }
  }

  writeTo(bytes: Bytes): void {
    if (bytes.length === 0) return;
    const register = bytes[0]!;
    const known = REGISTERS[register];
    if (known === undefined) throw new UndefinedAccess(`INA228 has no register 0x${register.toString(16)}`);
    this.pointer = register;
    if (bytes.length === 1) return;
    if (!known[1]) throw new UndefinedAccess(`INA228 register 0x${register.toString(16)} is read-only`);
    if (bytes.length !== 3) throw new UndefinedAccess(`INA228 takes 2 bytes per write, not ${bytes.length - 1}`);
    const value = (bytes[1]! << 8) | bytes[2]!;
    if (register === CONFIG && value & 0x8000) return this.reset();
    if (register === CONFIG && value & 0x4000) this.charge = this.energy = 0;
    if (register === SHUNT_CAL && value & 0x8000) throw new UndefinedAccess('INA228 SHUNT_CAL has 15 bits');
    this.settings[register] = register === CONFIG ? value & 0x3ff0 : register === DIAG ? value & SETTINGS : value;
    if (register === ADC_CONFIG || register === CONFIG) this.configure();
  }

  /** Mode, conversion times and averaging from ADC_CONFIG; starts a new window. */
  private configure(): void {
    const config = this.settings[ADC_CONFIG]!;
    const mode = config >> 12;
    const times = [(config >> 9) & 7, (config >> 6) & 7, (config >> 3) & 7];
    const averages = AVERAGES[config & 7]!;
    let perRound_us = 0;
    for (let channel = 0; channel < 3; channel++)
      if (mode & (1 << channel)) perRound_us += CONVERSION_US[times[channel]!]!;
    this.period_s = (perRound_us * averages) / 1e6;
    this.triggered = mode < 8;
    this.phase_s = this.busSum = this.shuntSum = 0;
    this.noiseScale = 1 / Math.sqrt(averages);
    this.flags &= ~CONVERSION_READY;
  }

  private accumulate(dt_s: number, shunt_V: number, pin_V: number): void {
    const lsb_V = SHUNT_LSB_V[(this.settings[CONFIG]! >> 4) & 1]!;
    const current = (shunt_V / lsb_V) * (4096 / this.settings[SHUNT_CAL]!);
    this.charge += current * dt_s;
    this.energy += (Math.abs(current) * pin_V * dt_s) / (16 * 3.2);
    if (Math.abs(this.charge) >= FULL_40) this.flags |= CHARGE_OVERFLOW;
    if (this.energy >= 2 * FULL_40) this.flags |= ENERGY_OVERFLOW;
  }

  private convert(pin_V: number, shunt_V: number): void {
    const lsb_V = SHUNT_LSB_V[(this.settings[CONFIG]! >> 4) & 1]!;
    const e = this.errors;
    const busNoise_V = e.busNoise_V * this.noiseScale * this.random.normal();
    const shuntNoise_V = e.shuntNoise_V * this.noiseScale * this.random.normal();
    this.busRaw = clamp((pin_V + busNoise_V) / BUS_LSB_V, 0);
    this.shuntRaw = clamp((shunt_V + shuntNoise_V) / lsb_V, -FULL);
    const current = (this.shuntRaw * 4096) / this.settings[SHUNT_CAL]!;
    this.currentRaw = clamp(current, -FULL);
    this.powerRaw = Math.min(0xffffff, Math.round((Math.abs(this.currentRaw) * this.busRaw * BUS_LSB_V) / 3.2));
    const die_C = this.ambient_C + e.selfHeating_C + e.temperatureOffset_C;
    this.temperatureRaw = Math.max(-0x8000, Math.min(0x7fff, Math.round(die_C / TEMPERATURE_LSB_C)));
    let flags = this.flags;
    // A saturated result is no result: the part reports it as an arithmetic overflow.
    if (this.shuntRaw === FULL - 1 || this.shuntRaw === -FULL || Math.abs(current) >= FULL) flags |= MATH_OVERFLOW;
    else flags &= ~MATH_OVERFLOW;
    if (!(this.settings[DIAG]! & LATCH)) flags &= ~ALERTS;
    this.flags = flags | this.alerts() | CONVERSION_READY;
  }

  private alerts(): number {
    const limit = this.settings;
    let flags = 0;
    if (this.shuntRaw > signed(limit[0x0c]!) * 16) flags |= SHUNT_OVER;
    if (this.shuntRaw < signed(limit[0x0d]!) * 16) flags |= SHUNT_UNDER;
    if (this.busRaw > limit[0x0e]! * 16) flags |= BUS_OVER;
    if (this.busRaw < limit[0x0f]! * 16) flags |= BUS_UNDER;
    if (this.temperatureRaw > signed(limit[0x10]!)) flags |= TEMPERATURE_OVER;
    if (this.powerRaw > limit[0x11]! * 256) flags |= POWER_OVER;
    return flags;
  }
}

/** Rounds to a 20-bit two's-complement result, saturating at `low` and full scale. */
function clamp(value: number, low: number): number {
  return value >= FULL - 1 ? FULL - 1 : value <= low ? low : Math.round(value);
}

const signed = (value: number): number => (value & 0x8000 ? value - 0x10000 : value);

/** Big-endian two's complement over the whole of `out`. */
function put(out: Uint8Array, value: number): void {
  let rest = value;
  for (let k = out.length - 1; k >= 0; k--) {
    out[k] = rest;
    rest = Math.floor(rest / 256);
  }
}
