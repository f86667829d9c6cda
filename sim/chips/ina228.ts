/**
 * Register-level model of the TI INA228 (datasheet SBOSA20, sections 6.5, 7.3 and 7.6): conversions with their times and
 * averaging, 20-bit results, shunt calibration, the 40-bit charge and energy accumulators, the comparators and their latch,
 * saturation, noise, gain and offset errors. Input is constant between two calls of `run`.
 *
 * Noise is white: that of an average falls with the root of the time converted in all, whatever the split into conversions.
 * Section 8.1.3 of the datasheet has about that, half a bit for each doubling.
 *
 * The comparators see every single conversion with the noise of one, in rounds of bus, shunt and temperature (the order is
 * assumed); a change in the middle of a conversion makes a value in between. What a conversion had gathered before the change
 * is taken at the input just before it.
 *
 * Left out: the die is warmer than its surroundings by a constant, at once, and its sensor has no noise; the energy and charge
 * accumulators see no conversion noise (it averages out); the power limit, and with SLOWALERT all limits, are compared with the
 * averaged result at the end of its window; the internal oscillator is exact.
 */
import type { Bytes } from '../../hal/bus';
import type { Random } from '../random';
import { UndefinedAccess, type I2cPart } from './bus';
import { Comparator } from './comparator';

const CONVERSION_US = [50, 84, 150, 280, 540, 1052, 2074, 4120];
const AVERAGES = [1, 4, 16, 64, 128, 256, 512, 1024];
const SHUNT_LSB_V = [312.5e-9, 78.125e-9];
const BUS_LSB_V = 195.3125e-6;
const TEMPERATURE_LSB_C = 7.8125e-3;
const FULL = 524288;
const FULL_40 = 2 ** 39;
/** The noise of a specimen is that of a conversion of this length. */
const NOISE_CONVERSION_US = 1052;

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
const SOVL = 0x0c;
const SUVL = 0x0d;
const BOVL = 0x0e;
const BUVL = 0x0f;
const TEMP_LIMIT = 0x10;
const PWR_LIMIT = 0x11;

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
const ALERT_ON_READY = 0x4000;
const SLOW_ALERT = 0x2000;
const ACTIVE_HIGH = 0x1000;
const ALERTS = POWER_OVER | BUS_UNDER | BUS_OVER | SHUNT_UNDER | SHUNT_OVER | TEMPERATURE_OVER;
const SETTINGS = 0xf100;

/** What asserts when a comparator finds its limits crossed, in the order of conversions in a round: bus, shunt, temperature. */
const CHANNEL_ALERTS = [
  { under: BUS_UNDER, over: BUS_OVER },
  { under: SHUNT_UNDER, over: SHUNT_OVER },
  { under: 0, over: TEMPERATURE_OVER },
];

/** The errors of one specimen. The defaults are typical values of the datasheet, section 6.5. */
export interface Ina228Errors {
  shunt_ohm: number;
  shuntOffset_V: number;
  shuntGain: number;
  busOffset_V: number;
  busGain: number;
  /** Noise of one conversion of 1052 us without averaging, one sigma. Assumed. */
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

/** An INA228 on a simulated bus: as a driver sees it, and its ALERT pin. */
export class Ina228Model implements I2cPart {
  private readonly settings = new Uint16Array(0x40);
  private flags = MEMORY_OK;
  private shuntRaw = 0;
  private busRaw = 0;
  private temperatureRaw = 0;
  private currentRaw = 0;
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
  /** One round of conversions, of which a window has as many as are averaged. */
  private round_s = 0;
  /** Noise of an averaged result, as a fraction of the specimen's. */
  private busNoise = 1;
  private shuntNoise = 1;

