/**
 * What the TI BQ76952 measures (technical reference manual SLUUBY2B, section 4; datasheet SLUSE13, sections 7 and 10): one input after
 * the other in a loop of 3 ms slots, current every 3 ms, with the errors of one specimen; and what an open wire to a cell does.
 *
 * A slot's result is the value of the moment: inputs are constant between two calls. Left out: the two of three loops in which
 * die, stack and pack are not measured, the filters' settling, the 250 ms current, cell interconnects, calibration by the
 * host beyond the gain of the current.
 */
import type { Random } from '../random';
import type { Bq76952Memory } from './bq76952Memory';
import type { Bq76952Sensed, ComparatorErrors } from './bq76952Protections';

export const INPUTS = 16;
const PINS = 3;
const SLOT_S = 3e-3;
/** 16 cells, one of the pins at high voltage, one internal. */
const SLOTS = 18;
const FAST_ADC = 0x40;
/** Full scale of the coulomb counter, and of a cell's input. */
const SHUNT_FULL_UV = 200e3;
const CELL_LEAST_MV = -200;
const CELL_MOST_MV = 5500;
const KELVIN = 273.15;
/** Current that a check for an open wire draws from each input for one slot (datasheet, section 7.21). */
const OPEN_WIRE_A = 54e-6;

/** A thermistor 103AT on 18 kOhm as its beta equation; what the part's polynomial makes of an open or a shorted one is assumed. */
const BETA_K = 3435;
const OPEN_OHM = 1e9;
const SHORT_OHM = 1;

/** The errors of one specimen on its board. Spreads are one sigma; each input has its own. */
export interface Bq76952Errors extends ComparatorErrors {
  shunt_ohm: number;
  cellOffsetSpread_mV: number;
  cellGainSpread: number;
  cellNoise_mV: number;
  shuntOffset_uV: number;
  shuntGain: number;
  shuntNoise_uV: number;
  stackGain: number;
  thermistorSpread_C: number;
  /** By how much the die is warmer than its surroundings. */
  selfHeating_C: number;
  /** Chance of a word to be put together of bytes of two measurements. */
  torn: number;
  /** Of the board: capacitor of each input, resistor of each input, and of the part's balancing switch. */
  input_F: number;
  input_ohm: number;
  balanceSwitch_ohm: number;
}

export const BQ76952_TYPICAL: Bq76952Errors = {
  shunt_ohm: 1e-3,
  // Within the +-5 mV that the datasheet states at 25 degC (section 7.19); noise, and the comparators' share, assumed.
  cellOffsetSpread_mV: 1,
  cellGainSpread: 2e-4,
  cellNoise_mV: 0.2,
  cellComparator_mV: 3,
  currentComparatorGain: 1.02,
  // Within +-1 LSB of 16 bits, 7.6 uV, and +-0.5 % (section 7.15).
  shuntOffset_uV: 2,
  shuntGain: 1.002,
  shuntNoise_uV: 5,
  stackGain: 1.002,
  thermistorSpread_C: 0.3,
  selfHeating_C: 3,
  // Seen by users (TI's forum, thread 1328137). Two bytes with their CRCs are 45 us apart, results come every 57 ms.
  torn: 8e-4,
  // The evaluation board's.
  input_F: 220e-9,
  input_ohm: 20,
  balanceSwitch_ohm: 28,
};

/** A thermistor's wires; undefined: whole. */
export type WireDefect = 'open' | 'short' | undefined;

export class Bq76952Measure {
  /** By input [mV], and the result before: 16 bits each, as reported. */
  readonly cell_mV = new Int16Array(INPUTS);
  readonly before_mV = new Int16Array(INPUTS);
  stack_mV = 0;
  pack_mV = 0;
  /** By the part's own gain, discharge positive [mA]. */
  current_mA = 0;
  readonly pin_C = new Float64Array(PINS).fill(NaN);
  die_C = 25;
  /** Surroundings of the board [degC]. */
  ambient_C = 25;
  /** Beyond the switches [V]; NaN: as the stack. */
  pack_V = NaN;
  /** Which cells' upper wire is open, by cell in use; what an offset fault adds to what the ADC, not the comparators, sees [V]. */
  readonly openWire: boolean[];
  readonly adcOffset_V: Float64Array;
  /** By pin TS1 to TS3. */
  readonly thermistor: WireDefect[] = [undefined, undefined, undefined];

