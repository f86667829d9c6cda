/**
 * The supervisor of a pack: shows the highest and the lowest cell, the pack's current and what its front end reports to the rows of the
 * fault table. As on a channel it only ever takes away, and where nothing can be wrong no row is looked at.
 *
 * Rows that a pack has no use for: `CurrentNotFollowing` and `SetPointOutOfRange` (it sets no current), `VoltagesDisagree` (the stack
 * against the sum of the cells is `OpenSenseWire`), `ThermistorStuck` (readings in steps of 0.1 K stand still at rest; they come from
 * the converters that `StuckData` watches). The watchers of the lithium need the model of a cell.
 */
import { Bq76952Fault, Bq76952Fet, BQ76952_WORDS_PER_K } from '../../hal/chips/bq76952';
import { BOTH, type Fets } from '../actuate/fets';
import { HIGH_WORD, KELVIN, LOW_WORD, PackSlow, type PackSense } from '../sense/pack';
import { check, settle, trip } from './engine';
import { Fault, Group } from './faults';
import { warm } from './protect';
import { Level, X, type Protection } from './protection';

/** Samples this part of the largest current apart were not taken at a steady current. */
const STEADY = 0.02;
/** No cell's voltage is further from here. */
const MIDDLE_MV = 2750;
/** Equal samples in a row that noise explains. */
const SAME_SAMPLES = 20;
/** Without a current only noise moves what is read, and the part's counter may stand: it takes this much longer to tell. */
const SAME_AT_REST = 10;
/** Millivolts in a second, and kelvin between two readings, that no row calls wrong. */
const CALM_SLOPE_MV_S = 1000;
const CALM_STEP_K = 0.15;
/** The part closes a switch in one of its turns, four a second; it is read every other tick. */
const CLOSES_MS = 350;
/** What the part reports of a latch ends this long after it was told to release it. */
const RELEASES_MS = 1000;
/** Beyond this part of the stack's voltage nothing but an open switch explains how far the terminals are from it. */
const OPEN_DROP = 0.04;
/** Cells are compared with each other above the knee, where their voltages tell their charge, and this long after a large current. */
const ABOVE_KNEE_MV = 3500;
const RELAXES_MS = 120000;
/** Faults of the part that open the discharge switch. */
const OPENERS =
  Bq76952Fault.CellUnder |
  Bq76952Fault.DischargeOver1 |
  Bq76952Fault.DischargeOver2 |
  Bq76952Fault.Short |
  Bq76952Fault.DischargeCold |
  Bq76952Fault.DischargeHot |
  Bq76952Fault.DieCold |
  Bq76952Fault.DieHot |
  Bq76952Fault.HostSilent |
  Bq76952Fault.DischargeLatched |
  Bq76952Fault.ShortLatched;

/** Shows all that is new to the rows. */
export function supervisePack(p: Protection, sense: PackSense, fets: Fets, now_ms: number): void {
  const age_ms = now_ms - sense.at_ms;
  const failed = sense.failedTicks + sense.checksumTicks;
  if (age_ms !== 0 || failed !== 0 || sense.faults !== 0 || p.busy[Group.Tick] !== 0) checkTick(p, sense, fets, now_ms);
  if (age_ms === 0) superviseCells(p, sense, now_ms);
  if (sense.slowDue) superviseSlow(p, sense, fets, now_ms);
  else if (sense.fetsAt_ms === now_ms) superviseFets(p, sense, fets, now_ms);
  if (p.changed) settle(p);
}

/** What may be wrong although nothing fresh was read. */
function checkTick(p: Protection, sense: PackSense, fets: Fets, now_ms: number): void {
  const opened = (sense.faults & OPENERS) !== 0 && now_ms - fets.releasedAt_ms > RELEASES_MS;
  check(p, Fault.FrontEnd, opened ? 1 : 0, now_ms);
  tellCharge(p, sense.faults & ~sense.toldFaults, now_ms);
  sense.toldFaults = sense.faults;
  check(p, Fault.NoAcknowledge, sense.failedTicks, now_ms);
  check(p, Fault.WrongChecksum, sense.checksumTicks, now_ms);
  check(p, Fault.BusStuck, sense.stuckTicks, now_ms);
  check(p, Fault.StaleData, now_ms - sense.at_ms, now_ms);
  check(p, Fault.StaleSlowData, now_ms - sense.fetsAt_ms, now_ms);
  if (sense.lost) check(p, Fault.PartReset, 1, now_ms);
}