  private readonly comparators = [new Comparator(), new Comparator(), new Comparator()] as const;
  /** Inputs between these assert nothing, noise included. */
  private calmBusLow_V = -Infinity;
  private calmBusHigh_V = Infinity;
  private calmLow_A = -Infinity;
  private calmHigh_A = Infinity;
  private calmHigh_C = Infinity;
  /** The conversions under way have seen such inputs only, and nothing is asserted. */
  private settled = false;
  private fullScale_V = 0;
  private shuntLsb_V = SHUNT_LSB_V[0]!;
  /** The flags that assert ALERT, and whether that drives the pin high. */
  private alerting = ALERTS;
  private activeHigh = false;
  /** The input of the last `run`. */
  private pin_V = 0;
  private shunt_V = 0;
  /** How far the comparators are ahead of `run`. */
  private watched_s = 0;

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
    this.shuntRaw = this.busRaw = this.temperatureRaw = this.currentRaw = 0;
    this.charge = this.energy = 0;
    this.configure();
  }

  /** ALERT is asserted: a limit was crossed, or a result is ready where that is asked for. */
  get alert(): boolean {
    return (this.flags & this.alerting) !== 0;
  }

  /** Level of the open-drain ALERT pin under its pull-up. */
  get alertPin(): boolean {
    return ((this.flags & this.alerting) !== 0) === this.activeHigh;
  }

  /**
   * Nothing is asserted, and nothing will be at this current and within `swing_V` of this voltage, whatever the noise: `run` may
   * be called without `alertAfter_s`.
   */
  isCalm(bus_V: number, current_A: number, swing_V: number): boolean {
    return this.settled && this.isWithin(bus_V, current_A, swing_V);
  }

  /** By how much this voltage may change before a comparator could assert [V]; negative where one already could. */
  voltageMargin_V(bus_V: number): number {
    return Math.min(bus_V - this.calmBusLow_V, this.calmBusHigh_V - bus_V);
  }

  /**
   * Lets the comparators see the next `dt_s` at constant voltage and current, up to the first conversion that makes ALERT fall.
   * @returns how far they came: `dt_s`, or the time until ALERT fell. `run` is to be called next, with that time.
   */
  alertAfter_s(dt_s: number, bus_V: number, current_A: number): number {
    this.watched_s = this.isCalm(bus_V, current_A, 0) ? dt_s : this.look(dt_s, bus_V, current_A, this.alert ? dt_s : 0);
    return this.watched_s;
  }

