/**
 * What a drone pack knows of itself beyond its sensors: how much charge is left and for how long, which cell is the weakest, and what
 * of all that is told (mavlink/told.ts).
 *
 * The full estimator follows one cell, the one that reaches its end first: the lowest under load. All cells carry the same current, so
 * of the others it is enough to know how far their voltages are from the followed one's; one of them is looked at each second, in
 * turn. When another stays lower, the estimator goes on with that one: what it knows of the electrolyte holds for all.
 *
 * Charge is counted all the time, from what the estimator says in discharge and from the top of a whole charge. Work is cut into
 * slices of at most 25 Leibniz steps, one a tick.
 */
import { Estimated, Why } from '../estimate/estimates';
import { addSample, missSample } from '../estimate/estimate';
import { Stage, Sum, type Estimator } from '../estimate/estimator';
import { ChargeState, SystemState, Told } from '../mavlink/told';
import type { PackBms } from '../pack';
import { Fault, Policy } from '../protect/faults';
import { Row } from '../protect/protection';
import { Switch } from '../protect/switches';
import type { PackSense } from '../sense/pack';
import { Tells } from './tells';

/** Numbers of `Gauge.g`. Charges of a cell, which are those of the pack. */
export enum G {
  /** Left to the end of a discharge, and to its knee; below 0: not known. What a full pack holds, and holds when new. */
  left_mAh,
  knee_mAh,
  full_mAh,
  nominal_mAh,
  /** The count at the last look [mC], and when that was; at the last full charge, and the energy taken out since. */
  counted_mC,
  counted_ms,
  full_mC,
  energy_J,
  /** Of the recent half minute, discharge positive. */
  mean_mA,
  /** Of the whole pack at the end of a discharge. */
  end_mV,
  /** The cell the estimator follows, and the one to be looked at next. */
  cell,
  turn,
  /** When the estimator said what was taken over last [ms]. */
  said_ms,
  /** Up to which row faults are looked through, what was found so far, and the protection's count of changes then. */
  row,
  found,
  changes,
  length,
}

/** What a pack's gauge keeps; `openGauge` makes it. `g` is indexed by `G`, `told` by `Told`. */
export interface Gauge {
  g: Float64Array;
  /** What is told (Told): mavlink/ sends it. */
  told: Float64Array;
  /** Undefined without a model of the cell. */
  estimator: Estimator | undefined;
  /** Of each cell under load: its voltage less the followed one's, smoothed. */
  apart_mV: Float32Array;
  /** Of each row a mask of `Tells`. */
  tells: Uint16Array;
  /** Voltage of a resting cell at each tenth of its charge, from empty to full. */
  rest_mV: Float32Array;
}

const SMOOTH_PER_S = 0.04;
const APART_PART = 0.2;
/** Another cell is followed when it is lower by more than this. */
const WEAKER_MV = 5;
/** Of the nominal capacity in an hour: a load that shows the weakest; less is rest. */
const LOAD_C = 0.1;
const REST_C = 0.02;
/** A capacity beyond these parts of the nominal one is no capacity. */
const LEAST_FULL = 0.3;
const MOST_FULL = 1.2;
/** What is promised is less than what is expected by so many standard deviations: landing early is the smaller harm. */
const SURE_SIGMAS = 1.5;
const CRITICAL_PCT = 10;
const LOW_PCT = 25;
/** Rows looked through in one slice. */
const MOST_ROWS = 6;
const NO_ROW = -1;

/** The estimator's part of a tick. @returns whether it had work of its own to do */
export function followCell(gauge: Gauge, sense: PackSense, now_ms: number): boolean {
  const e = gauge.estimator;
  if (e === undefined) return false;
  if (sense.at_ms !== now_ms) {
    missSample(e, now_ms);
    return false;
  }
  // A slow reading is work enough for a tick.
  const works = e.sum[Sum.stage] !== Stage.Idle && !sense.slowDue;
  const warmth_C = sense.isWarmthKnown ? sense.hottest_C : NaN;
  addSample(e, now_ms, sense.cells_mV[gauge.g[G.cell]], sense.current_mA, warmth_C, sense.slowDue);
  return works;
}