/** The part stops a charge by itself, so fast that no sample shows why: its flag does. */
function tellCharge(p: Protection, faults: number, now_ms: number): void {
  if ((faults & Bq76952Fault.ChargeOver) !== 0) trip(p, Fault.OverChargeCurrent, now_ms);
  if ((faults & Bq76952Fault.CellOver) !== 0) trip(p, Fault.OverVoltage, now_ms);
  if ((faults & Bq76952Fault.ChargeHot) !== 0) trip(p, Fault.ChargeOverTemperature, now_ms);
  if ((faults & Bq76952Fault.ChargeCold) !== 0) trip(p, Fault.ChargeUnderTemperature, now_ms);
}

function superviseCells(p: Protection, sense: PackSense, now_ms: number): void {
  const x = p.x;
  const highest_mV = sense.highest_mV;
  const lowest_mV = sense.lowest_mV;
  const current_mA = sense.current_mA;
  const calm_mV = sense.passed_ms * (CALM_SLOPE_MV_S / 1000);
  const calm =
    highest_mV < x[X.calmHigh_mV] &&
    lowest_mV > x[X.calmLow_mV] &&
    current_mA < x[X.lastingDischarge_mA] &&
    current_mA > -x[X.lastingCharge_mA] &&
    x[X.dischargeHeat] === 0 &&
    x[X.chargeHeat] === 0 &&
    sense.same < SAME_SAMPLES &&
    sense.movedLowest_mV > -calm_mV &&
    sense.movedHighest_mV < calm_mV;
  if (calm && p.busy[Group.Sample] === 0) return;
  // Of a calm sample only the rows that are not `Ok` learn something.
  const state = p.state;
  const far_mV = Math.max(highest_mV - MIDDLE_MV, MIDDLE_MV - lowest_mV);
  if (!calm || state[Fault.OutOfRange] !== 0) check(p, Fault.OutOfRange, far_mV, now_ms);
  if (!calm || state[Fault.OverVoltage] !== 0) check(p, Fault.OverVoltage, highest_mV, now_ms);
  if (!calm || state[Fault.DeepDischarge] !== 0) check(p, Fault.DeepDischarge, lowest_mV, now_ms);
  if (!calm || state[Fault.UnderVoltage] !== 0) check(p, Fault.UnderVoltage, lowest_mV, now_ms);
  if (!calm || state[Fault.OverDischargeCurrent] !== 0) check(p, Fault.OverDischargeCurrent, current_mA, now_ms);
  if (!calm || state[Fault.OverChargeCurrent] !== 0) check(p, Fault.OverChargeCurrent, -current_mA, now_ms);
  warm(x, X.dischargeHeat, current_mA / x[X.lastingDischarge_mA], sense.passed_ms / 1000);
  warm(x, X.chargeHeat, -current_mA / x[X.lastingCharge_mA], sense.passed_ms / 1000);
  if (!calm || state[Fault.LastingDischargeCurrent] !== 0)
    check(p, Fault.LastingDischargeCurrent, x[X.dischargeHeat], now_ms);
  if (!calm || state[Fault.LastingChargeCurrent] !== 0) check(p, Fault.LastingChargeCurrent, x[X.chargeHeat], now_ms);
  if (!calm || state[Fault.InvalidData] !== 0) check(p, Fault.InvalidData, sense.saturated ? 1 : 0, now_ms);
  const same = current_mA === 0 ? sense.same / SAME_AT_REST : sense.countStands ? sense.same : 0;
  if (!calm || state[Fault.StuckData] !== 0) check(p, Fault.StuckData, same, now_ms);
  if (!calm || state[Fault.ImpossibleSlope] !== 0) check(p, Fault.ImpossibleSlope, slope_mV_s(x, sense), now_ms);
}

