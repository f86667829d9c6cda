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
import { Ina228Comparators } from './ina228Comparators';
import { INA228_TYPICAL, type Ina228Errors } from './ina228Errors';
import * as ina228 from './ina228Registers';

export { INA228_TEMPERATURE_LIMIT_C, INA228_TYPICAL, type Ina228Errors } from './ina228Errors';

const FULL = 524288;
const FULL_40 = 2 ** 39;
/** The noise of a specimen is that of a conversion of this length. */
const NOISE_CONVERSION_US = 1052;

// Taken out of their module once, since every tick uses them.
const { Address, AVERAGES, BUS_LSB_V, CONVERSION_US, Diag, REGISTERS, SHUNT_LSB_V, signed, TEMPERATURE_LSB_C } = ina228;
const { CONFIG, ADC_CONFIG, SHUNT_CAL, DIAG, SOVL, SUVL, BOVL, BUVL, TEMP_LIMIT, PWR_LIMIT } = Address;
const { MEMORY_OK, CONVERSION_READY, POWER_OVER, BUS_UNDER, BUS_OVER, SHUNT_UNDER, SHUNT_OVER, TEMPERATURE_OVER } =
  Diag;
const { MATH_OVERFLOW, CHARGE_OVERFLOW, ENERGY_OVERFLOW, LATCH, ALERT_ON_READY, SLOW_ALERT, ACTIVE_HIGH } = Diag;
const ALERTS = POWER_OVER | BUS_UNDER | BUS_OVER | SHUNT_UNDER | SHUNT_OVER | TEMPERATURE_OVER;
const SETTINGS = 0xf100;

/** An INA228 on a simulated bus: as a driver sees it, and its ALERT pin. */
export class Ina228Model implements I2cPart {
  private readonly settings = new Uint16Array(0x40);
  private flags: number = MEMORY_OK;
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
  /** Noise of an averaged result, as a fraction of the specimen's. */
  private busNoise = 1;
  private shuntNoise = 1;

  private readonly comparators: Ina228Comparators;
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
    this.comparators = new Ina228Comparators(random);
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
    const { comparators } = this;
    const until_s = comparators.look(span_s, least_s, dt_s, this.phase_s, before, now);
    if (!(this.settings[DIAG]! & LATCH)) this.flags &= ~comparators.ended;
    this.flags |= comparators.crossed;
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
    this.comparators.setRound(conversions_us);
    const end_us = conversions_us.reduce((sum, us) => sum + us, 0);
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
    const { bus, shunt, temperature } = this.comparators;
    this.comparators.setLimits(limit, shuntLsb_V);
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

/** Big-endian two's complement over the whole of `out`. */
function put(out: Uint8Array, value: number): void {
  let rest = value;
  for (let k = out.length - 1; k >= 0; k--) {
    out[k] = rest;
    rest = Math.floor(rest / 256);
  }
}