  readonly sensed: Bq76952Sensed = {
    shunt_mV: 0,
    current_mA: 0,
    highest_mV: 0,
    lowest_mV: 0,
    stack_mV: 0,
    pack_mV: 0,
    hottest_C: NaN,
    coldest_C: NaN,
    die_C: 25,
  };

  private truth_V: Float64Array = new Float64Array(0);
  private truth_C: Float64Array = new Float64Array(0);
  private readonly seen_V: Float64Array;
  private readonly drop_V: Float64Array;
  private readonly cellOffset_mV: Float64Array;
  private readonly cellGain: Float64Array;
  private readonly pinOffset_C: Float64Array;
  private slot_s = SLOT_S;
  private slots = SLOTS;
  private phase_s = 0;
  private readonly wired: number;
  private used = 0xffff;
  private milliohm = 1;

  constructor(
    /** The input of each cell, lowest cell first. */
    readonly inputs: readonly number[],
    private readonly memory: Bq76952Memory,
    private readonly random: Random,
    private readonly errors: Bq76952Errors,
  ) {
    const spread = (count: number, mean: number, sigma: number): Float64Array =>
      Float64Array.from({ length: count }, () => mean + sigma * random.normal());
    this.cellOffset_mV = spread(inputs.length, 0, errors.cellOffsetSpread_mV);
    this.cellGain = spread(inputs.length, 1, errors.cellGainSpread);
    this.pinOffset_C = spread(PINS, 0, errors.thermistorSpread_C);
    this.wired = inputs.reduce((mask, input) => mask | (1 << input), 0);
    this.openWire = inputs.map(() => false);
    this.adcOffset_V = new Float64Array(inputs.length);
    this.seen_V = new Float64Array(inputs.length);
    this.drop_V = new Float64Array(inputs.length);
  }

  /** Forgets every result. */
  reset(): void {
    this.cell_mV.fill(0);
    this.before_mV.fill(0);
    this.pin_C.fill(NaN);
    this.stack_mV = this.pack_mV = this.current_mA = 0;
    this.phase_s = 0;
  }

  /** Takes over what is in data memory. */
  restart(): void {
    const { memory } = this;
    const power = memory.get(0x9234);
    this.slot_s = (power & FAST_ADC ? SLOT_S / 2 : SLOT_S) * 2 ** ((power >> 2) & 3);
    let pins = 0;
    for (let pin = 0; pin < PINS; pin++) if (this.cellPin(pin)) pins++;
    this.slots = SLOTS + pins;
    this.phase_s = 0;
    // Section 13.3.2.19: none marked means that all are used.
    this.used = memory.get(0x9304) || 0xffff;
    this.milliohm = 7.5684 / memory.get(0x91a8);
  }

  /** The share of time in which a cell that is balanced is drained: not while it or a neighbour is measured. */
  get balanceDuty(): number {
    return 1 - 3 / this.slots;
  }

  /** What the comparators see of these inputs from now on. */
  sense(cells_V: Float64Array, current_A: number, temperatures_C: Float64Array): void {
    const { inputs, sensed, seen_V, drop_V, errors } = this;
    let highest_V = -Infinity;
    let lowest_V = Infinity;
    let stack_V = 0;
    for (let k = 0; k < inputs.length; k++) {
      const seen = cells_V[k]! - drop_V[k]! + (k > 0 ? drop_V[k - 1]! : 0);
      seen_V[k] = seen;
      stack_V += cells_V[k]!;
      if (!((this.used >> inputs[k]!) & 1)) continue;
      if (seen > highest_V) highest_V = seen;
      if (seen < lowest_V) lowest_V = seen;
    }
    // An input that is marked as used but has no cell sees no voltage.
    if (this.used & ~this.wired) lowest_V = Math.min(lowest_V, 0);
    sensed.shunt_mV = current_A * errors.shunt_ohm * 1000;
    sensed.highest_mV = highest_V * 1000;
    sensed.lowest_mV = lowest_V * 1000;
    sensed.stack_mV = stack_V * 1000;
    sensed.pack_mV = (Number.isNaN(this.pack_V) ? stack_V : this.pack_V) * 1000;
    this.truth_V = cells_V;
    this.truth_C = temperatures_C;
  }