  /** Lets the part live for `dt_s` at constant voltage at its VBUS pin and current through its shunt [V, A]. */
  run(dt_s: number, bus_V: number, current_A: number): void {
    const period_s = this.period_s;
    if (period_s === 0) return;
    const shunt_V = this.shuntVoltage_V(current_A);
    const pin_V = this.pinVoltage_V(bus_V);
    if (this.watched_s === dt_s) this.watched_s = 0;
    else if (!this.isCalm(bus_V, current_A, 0)) this.look(dt_s, bus_V, current_A, dt_s);
    this.shunt_V = shunt_V;
    this.pin_V = pin_V;
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

  private isWithin(bus_V: number, current_A: number, swing_V: number): boolean {
    return (
      bus_V - swing_V > this.calmBusLow_V &&
      bus_V + swing_V < this.calmBusHigh_V &&
      current_A > this.calmLow_A &&
      current_A < this.calmHigh_A &&
      this.ambient_C < this.calmHigh_C
    );
  }

  /**
   * The comparators over `dt_s`, flags set for what crosses up to `least_s` or, when that is later, up to the first crossing.
   * @returns how far they were let come: `dt_s` when nothing crosses
   */
  private look(dt_s: number, bus_V: number, current_A: number, least_s: number): number {
    if (this.period_s === 0) return dt_s;
    const span_s = this.triggered ? Math.min(dt_s, this.period_s - this.phase_s) : dt_s;
    const die_C = this.die_C;
    const before = [this.pin_V, this.shunt_V, die_C];
    const now = [this.pinVoltage_V(bus_V), this.shuntVoltage_V(current_A), die_C];
    const phase_s = this.phase_s % this.round_s;
    const at_s = this.comparators.map((comparator, k) =>
      comparator.crossing_s(span_s, phase_s, this.round_s, before[k]!, now[k]!, this.random),
    );
    const until_s = Math.max(least_s, Math.min(dt_s, ...at_s));
    for (const [k, comparator] of this.comparators.entries()) {
      const { under, over } = CHANNEL_ALERTS[k]!;
      if (!(this.settings[DIAG]! & LATCH) && comparator.ends_s(phase_s, this.round_s) <= until_s)
        this.flags &= ~(under | over);
      if (at_s[k]! <= until_s) this.flags |= comparator.isOver(before[k]!, now[k]!) ? over : under;
    }
    this.settled = this.isWithin(bus_V, current_A, 0) && !(this.flags & ALERTS);
    return until_s;
  }

  private get die_C(): number {
    return this.ambient_C + this.errors.selfHeating_C + this.errors.temperatureOffset_C;
  }

  /** What the converters see: gain and offset are the specimen's, and the modulator saturates at full scale. */
  private pinVoltage_V(bus_V: number): number {
    return bus_V * this.errors.busGain + this.errors.busOffset_V;
  }
  private shuntVoltage_V(current_A: number): number {
    const e = this.errors;
    const shunt_V = current_A * e.shunt_ohm * e.shuntGain + e.shuntOffset_V;
    return Math.abs(shunt_V) < this.fullScale_V ? shunt_V : Math.sign(shunt_V) * this.fullScale_V;
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
    else if (register >= DIAG) this.setComparators();
  }

  /** Mode, conversion times and averaging from ADC_CONFIG; starts a new window. */
  private configure(): void {
    const config = this.settings[ADC_CONFIG]!;
    const mode = config >> 12;
    const times = [(config >> 9) & 7, (config >> 6) & 7, (config >> 3) & 7];
    const averages = AVERAGES[config & 7]!;
    const conversions_us = [0, 1, 2].map((k) => (mode & (1 << k) ? CONVERSION_US[times[k]!]! : 0));
    let end_us = 0;
    for (const [k, comparator] of this.comparators.entries()) {
      end_us += conversions_us[k]!;
      comparator.length_s = conversions_us[k]! / 1e6;
      comparator.end_s = end_us / 1e6;
    }
    this.round_s = end_us / 1e6;
    this.period_s = (end_us * averages) / 1e6;
    this.triggered = mode < 8;
    this.phase_s = this.busSum = this.shuntSum = 0;
    [this.busNoise, this.shuntNoise] = [conversions_us[0]!, conversions_us[1]!].map((us) =>
      us === 0 ? 0 : Math.sqrt(NOISE_CONVERSION_US / (us * averages)),
    ) as [number, number];
    this.flags &= ~CONVERSION_READY;
    this.setComparators();
  }

  /** Limits and noise of single conversions, and between which inputs they are without effect. */
  private setComparators(): void {
    const limit = this.settings;
    const e = this.errors;
    this.alerting = limit[DIAG]! & ALERT_ON_READY ? ALERTS | CONVERSION_READY : ALERTS;
    this.activeHigh = (limit[DIAG]! & ACTIVE_HIGH) !== 0;
    const shuntLsb_V = SHUNT_LSB_V[(limit[CONFIG]! >> 4) & 1]!;
    this.shuntLsb_V = shuntLsb_V;
    const [bus, shunt, temperature] = this.comparators;
    for (const comparator of this.comparators) [comparator.low, comparator.high] = [-Infinity, Infinity];
    if (!(limit[DIAG]! & SLOW_ALERT)) {
      // Results are rounded: one asserts from half a step beyond the limit. Below the lowest result lies none.
      if (limit[BUVL]! > 0) bus.low = (limit[BUVL]! * 16 - 0.5) * BUS_LSB_V;
      bus.high = (limit[BOVL]! * 16 + 0.5) * BUS_LSB_V;
      if (limit[SUVL] !== 0x8000) shunt.low = (signed(limit[SUVL]!) * 16 - 0.5) * shuntLsb_V;
      shunt.high = (signed(limit[SOVL]!) * 16 + 0.5) * shuntLsb_V;
      temperature.high = (signed(limit[TEMP_LIMIT]!) + 0.5) * TEMPERATURE_LSB_C;
    }
    const averages = AVERAGES[limit[ADC_CONFIG]! & 7]!;
    bus.sigma = e.busNoise_V * this.busNoise * Math.sqrt(averages);
    shunt.sigma = e.shuntNoise_V * this.shuntNoise * Math.sqrt(averages);
    this.fullScale_V = FULL * shuntLsb_V;
    this.calmBusLow_V = (bus.calmLow - e.busOffset_V) / e.busGain;
    this.calmBusHigh_V = (bus.calmHigh - e.busOffset_V) / e.busGain;
    this.calmLow_A = (shunt.calmLow - e.shuntOffset_V) / (e.shunt_ohm * e.shuntGain);
    this.calmHigh_A = (shunt.calmHigh - e.shuntOffset_V) / (e.shunt_ohm * e.shuntGain);
    this.calmHigh_C = temperature.calmHigh - e.selfHeating_C - e.temperatureOffset_C;
    this.settled = false;
  }

  private get powerRaw(): number {
    return Math.min(0xffffff, Math.round((Math.abs(this.currentRaw) * this.busRaw * BUS_LSB_V) / 3.2));
  }

  private accumulate(dt_s: number, shunt_V: number, pin_V: number): void {
    const current = (shunt_V / this.shuntLsb_V) * (4096 / this.settings[SHUNT_CAL]!);
    this.charge += current * dt_s;
    this.energy += (Math.abs(current) * pin_V * dt_s) / (16 * 3.2);
    if (Math.abs(this.charge) >= FULL_40) this.flags |= CHARGE_OVERFLOW;
    if (this.energy >= 2 * FULL_40) this.flags |= ENERGY_OVERFLOW;
  }

  private convert(pin_V: number, shunt_V: number): void {
    const e = this.errors;
    const busNoise_V = e.busNoise_V * this.busNoise * this.random.normal();
    const shuntNoise_V = e.shuntNoise_V * this.shuntNoise * this.random.normal();
    this.busRaw = clamp((pin_V + busNoise_V) / BUS_LSB_V, 0);
    this.shuntRaw = clamp((shunt_V + shuntNoise_V) / this.shuntLsb_V, -FULL);
    const current = (this.shuntRaw * 4096) / this.settings[SHUNT_CAL]!;
    this.currentRaw = clamp(current, -FULL);
    this.temperatureRaw = Math.max(-0x8000, Math.min(0x7fff, Math.round(this.die_C / TEMPERATURE_LSB_C)));
    let flags = this.flags;
    // A saturated result is no result: the part reports it as an arithmetic overflow.
    if (this.shuntRaw === FULL - 1 || this.shuntRaw === -FULL || Math.abs(current) >= FULL) flags |= MATH_OVERFLOW;
    else flags &= ~MATH_OVERFLOW;
    const diag = this.settings[DIAG]!;
    if (!(diag & LATCH)) flags &= diag & SLOW_ALERT ? ~ALERTS : ~POWER_OVER;
    if (diag & SLOW_ALERT) flags |= this.averageAlerts();
    if ((Math.abs(this.currentRaw) * this.busRaw * BUS_LSB_V) / 3.2 > this.settings[PWR_LIMIT]! * 256)
      flags |= POWER_OVER;
    this.flags = flags | CONVERSION_READY;
  }

  private averageAlerts(): number {
    const limit = this.settings;
    let flags = 0;
    if (this.shuntRaw > signed(limit[SOVL]!) * 16) flags |= SHUNT_OVER;
    if (this.shuntRaw < signed(limit[SUVL]!) * 16) flags |= SHUNT_UNDER;
    if (this.busRaw > limit[BOVL]! * 16) flags |= BUS_OVER;
    if (this.busRaw < limit[BUVL]! * 16) flags |= BUS_UNDER;
    if (this.temperatureRaw > signed(limit[TEMP_LIMIT]!)) flags |= TEMPERATURE_OVER;
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