/** Of the cell that moved fastest, at a steady current; 0 at another. */
function slope_mV_s(x: Float64Array, sense: PackSense): number {
  if (Math.abs(sense.moved_mA) > STEADY * x[X.lastingDischarge_mA] || !(sense.passed_ms > 0)) return 0;
  return (Math.max(Math.abs(sense.movedHighest_mV), Math.abs(sense.movedLowest_mV)) / sense.passed_ms) * 1000;
}

/** Whether the switches are as they were commanded, and what flows follows them. */
function superviseFets(p: Protection, sense: PackSense, fets: Fets, now_ms: number): void {
  const closed = fets.closed;
  const reported = sense.fets & BOTH;
  if (now_ms - fets.since_ms <= CLOSES_MS) return;
  // What the part has opened has a row of its own. Beside an open switch the other direction's current closes both.
  const wrong = closed === 0 ? reported : sense.faults === 0 ? closed & ~reported : 0;
  const asIs = wrong === 0 && fets.written === closed && fets.wires.precharge.read() === fets.precharge;
  if (!asIs || p.state[Fault.ActuatorMismatch] !== 0) check(p, Fault.ActuatorMismatch, asIs ? 0 : 1, now_ms);
  // Written once more, in case the part lost it.
  if (!asIs) fets.written = -1;
  if (closed === BOTH && reported === BOTH) {
    const gap = Math.abs(sense.stack_mV - sense.terminals_mV) / (OPEN_DROP * sense.stack_mV);
    if (gap > 0.5 || p.state[Fault.SwitchNotClosing] !== 0) check(p, Fault.SwitchNotClosing, 100 - 100 * gap, now_ms);
    if (p.state[Fault.CurrentWhenOpen] === 0) return;
  }
  const into_mA = closed & Bq76952Fet.Charge ? 0 : -sense.current_mA;
  const out_mA = closed & Bq76952Fet.Discharge || fets.precharge ? 0 : sense.current_mA;
  check(p, Fault.CurrentWhenOpen, Math.max(into_mA, out_mA), now_ms);
}

function superviseSlow(p: Protection, sense: PackSense, fets: Fets, now_ms: number): void {
  const slow = sense.slow;
  const age_ms = now_ms - sense.slowAt_ms[slow];
  if (age_ms !== 0 || p.state[Fault.StaleSlowData] !== 0) check(p, Fault.StaleSlowData, age_ms, now_ms);
  if (age_ms !== 0) return;
  if (slow === PackSlow.Temperatures) superviseWarmth(p, sense, now_ms);
  else if (slow === PackSlow.Charge) check(p, Fault.ChargeCountDisagrees, sense.chargeGap_mC, now_ms);
  else {
    const holds = sense.settingsHold && !sense.lost;
    if (!holds || p.state[Fault.PartReset] !== 0) check(p, Fault.PartReset, holds ? 0 : 1, now_ms);
    // While a cell is drained its wires drop some of its voltage.
    if (fets.drained === 0 && sense.at_ms === now_ms) compareCells(p, sense, now_ms);
  }
}

/**
 * The cells with each other and with the stack. Where even the extremes leave no room for a wrong wire nothing is looked at one by
 * one: a sum lies between as many times the lowest and the highest, and neighbours are no further apart than those.
 */