/** One slice of a second's work, 0 to 5 in turn. */
export function gaugeSlice(gauge: Gauge, bms: PackBms, slice: number, now_ms: number): void {
  const g = gauge.g;
  const told = gauge.told;
  if (slice === 0) count(g, bms, told, now_ms);
  else if (slice === 1) ask(gauge, g, bms.sense);
  else if (slice === 2) tellRest(g, bms.sense, told);
  else if (slice === 3) findFaults(gauge, g, bms);
  else if (slice === 4) tellState(gauge, g, bms, told);
  else compareCell(gauge, g, bms.sense);
}

/** What has flowed since the last look. */
function count(g: Float64Array, bms: PackBms, told: Float64Array, now_ms: number): void {
  const sense = bms.sense;
  const charge_mC = sense.charge_mC;
  const moved_mC = charge_mC - g[G.counted_mC];
  const passed_s = (now_ms - g[G.counted_ms]) / 1000;
  g[G.counted_mC] = charge_mC;
  g[G.counted_ms] = now_ms;
  if (g[G.left_mAh] >= 0) g[G.left_mAh] = Math.max(0, g[G.left_mAh] - moved_mC / 3600);
  if (g[G.knee_mAh] >= 0) g[G.knee_mAh] = Math.max(0, g[G.knee_mAh] - moved_mC / 3600);
  g[G.energy_J] += sense.stack_mV * moved_mC * 1e-6;
  if (passed_s > 0) g[G.mean_mA] += SMOOTH_PER_S * passed_s * (moved_mC / passed_s - g[G.mean_mA]);
  if (bms.isFull) {
    g[G.left_mAh] = g[G.full_mAh];
    g[G.full_mC] = charge_mC;
    g[G.energy_J] = 0;
  }
  told[Told.consumed_mAh] = Math.max(0, Math.floor((charge_mC - g[G.full_mC]) / 3600));
  told[Told.consumed_hJ] = Math.max(0, Math.floor(g[G.energy_J] / 100));
}

/** What the estimator has said since; where nothing is known at all, the lowest cell's voltage says it roughly. */
function ask(gauge: Gauge, g: Float64Array, sense: PackSense): void {
  const nominal_mAh = g[G.nominal_mAh];
  if (gauge.estimator !== undefined) {
    const known = gauge.estimator.known;
    const full_mAh = known.value[Estimated.Capacity_mAh];
    if (
      known.why[Estimated.Capacity_mAh] === Why.Valid &&
      full_mAh > LEAST_FULL * nominal_mAh &&
      full_mAh < MOST_FULL * nominal_mAh
    )
      g[G.full_mAh] = full_mAh;
    if (known.why[Estimated.StateOfCharge_pct] !== Why.Valid) g[G.knee_mAh] = -1;
    else if (known.at_ms[Estimated.StateOfCharge_pct] > g[G.said_ms]) {
      g[G.said_ms] = known.at_ms[Estimated.StateOfCharge_pct];
      const sure_pct =
        known.value[Estimated.StateOfCharge_pct] - SURE_SIGMAS * known.sigma[Estimated.StateOfCharge_pct];
      g[G.left_mAh] = Math.max(0, (sure_pct * g[G.full_mAh]) / 100);
      g[G.knee_mAh] = Math.max(0, known.value[Estimated.ToKnee_mAh] - SURE_SIGMAS * known.sigma[Estimated.ToKnee_mAh]);
    }
  }
  if (g[G.left_mAh] < 0 && sense.lowest_mV > 0)
    g[G.left_mAh] = chargeAt(gauge.rest_mV, sense.lowest_mV) * g[G.full_mAh];
  if (g[G.left_mAh] > g[G.full_mAh]) g[G.left_mAh] = g[G.full_mAh];
}

/** Part of the charge, 0 to 1, at which a cell rests at this voltage. */
function chargeAt(rest_mV: Float32Array, cell_mV: number): number {
  let k = 1;
  while (k < rest_mV.length - 1 && rest_mV[k] < cell_mV) k++;
  const part = (k - 1 + (cell_mV - rest_mV[k - 1]) / (rest_mV[k] - rest_mV[k - 1])) / (rest_mV.length - 1);
  return Math.max(0, Math.min(1, part));
}

/**
 * How much is left, and how long the recent power can go on: as the voltage falls it takes more current. To the knee where the
 * estimator knows it: what comes behind it depends on the power.
 */
