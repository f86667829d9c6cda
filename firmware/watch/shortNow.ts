/**
 * Soft internal short, while it happens: a charge that takes more than the cell can hold, dips and noise of the voltage while
 * plating, and a rest in which the voltage goes on falling. (What is missing over a whole cycle: shortCycle.ts.)
 */
import { Alarm, Level, raise, Reason, type Alarms } from './alarms';
import { Phase } from '../estimate/estimator';
import { Slot } from './state';

/** How near to its end voltage a charge must have come to be a full one [mV]. */
const FULL_MV = 10;
/**
 * Two full charges end alike within this part of the nominal capacity (and twice what the two before were apart), at no smaller a
 * current and about the same temperature; not in a cell whose slowest relaxation outlasts a rest.
 */
const ALIKE_SHARE = 0.1;
const ALIKE_RELAXED_S = 1800;
const ALIKE_CURRENT = 0.9;
const ALIKE_K = 10;
const HOLD_SHARE = 1.05;
/** A rest after the charge says how full the cell is after this time. */
const TOP_REST_S = 120;

/** Dips count after the nucleation on bare copper, at a steady current, beyond the noise (mean square of so many ordinary falls). */
const NUCLEATED_SHARE = 0.02;
const STEADY_S = 60;
const STEADY_SHARE = 0.005;
const SECONDS_S = 5;
const BEYOND_NOISE = 40;
const NOISE_OVER = 200;
const WARN_DIPS = 3;
const ALARM_DIPS = 10;

const SMOOTH_S = 30;
/** A relaxation slows down to less than half from one span of a rest to the next, twice as long one; a short goes on. */
const GOES_ON = 0.75;
/** Self-discharge of less than this part of 1C is not taken for a short. */
const LEAST_C = 0.002;
/** Over a span, the temperature must stay: the open-circuit voltage follows it. */
const STAYS_K = 0.7;

/** Forgets what cannot be known over a gap. */
export function restartShort(x: Float64Array): void {
  x[Slot.phase] = Phase.Rest;
  x[Slot.before] = Phase.Rest;
  x[Slot.fullKnown] = 0;
  x[Slot.charged_mAh] = 0;
  x[Slot.top_mV] = 0;
  x[Slot.lastTop_mV] = 0;
  beginRest(x, 0);
}

/** One second. @returns the charge that passed in it [mAh], discharge positive */
export function watchShort(x: Float64Array, alarms: Alarms): number {
  const dt_s = x[Slot.dt_s];
  const voltage_mV = x[Slot.now_mV];
  const current_mA = x[Slot.now_mA];
  const least_mA = x[Slot.rest_mA];
  const phase = current_mA > least_mA ? Phase.Discharge : current_mA < -least_mA ? Phase.Charge : Phase.Rest;
  if (phase !== x[Slot.phase]) changePhase(x, phase, voltage_mV, x[Slot.now_C]);
  const lasted_s = x[Slot.phase_s] + dt_s;
  x[Slot.phase_s] = lasted_s;
  const passed_mAh = (current_mA * dt_s) / 3600;
  x[Slot.sinceFull_mAh] += passed_mAh;
  if (phase === Phase.Charge) {
    const charged_mAh = x[Slot.charged_mAh] - passed_mAh;
    x[Slot.charged_mAh] = charged_mAh;
    const capacity_mAh = x[Slot.capacity_mAh];
    const fall_mV = x[Slot.voltage_mV] - voltage_mV;
    if (fall_mV > 0 && lasted_s > STEADY_S && dt_s < SECONDS_S && charged_mAh > NUCLEATED_SHARE * capacity_mAh)
      watchDips(x, alarms, fall_mV, current_mA);
    if (charged_mAh > 0.5 * capacity_mAh || x[Slot.sinceFull_mAh] < 0) watchLength(x, alarms, current_mA);
  } else if (phase === Phase.Rest) {
    x[Slot.rest_mV] += ((voltage_mV - x[Slot.rest_mV]) * dt_s) / (SMOOTH_S + dt_s);
    if (lasted_s >= x[Slot.mark_s]) mark(x, alarms);
  }
  x[Slot.voltage_mV] = voltage_mV;
  x[Slot.current_mA] = current_mA;
  return passed_mAh;
}

function changePhase(x: Float64Array, phase: Phase, voltage_mV: number, temperature_C: number): void {
  const was = x[Slot.phase];
  const lasted_s = x[Slot.phase_s];
  x[Slot.phase] = phase;
  x[Slot.phase_s] = 0;
  if (was === Phase.Charge && x[Slot.voltage_mV] > x[Slot.chargeTo_mV] - FULL_MV) {
    x[Slot.fullShift_mAh] = Math.abs(x[Slot.sinceFull_mAh]);
    x[Slot.sinceFull_mAh] = 0;
    x[Slot.fullKnown]++;
    x[Slot.full_mA] = x[Slot.current_mA];
    x[Slot.full_C] = temperature_C;
  }
  if (phase === Phase.Rest) {
    x[Slot.before] = was;
    beginRest(x, voltage_mV);
  } else if (phase === Phase.Discharge) {
    x[Slot.charged_mAh] = 0;
    x[Slot.dips] = 0;
    const afterFull = was === Phase.Charge || x[Slot.before] === Phase.Charge;
    if (afterFull) noteTop(x, was === Phase.Rest ? lasted_s : 0, temperature_C);
  }
}