function compareCells(p: Protection, sense: PackSense, now_ms: number): void {
  const spread_mV = sense.highest_mV - sense.lowest_mV;
  // A larger current, and for some time what it leaves behind, shows how their resistances differ.
  if (Math.abs(sense.current_mA) > p.x[X.lastingCharge_mA]) sense.loadedAt_ms = now_ms;
  const tells = sense.lowest_mV > ABOVE_KNEE_MV && now_ms - sense.loadedAt_ms > RELAXES_MS;
  if (spread_mV >= p.levels[Fault.Imbalance * Level.length] || p.state[Fault.Imbalance] !== 0)
    check(p, Fault.Imbalance, tells ? spread_mV : 0, now_ms);
  const count = sense.cells_mV.length;
  const stack_mV = sense.stack_mV;
  const apart_mV = Math.max(count * sense.highest_mV - stack_mV, stack_mV - count * sense.lowest_mV);
  if (apart_mV >= p.levels[Fault.OpenSenseWire * Level.length] || p.state[Fault.OpenSenseWire] !== 0)
    check(p, Fault.OpenSenseWire, wireDoubt_mV(sense), now_ms);
}

/** How far the cells' voltages are from what wires that are whole could show. */
function wireDoubt_mV(sense: PackSense): number {
  const cells_mV = sense.cells_mV;
  const count = cells_mV.length;
  let sum_mV = 0;
  for (const cell_mV of cells_mV) sum_mV += cell_mV;
  let apart_mV = Math.abs(sum_mV - sense.stack_mV);
  let before_mV = cells_mV[0];
  // An open wire takes from one of its neighbours what it gives to the other: together they are as the rest. A weak cell is not.
  for (let k = 1; k < count; k++) {
    const cell_mV = cells_mV[k];
    const pair_mV = before_mV + cell_mV;
    const unlike_mV = Math.abs(pair_mV / 2 - (sum_mV - pair_mV) / (count - 2));
    if (pair_mV > 2 * ABOVE_KNEE_MV) apart_mV = Math.max(apart_mV, Math.abs(cell_mV - before_mV) / 2 - unlike_mV);
    before_mV = cell_mV;
  }
  return apart_mV;
}

/** The hottest and the coldest of the thermistors that are whole, and the part's own die. */
function superviseWarmth(p: Protection, sense: PackSense, now_ms: number): void {
  const x = p.x;
  const hottest_C = sense.hottest_C;
  const coldest_C = sense.coldest_C;
  const board_C = sense.board_C;
  if (board_C > p.levels[Fault.BoardTemperature * Level.length + Level.early] || p.state[Fault.BoardTemperature] !== 0)
    check(p, Fault.BoardTemperature, board_C, now_ms);
  const moved_K = hottest_C - x[X.last_C];
  const passed_s = (now_ms - x[X.lastTemperature_ms]) / 1000;
  const isFirst = x[X.lastTemperature_ms] < 0;
  x[X.last_C] = hottest_C;
  x[X.lastTemperature_ms] = now_ms;
  const lowest = Math.min.apply(undefined, sense.thermistors as never);
  const highest = Math.max.apply(undefined, sense.thermistors as never);
  if (
    p.busy[Group.Temperature] === 0 &&
    hottest_C < x[X.calmHigh_C] &&
    coldest_C > x[X.calmLow_C] &&
    moved_K < CALM_STEP_K &&
    lowest > LOW_WORD &&
    highest < HIGH_WORD &&
    p.state[Fault.TemperaturesDisagree] === 0 &&
    hottest_C - coldest_C < p.levels[Fault.TemperaturesDisagree * Level.length + Level.early]
  )
    return;
  check(p, Fault.ThermistorOpen, lowest / BQ76952_WORDS_PER_K - KELVIN, now_ms);
  check(p, Fault.ThermistorShort, highest / BQ76952_WORDS_PER_K - KELVIN, now_ms);
  if (!sense.isWarmthKnown) return;
  check(p, Fault.OverTemperature, hottest_C, now_ms);
  check(p, Fault.UnderTemperature, coldest_C, now_ms);
  check(p, Fault.ChargeOverTemperature, hottest_C, now_ms);
  check(p, Fault.ChargeUnderTemperature, coldest_C, now_ms);
  check(p, Fault.TemperatureSlope, isFirst ? 0 : moved_K / passed_s, now_ms);
  check(p, Fault.TemperaturesDisagree, hottest_C - coldest_C, now_ms);
}