function tellRest(g: Float64Array, sense: PackSense, told: Float64Array): void {
  let left_mAh = g[G.left_mAh];
  if (left_mAh < 0) return;
  told[Told.remaining_pct] = Math.floor((100 * left_mAh) / g[G.full_mAh] + 0.5);
  if (g[G.knee_mAh] >= 0 && g[G.knee_mAh] < left_mAh) left_mAh = g[G.knee_mAh];
  const mean_mA = g[G.mean_mA];
  const stack_mV = sense.stack_mV;
  told[Told.left_s] =
    mean_mA > REST_C * g[G.nominal_mAh] && stack_mV > 0
      ? Math.max(1, Math.floor(((3600 * left_mAh) / mean_mA) * Math.min(1, 0.5 + (0.5 * g[G.end_mV]) / stack_mV)))
      : 0;
}

/** Looks through the rows that are tripped, some at a time, whenever one has changed. */
function findFaults(gauge: Gauge, g: Float64Array, bms: PackBms): void {
  const p = bms.protection;
  const isOn = bms.switches === Switch.Discharge || bms.switches === Switch.Charge;
  const least = isOn && bms.config.policy === Policy.Flight ? Tells.InFlight : 0;
  // Switches and rows may change what is told.
  const mark = 16 * p.changes + bms.switches;
  if (g[G.row] === NO_ROW && g[G.changes] === mark) return;
  if (g[G.changes] !== mark) {
    g[G.changes] = mark;
    g[G.row] = 0;
    g[G.found] = 0;
  }
  let row = p.state.indexOf(Row.Tripped, g[G.row]);
  for (let k = 0; k < MOST_ROWS && row >= 0; k++) {
    if (gauge.tells[row] >= least) g[G.found] |= gauge.tells[row];
    row = p.state.indexOf(Row.Tripped, row + 1);
  }
  g[G.row] = row < 0 ? NO_ROW : row;
}

/** The state in one word, for the flight controller and for whoever listens to heartbeats. */
function tellState(gauge: Gauge, g: Float64Array, bms: PackBms, told: Float64Array): void {
  const found = g[G.found];
  const state = bms.switches;
  const under = bms.protection.state[Fault.UnderVoltage];
  const percent = told[Told.remaining_pct];
  let says = ChargeState.Ok;
  if (g[G.row] !== NO_ROW) says = told[Told.chargeState];
  else if (found !== 0) says = bms.protection.open || found & Tells.Failed ? ChargeState.Failed : ChargeState.Unhealthy;
  else if (state === Switch.Charge) says = ChargeState.Charging;
  else if (under === Row.Tripped) says = ChargeState.Emergency;
  else if (under === Row.Early || percent <= CRITICAL_PCT) says = ChargeState.Critical;
  else if (percent <= LOW_PCT) says = ChargeState.Low;
  told[Told.chargeState] = says;
  told[Told.faults] = says === ChargeState.Failed || says === ChargeState.Unhealthy ? found & Tells.Bits : 0;
  told[Told.systemState] =
    state === Switch.SelfTest
      ? SystemState.Boot
      : state >= Switch.Fault
        ? SystemState.Critical
        : state === Switch.Idle
          ? SystemState.Standby
          : SystemState.Active;
  told[Told.allowed_mA] = Math.floor(bms.discharge_mA);
  const e = gauge.estimator;
  if (e === undefined || e.known.why[Estimated.Capacity_mAh] === Why.NotYet) return;
  told[Told.full_mAh] = Math.floor(g[G.full_mAh]);
  told[Told.cycles] = e.cycles;
  told[Told.health_pct] = Math.min(100, Math.floor((100 * g[G.full_mAh]) / g[G.nominal_mAh] + 0.5));
}

/** One cell in turn beside the followed one, under load; after all of them, whether another is weaker. */
function compareCell(gauge: Gauge, g: Float64Array, sense: PackSense): void {
  if (sense.current_mA < LOAD_C * g[G.nominal_mAh]) return;
  const apart_mV = gauge.apart_mV;
  const k = g[G.turn];
  apart_mV[k] += APART_PART * (sense.cells_mV[k] - sense.cells_mV[g[G.cell]] - apart_mV[k]);
  g[G.turn] = k + 1 < apart_mV.length ? k + 1 : 0;
  if (g[G.turn] !== 0) return;
  const lowest_mV = Math.min.apply(undefined, apart_mV as never);
  if (lowest_mV >= -WEAKER_MV) return;
  g[G.cell] = apart_mV.indexOf(lowest_mV);
  apart_mV.fill(0);
}
