/**
 * Reading a pack's front end. As on a channel (sense.ts) every value carries the time it was taken, and one that could not be read keeps
 * its old time and so grows old.
 *
 * Cells, stack, terminals and current come in one block at every tick; what the part reports of its faults whenever its ALERT
 * says that there is something. The slow readings take turns with the state of the switches, each in every other tick. A reading
 * that fails is tried once more in its tick; the driver has then tried each transaction twice.
 */
import type { PackWires } from '../../hal/boards/drone';
import {
  BQ76952_CRC,
  BQ76952_MA_PER_WORD,
  BQ76952_MV_PER_WORD,
  BQ76952_WORDS_PER_K,
  bq76952Answered,
  bq76952Ask,
  bq76952Charge_mC,
  bq76952Holds,
  bq76952Read,
  Bq76952Fet,
  Bq76952Register,
  Bq76952Status,
  Bq76952Subcommand,
  Bq76952Word,
  bq76952Write,
  type Bq76952,
} from '../../hal/chips/bq76952';

/** What was read of the pack last. */
export interface PackSense {
  wires: PackWires;
  /** The opened part; another one after it had to be opened again. */
  afe: Bq76952;
  /** Time of the last fresh voltages and current; while the part makes its first results, when they are due. */
  at_ms: number;
  /** Each cell [mV], lowest first, then Bq76952Word; and the cells alone, in the same memory. */
  words: Float64Array;
  cells_mV: Float64Array;
  highest_mV: number;
  lowest_mV: number;
  /** Discharge positive. */
  current_mA: number;
  /** By how much the three differ from the sample before, and how long before that was. */
  movedHighest_mV: number;
  movedLowest_mV: number;
  moved_mA: number;
  passed_ms: number;
  /** Of the whole stack, and beyond the switches. */
  stack_mV: number;
  terminals_mV: number;
  /** The die, then each thermistor [0.1 K]; and the thermistors alone, in the same memory. */
  temperatures: Float64Array;
  thermistors: Float64Array;
  /** Of the thermistors that are neither open nor shorted, and whether there is one. */
  hottest_C: number;
  coldest_C: number;
  isWarmthKnown: boolean;
  /** The part's own die. */
  board_C: number;
  /** Faults of the part itself: a mask of Bq76952Fault; 0 while ALERT is high. */
  faults: number;
  /** Those of them that the rows have been told of. */
  toldFaults: number;
  /** What the part's drivers do: a mask of Bq76952Fet, and when it was read. */
  fets: number;
  fetsAt_ms: number;
  /** The current is at the end of the converter's range, which is here [mA]. */
  saturated: boolean;
  range_mA: number;
  /** The part speaks as after a reset, or does not measure: it has to be opened again. */
  lost: boolean;
  /** False after a setting read other than it was written. */
  settingsHold: boolean;
  /** When a current flowed last that shows how the cells' resistances differ (protect/pack.ts). */
  loadedAt_ms: number;
  /** Charge since start [mC], discharge positive: by the samples, and by the part's own counter. */
  charge_mC: number;
  chip_mC: number;
  /** Both when the present comparison began, and when; -1: not begun. */
  own0_mC: number;
  chip0_mC: number;
  began_ms: number;
  /** How far they were apart over the last full comparison. */
  chargeGap_mC: number;
  /** Ticks in a row that brought the same, and whether the part's own counter stood still between its last two readings. */
  same: number;
  countStands: boolean;
  /** Failed transactions since start, and of those wrong checksums; ticks in a row in which each failed twice. */
  busErrors: number;
  checksumErrors: number;
  failedTicks: number;
  checksumTicks: number;
  /** Ticks in a row in which a line stayed low after the bus was freed. */
  stuckTicks: number;
  slowDue: boolean;
  /** Which turn it is, whose it was, and when each slow reading was last taken [ms]. */
  turn: number;
  slow: PackSlow;
  slowAt_ms: Float64Array;
}

/** The slow readings. */
export enum PackSlow {
  Temperatures,
  /** One setting of the part; no bus is needed to compare the cells with each other and with the stack. */
  Settings,
  Charge,
  length,
}
/** Temperatures every other turn, the charge in the last. */
const TURNS = 12;

/** The part's first results after it was opened are there within this time (its loop over all inputs takes 66 ms). */
export const FIRST_RESULTS_MS = 300;
/** Full scale of the coulomb counter over the shunt, and beyond which part of it a reading is taken as saturated. */
const RANGE_UV = 200e3;
const RANGE_USED = 0.98;
/** How much time one comparison of the charges spans. */
const COMPARE_MS = 60000;
const BYTES_PER_NUMBER = 8;
export const KELVIN = 273.15;
/** Beyond -60 and 150 degC no cell is, but a thermistor without its wire [0.1 K]. */
export const LOW_WORD = 2131;
export const HIGH_WORD = 4231;