  /** Lets the converters live. */
  advance(dt_s: number): void {
    const { errors, random, sensed } = this;
    const loop_s = this.slots * this.slot_s;
    const from_s = this.phase_s;
    const to_s = from_s + dt_s;
    const turns = (slot: number): boolean => {
      const end_s = (slot + 1) * this.slot_s;
      return Math.floor((to_s - end_s) / loop_s) > Math.floor((from_s - end_s) / loop_s);
    };
    for (let k = 0; k < this.inputs.length; k++) {
      const input = this.inputs[k]!;
      if (!turns(input)) continue;
      const pin_mV = (this.seen_V[k]! + this.adcOffset_V[k]!) * 1000;
      const read_mV = pin_mV * this.cellGain[k]! + this.cellOffset_mV[k]! + errors.cellNoise_mV * random.normal();
      this.before_mV[input] = this.cell_mV[input]!;
      this.cell_mV[input] = Math.round(Math.min(CELL_MOST_MV, Math.max(CELL_LEAST_MV, read_mV)));
    }
    if (turns(INPUTS)) {
      this.stack_mV = sensed.stack_mV * errors.stackGain;
      this.pack_mV = sensed.pack_mV * errors.stackGain;
    }
    if (turns(INPUTS + 1)) this.die_C = sensed.die_C = this.ambient_C + errors.selfHeating_C;
    let slot = SLOTS;
    for (let pin = 0; pin < PINS; pin++) {
      if (!this.cellPin(pin)) {
        this.pin_C[pin] = NaN;
        continue;
      }
      if (turns(slot)) this.pin_C[pin] = this.thermistor_C(pin);
      slot++;
    }
    this.extremes();
    if (Math.floor(to_s / this.slot_s) > Math.floor(from_s / this.slot_s)) {
      const noise_uV = errors.shuntNoise_uV * random.normal();
      const uV = sensed.shunt_mV * 1000 * errors.shuntGain + errors.shuntOffset_uV + noise_uV;
      this.current_mA = Math.min(SHUNT_FULL_UV, Math.max(-SHUNT_FULL_UV, uV)) / this.milliohm;
      sensed.current_mA = this.current_mA;
    }
    this.phase_s = to_s % loop_s;
    this.drainOpenWires(dt_s);
  }

  /** Charge that the coulomb counter gathers, discharge positive [mA s]. */
  counted_mAs(dt_s: number): number {
    const { errors, sensed } = this;
    return ((sensed.shunt_mV * 1000 * errors.shuntGain + errors.shuntOffset_uV) / this.milliohm) * dt_s;
  }

  private cellPin(pin: number): boolean {
    return (this.memory.get(0x92fd + pin) & 0x0f) === 0x07;
  }

  private thermistor_C(pin: number): number {
    const defect = this.thermistor[pin];
    if (defect === undefined) return this.truth_C[pin]! + this.pinOffset_C[pin]!;
    const ohm = defect === 'open' ? OPEN_OHM : SHORT_OHM;
    return 1 / (1 / (25 + KELVIN) + Math.log(ohm / 10e3) / BETA_K) - KELVIN;
  }

  private extremes(): void {
    let hottest_C = -Infinity;
    let coldest_C = Infinity;
    for (const value_C of this.pin_C) {
      if (value_C > hottest_C) hottest_C = value_C;
      if (value_C < coldest_C) coldest_C = value_C;
    }
    this.sensed.hottest_C = hottest_C === -Infinity ? NaN : hottest_C;
    this.sensed.coldest_C = coldest_C === Infinity ? NaN : coldest_C;
  }

  /** The capacitor at an open wire is drained by the check, a slot in every interval, until its own cell reads nothing. */
  private drainOpenWires(dt_s: number): void {
    const interval_s = this.memory.get(0x9314);
    const mean_A = interval_s > 0 ? (OPEN_WIRE_A * SLOT_S) / interval_s : 0;
    for (let k = 0; k < this.openWire.length; k++) {
      if (!this.openWire[k]) this.drop_V[k] = 0;
      else this.drop_V[k] = Math.min(this.truth_V[k]!, this.drop_V[k]! + (mean_A * dt_s) / this.errors.input_F);
    }
  }
}