/** How full the cell was before this discharge, after a rest of `rested_s`. */
function noteTop(x: Float64Array, rested_s: number, temperature_C: number): void {
  const full = x[Slot.fullKnown] > 0 && Math.abs(x[Slot.sinceFull_mAh]) < 0.005 * x[Slot.capacity_mAh];
  x[Slot.top_mV] = full && rested_s > TOP_REST_S ? x[Slot.rest_mV] : 0;
  x[Slot.top_s] = rested_s;
  x[Slot.top_mA] = x[Slot.full_mA];
  x[Slot.top_C] = temperature_C;
}

/** Taken out since the last full charge is what fits in now. Where that is not known, all that the cathode can give. */
function watchLength(x: Float64Array, alarms: Alarms, current_mA: number): void {
  const capacity_mAh = x[Slot.capacity_mAh];
  const off_C = x[Slot.now_C] - x[Slot.full_C];
  const alike =
    x[Slot.fullKnown] > 1 &&
    x[Slot.relaxation_s] < ALIKE_RELAXED_S &&
    current_mA < ALIKE_CURRENT * x[Slot.full_mA] &&
    off_C < ALIKE_K &&
    off_C > -ALIKE_K;
  const beyond_mAh = alike
    ? -x[Slot.sinceFull_mAh] - ALIKE_SHARE * capacity_mAh - 2 * x[Slot.fullShift_mAh]
    : x[Slot.charged_mAh] - HOLD_SHARE * x[Slot.fullCharge_mAh];
  if (beyond_mAh > 0)
    raise(alarms, Alarm.SoftShort, Level.Alarm, Reason.ChargeTooLong, (100 * beyond_mAh) / capacity_mAh, x[Slot.at_ms]);
}

/** The voltage of a charge at a steady current rises: a second in which it fell. */
function watchDips(x: Float64Array, alarms: Alarms, fall_mV: number, current_mA: number): void {
  const at_ms = x[Slot.at_ms];
  const step_mA = current_mA - x[Slot.current_mA];
  const slack_mA = STEADY_SHARE * current_mA;
  if (step_mA < slack_mA || step_mA > -slack_mA) return;
  const square = fall_mV * fall_mV;
  const noise = x[Slot.noise_mV2];
  const least = x[Slot.dip_mV] * x[Slot.dip_mV];
  const beyond = BEYOND_NOISE * noise;
  x[Slot.noise_mV2] = noise + ((square < beyond + least ? square : beyond + least) - noise) / NOISE_OVER;
  if (noise > least) raise(alarms, Alarm.SoftShort, Level.Warn, Reason.VoltageDips, x[Slot.dips], at_ms);
  if (square < least || square < beyond) return;
  const dips = x[Slot.dips] + 1;
  x[Slot.dips] = dips;
  if (dips >= WARN_DIPS)
    raise(alarms, Alarm.SoftShort, dips < ALARM_DIPS ? Level.Warn : Level.Alarm, Reason.VoltageDips, dips, at_ms);
}

function beginRest(x: Float64Array, voltage_mV: number): void {
  x[Slot.phase_s] = 0;
  x[Slot.rest_mV] = voltage_mV;
  x[Slot.mark_s] = x[Slot.relaxation_s];
  x[Slot.mark_mV] = 0;
  x[Slot.fall_mV_s] = 0;
  x[Slot.falls] = 0;
}

/** Compares how fast the voltage fell over the last span with the span before it, half as long; the next one is twice as long. */
function mark(x: Float64Array, alarms: Alarms): void {
  const temperature_C = x[Slot.now_C];
  const mark_s = x[Slot.mark_s];
  const now_mV = x[Slot.rest_mV];
  const slope_mV = x[Slot.restSlope_mV];
  if (x[Slot.mark_mV] > 0 && slope_mV > 0) {
    const fall_mV_s = (x[Slot.mark_mV] - now_mV) / (0.5 * mark_s);
    const short_mA = (3600 * fall_mV_s * x[Slot.capacity_mAh]) / slope_mV;
    const off_C = temperature_C - x[Slot.mark_C];
    const before_mV_s = x[Slot.fall_mV_s];
    if (
      before_mV_s > 0 &&
      fall_mV_s > GOES_ON * before_mV_s &&
      short_mA > LEAST_C * x[Slot.capacity_mAh] &&
      off_C < STAYS_K &&
      off_C > -STAYS_K
    ) {
      x[Slot.falls]++;
      const level = x[Slot.falls] > 1 ? Level.Alarm : Level.Warn;
      raise(alarms, Alarm.SoftShort, level, Reason.SelfDischarge, short_mA, x[Slot.at_ms]);
    } else x[Slot.falls] = 0;
    x[Slot.fall_mV_s] = fall_mV_s;
  }
  x[Slot.mark_mV] = now_mV;
  x[Slot.mark_C] = temperature_C;
  x[Slot.mark_s] = 2 * mark_s;
}