/** Reads nothing yet: the first results are due after `FIRST_RESULTS_MS`. @param afe as opened just now */
export function createPackSense(wires: PackWires, afe: Bq76952, shunt_uOhm: number, now_ms: number): PackSense {
  const words = new Float64Array(afe.cells.words.length);
  const temperatures = new Float64Array(afe.temperatures.words.length);
  const sense: PackSense = {
    wires: wires,
    afe: afe,
    at_ms: 0,
    words: words,
    cells_mV: new Float64Array(words.buffer, 0, words.length - Bq76952Word.Count),
    highest_mV: 0,
    lowest_mV: 0,
    current_mA: 0,
    movedHighest_mV: 0,
    movedLowest_mV: 0,
    moved_mA: 0,
    passed_ms: 0,
    stack_mV: 0,
    terminals_mV: 0,
    temperatures: temperatures,
    thermistors: new Float64Array(temperatures.buffer, BYTES_PER_NUMBER, temperatures.length - 1),
    hottest_C: 0,
    coldest_C: 0,
    isWarmthKnown: false,
    board_C: 0,
    faults: 0,
    toldFaults: 0,
    fets: 0,
    fetsAt_ms: 0,
    saturated: false,
    range_mA: (RANGE_USED * RANGE_UV * 1000) / shunt_uOhm,
    lost: false,
    settingsHold: true,
    loadedAt_ms: -1e9,
    charge_mC: 0,
    chip_mC: 0,
    own0_mC: 0,
    chip0_mC: 0,
    began_ms: -1,
    chargeGap_mC: 0,
    same: 0,
    countStands: false,
    busErrors: 0,
    checksumErrors: 0,
    failedTicks: 0,
    checksumTicks: 0,
    stuckTicks: 0,
    slowDue: false,
    turn: 0,
    slow: PackSlow.Temperatures,
    slowAt_ms: new Float64Array(PackSlow.length),
  };
  awaitResults(sense, now_ms);
  return sense;
}

/** The part was opened just now: nothing is fresh, or missed, before its first results are due. */
export function awaitResults(sense: PackSense, now_ms: number): void {
  sense.at_ms = now_ms + FIRST_RESULTS_MS;
  sense.slowAt_ms.fill(sense.at_ms);
  sense.fetsAt_ms = now_ms;
  sense.faults = 0;
  sense.lost = false;
  // Its own count began anew.
  sense.began_ms = -1;
}

/** One round of readings. Never throws: a failed transaction is counted, and its value grows old. */
export function readPack(sense: PackSense, now_ms: number): void {
  sense.slowDue = !sense.slowDue;
  if (sense.slowDue) sense.turn = sense.turn === TURNS - 1 ? 0 : sense.turn + 1;
  try {
    read(sense, now_ms);
  } catch (error) {
    const checksum = failed(sense, error);
    const free = checksum || sense.wires.recoverBus();
    try {
      read(sense, now_ms);
    } catch (again) {
      if (failed(sense, again)) {
        sense.checksumTicks++;
        sense.lost = hasReset(sense.afe);
      } else sense.failedTicks++;
      if (!free) sense.stuckTicks++;
    }
  }
}

/** Counts it. @returns whether it was a wrong checksum */
function failed(sense: PackSense, error: unknown): boolean {
  sense.busErrors++;
  if (!error || (error as { message?: string }).message !== BQ76952_CRC) return false;
  sense.checksumErrors++;
  return true;
}

/** After a reset the part speaks without CRC, which makes every read fail; whether it does is read as plain bytes, twice. */
function hasReset(afe: Bq76952): boolean {
  for (let look = 0; look < 2; look++) {
    try {
      const b = afe.bus.readReg(afe.address, Bq76952Register.BatteryStatus, 2);
      if ((b[0] & Bq76952Status.PowerOnReset) === 0) return false;
    } catch (_) {
      return false;
    }
  }
  return true;
}

function read(sense: PackSense, now_ms: number): void {
  const afe = sense.afe;
  if (now_ms >= sense.at_ms) {
    sense.lost = false;
    const status = bq76952Read(afe, afe.cells, sense.words);
    if (status & (Bq76952Status.PowerOnReset | Bq76952Status.ConfigUpdate)) sense.lost = true;
    else take(sense, now_ms);
  }
  if (!sense.lost) {
    if (sense.fets & Bq76952Fet.Alert || !sense.wires.alert.read()) readFaults(sense);
    else sense.faults = 0;
    if (sense.slowDue) readSlow(sense, now_ms);
    else {
      // No words come with it: `words` stays as it is.
      sense.fets = bq76952Read(afe, afe.fets, sense.words);
      sense.fetsAt_ms = now_ms;
    }
  }
  sense.failedTicks = sense.checksumTicks = sense.stuckTicks = 0;
}

/** What `words` says in the units of the firmware. */
function take(sense: PackSense, now_ms: number): void {
  const words = sense.words;
  const cells_mV = sense.cells_mV;
  const after = cells_mV.length;
  // The part counts charge as positive.
  const current_mA = 0 - BQ76952_MA_PER_WORD * words[after + Bq76952Word.Current];
  // One call, however many cells; the type checker asks for an array, of which the interpreter makes no point.
  const highest_mV = Math.max.apply(undefined, cells_mV as never);
  const lowest_mV = Math.min.apply(undefined, cells_mV as never);
  const movedHighest_mV = highest_mV - sense.highest_mV;
  const movedLowest_mV = lowest_mV - sense.lowest_mV;
  const moved_mA = current_mA - sense.current_mA;
  const passed_ms = now_ms - sense.at_ms;
  if (movedHighest_mV === 0 && movedLowest_mV === 0 && moved_mA === 0) sense.same++;
  else sense.same = 0;
  sense.highest_mV = highest_mV;
  sense.lowest_mV = lowest_mV;
  sense.current_mA = current_mA;
  sense.movedHighest_mV = movedHighest_mV;
  sense.movedLowest_mV = movedLowest_mV;
  sense.moved_mA = moved_mA;
  sense.passed_ms = passed_ms;
  sense.stack_mV = BQ76952_MV_PER_WORD * words[after + Bq76952Word.Stack];
  sense.terminals_mV = BQ76952_MV_PER_WORD * words[after + Bq76952Word.Pack];
  sense.saturated = current_mA > sense.range_mA || current_mA < -sense.range_mA;
  sense.charge_mC += (current_mA * passed_ms) / 1000;
  sense.at_ms = now_ms;
}

/** What the part has tripped on. The alarm is released when nothing is left: it would not come back for what lasts. */
function readFaults(sense: PackSense): void {
  const words = new Float64Array(3);
  bq76952Read(sense.afe, sense.afe.safety, words);
  sense.faults = ((words[0] >> 8) & 0xff) | (words[1] & 0xff00) | ((words[2] & 0xff00) << 8);
  if (sense.faults === 0) bq76952Write(sense.afe, Bq76952Register.AlarmStatus, [0xff, 0xff]);
}

/** The slow reading whose turn it is; one that fails keeps its old time. */
function readSlow(sense: PackSense, now_ms: number): void {
  const turn = sense.turn;
  if (turn % 2 === 0) {
    sense.slow = PackSlow.Temperatures;
    readTemperatures(sense);
  } else {
    sense.slow = turn === TURNS - 1 ? PackSlow.Charge : PackSlow.Settings;
    if (sense.slow === PackSlow.Charge && !readCharge(sense, now_ms)) return;
    sense.settingsHold = bq76952Holds(sense.afe);
    if (turn === TURNS - 3) bq76952Ask(sense.afe, Bq76952Subcommand.Charge);
  }
  sense.slowAt_ms[sense.slow] = now_ms;
}

function readTemperatures(sense: PackSense): void {
  bq76952Read(sense.afe, sense.afe.temperatures, sense.temperatures);
  sense.board_C = sense.temperatures[0] / BQ76952_WORDS_PER_K - KELVIN;
  let hottest = Math.max.apply(undefined, sense.thermistors as never);
  let coldest = Math.min.apply(undefined, sense.thermistors as never);
  if (coldest < LOW_WORD || hottest > HIGH_WORD) {
    hottest = 0;
    coldest = HIGH_WORD;
    for (const word of sense.thermistors) {
      if (word < LOW_WORD || word > HIGH_WORD) continue;
      if (word > hottest) hottest = word;
      if (word < coldest) coldest = word;
    }
  }
  sense.isWarmthKnown = hottest >= coldest;
  if (!sense.isWarmthKnown) return;
  sense.hottest_C = hottest / BQ76952_WORDS_PER_K - KELVIN;
  sense.coldest_C = coldest / BQ76952_WORDS_PER_K - KELVIN;
}

/** @returns false when the part has not answered */
function readCharge(sense: PackSense, now_ms: number): boolean {
  if (sense.afe.asked !== Bq76952Subcommand.Charge || !bq76952Answered(sense.afe)) return false;
  const chip_mC = bq76952Charge_mC(sense.afe);
  sense.countStands = chip_mC === sense.chip_mC;
  sense.chip_mC = chip_mC;
  const passed_ms = now_ms - sense.began_ms;
  if (sense.began_ms >= 0) {
    if (passed_ms < COMPARE_MS) return true;
    sense.chargeGap_mC = Math.abs(sense.charge_mC - sense.own0_mC - (chip_mC - sense.chip0_mC));
  }
  sense.began_ms = now_ms;
  sense.own0_mC = sense.charge_mC;
  sense.chip0_mC = chip_mC;
  return true;
}
