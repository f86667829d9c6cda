/**
 * The supervisor of a cycler channel: shows what was read to the rows of the fault table, and says what is left of the current.
 * It only ever takes away.
 *
 * Where nothing can be wrong, because every value lies in the band in which no row leaves `Ok`, no row is looked at.
 */
import type { Actuator } from '../actuate/actuate';
import type { ChargeCounter } from '../count/charge';
import { Slow, type Sense } from '../sense/sense';
import { Alarm, ANY, Field, type Alarms } from '../watch/alarms';
import { check, settle } from './engine';
import { Fault, Group } from './faults';
import { X, type Protection } from './protection';

/** Heat of a lasting over-current may be that of a tenth more than the lasting limit for this long; more, for less. */
const LASTING_S = 50;
const TENTH_MORE = 0.21;
const MOST_OF_LASTING = 1.9;
/** What is more does not keep the row from its release. */
const MOST_HEAT = 2;
/** The current follows its set-point within this time; the first sample after a change may still hold the one before. */
const FOLLOWS_MS = 150;
/** Samples this far apart were not taken at a steady current. */
const STEADY_MA = 50;
/** No cell's voltage is further from here. */
const MIDDLE_MV = 2750;
/** Equal readings in a row that noise explains. */
const SAME_READINGS = 10;
/** Square of the step between two samples that no row calls impossible, at any pace. */
const CALM_STEP_MV2 = 10000;
/** Beyond these no cell is, but a thermistor without its wire. */
const THERMISTOR_LOW_C = -60;
const THERMISTOR_HIGH_C = 150;
/** The rows of the watchers' alarms, in the order of `Alarm`. */
const FIRST_WATCHED = Fault.SoftShort;
/** Kelvin between two readings that no row calls too fast. */
const CALM_STEP_C = 0.1;

/** Shows all that is new to the rows. */
export function supervise(
  p: Protection,
  sense: Sense,
  actuator: Actuator,
  counter: ChargeCounter,
  alerted: boolean,
  now_ms: number,
): void {
  const x = p.x;
  const fresh = sense.at_ms === now_ms;
  if (alerted || !fresh || p.busy[Group.Tick] !== 0) checkTick(p, sense, alerted, now_ms);
  if (fresh) {
    const voltage_mV = sense.voltage_mV;
    const current_mA = sense.current_mA;
    const moved_mV = voltage_mV - x[X.last_mV];
    const error_mA = current_mA - actuator.set_mA;
    const same = moved_mV === 0 && current_mA === x[X.last_mA] ? x[X.same] + 1 : 0;
    x[X.same] = same;
    if (
      // So written that what is not a number is not calm.
      !(moved_mV * moved_mV <= CALM_STEP_MV2) ||
      !(error_mA * error_mA <= x[X.calmError_mA2]) ||
      voltage_mV > x[X.calmHigh_mV] ||
      voltage_mV < x[X.calmLow_mV] ||
      current_mA > x[X.lastingDischarge_mA] ||
      current_mA < -x[X.lastingCharge_mA] ||
      p.busy[Group.Sample] !== 0 ||
      same > SAME_READINGS ||
      x[X.heat] !== 0 ||
      sense.invalid
    )
      checkSample(p, sense, actuator, moved_mV, Math.abs(error_mA), now_ms);
    x[X.last_mV] = voltage_mV;
    x[X.last_mA] = current_mA;
    x[X.last_ms] = now_ms;
  }
  if (sense.slowDue) superviseSlow(p, sense, actuator, counter, now_ms);
  else checkActuator(p, sense, actuator, now_ms);
  if (p.changed) settle(p);
}

/** A sample that may not be calm. Of one that is, only the rows that are not `Ok` learn something. */
function checkSample(
  p: Protection,
  sense: Sense,
  actuator: Actuator,
  moved_mV: number,
  error_mA: number,
  now_ms: number,
): void {
  const x = p.x;
  const voltage_mV = sense.voltage_mV;
  const current_mA = sense.current_mA;
  const moved_mA = Math.abs(current_mA - x[X.last_mA]);
  const passed_s = (now_ms - x[X.last_ms]) / 1000;
  check(p, Fault.InvalidData, sense.invalid ? 1 : 0, now_ms);
  // Numbers that mean nothing say nothing of the cell.
  if (sense.invalid) return;
  check(p, Fault.StuckData, x[X.same], now_ms);
  check(p, Fault.OutOfRange, Math.abs(voltage_mV - MIDDLE_MV), now_ms);
  check(p, Fault.OverVoltage, voltage_mV, now_ms);
  check(p, Fault.DeepDischarge, voltage_mV, now_ms);
  check(p, Fault.UnderVoltage, voltage_mV, now_ms);
  check(p, Fault.OverDischargeCurrent, current_mA, now_ms);
  check(p, Fault.OverChargeCurrent, -current_mA, now_ms);
  const discharged = warm(x, X.dischargeHeat, current_mA / x[X.lastingDischarge_mA], passed_s);
  const charged = warm(x, X.chargeHeat, -current_mA / x[X.lastingCharge_mA], passed_s);
  x[X.heat] = discharged + charged;
  check(p, Fault.LastingDischargeCurrent, discharged, now_ms);
  check(p, Fault.LastingChargeCurrent, charged, now_ms);
  const steady = moved_mA < STEADY_MA && passed_s > 0;
  check(p, Fault.ImpossibleSlope, steady ? Math.abs(moved_mV) / passed_s : 0, now_ms);
  const off_mA = now_ms - actuator.since_ms > FOLLOWS_MS ? error_mA : 0;
  check(p, Fault.CurrentWhenOpen, actuator.set_mA === 0 ? off_mA : 0, now_ms);
  check(p, Fault.CurrentNotFollowing, actuator.set_mA === 0 ? 0 : off_mA, now_ms);
}

/**
 * Gathers and loses heat with the square of the current, of its lasting limit. What is nearly twice the limit is for other rows: a
 * single wrong reading must not fill it.
 * @returns it; 1 is all that is allowed
 */
export function warm(x: Float64Array, which: X, current: number, passed_s: number): number {
  const square = current > 0 ? (current < MOST_OF_LASTING ? current * current : MOST_OF_LASTING * MOST_OF_LASTING) : 0;
  const heat = x[which] + ((square - 1) * passed_s) / (LASTING_S * TENTH_MORE);
  x[which] = heat > 0 ? (heat < MOST_HEAT ? heat : MOST_HEAT) : 0;
  return x[which];
}

/** What may be wrong although nothing fresh was read. */
function checkTick(p: Protection, sense: Sense, alerted: boolean, now_ms: number): void {
  check(p, Fault.FrontEnd, alerted ? 1 : 0, now_ms);
  check(p, Fault.NoAcknowledge, sense.failedTicks, now_ms);
  check(p, Fault.BusStuck, sense.stuckTicks, now_ms);
  check(p, Fault.StaleData, now_ms - sense.at_ms, now_ms);
}

function checkActuator(p: Protection, sense: Sense, actuator: Actuator, now_ms: number): void {
  const unread_ms = now_ms - actuator.checkedAt_ms;
  if (unread_ms !== 0) {
    check(p, Fault.StaleSlowData, unread_ms, now_ms);
    return;
  }
  const set_mA = actuator.set_mA;
  // A tenth of a small current is less than the offset.
  const small = set_mA < STEADY_MA && set_mA > -STEADY_MA;
  const flows_pct = small || now_ms - actuator.since_ms <= FOLLOWS_MS ? 100 : (100 * sense.current_mA) / set_mA;
  if (flows_pct > p.x[X.calmFlow_pct] && !actuator.mismatch && p.busy[Group.Actuator] === 0) return;
  check(p, Fault.ActuatorMismatch, actuator.mismatch ? 1 : 0, now_ms);
  check(p, Fault.SwitchNotClosing, flows_pct, now_ms);
}

// As on a pack: one more call would cost each tick.
/* jscpd:ignore-start */
function superviseSlow(p: Protection, sense: Sense, actuator: Actuator, counter: ChargeCounter, now_ms: number): void {
  const slow = sense.slow;
  const age_ms = now_ms - sense.slowAt_ms[slow];
  if (age_ms !== 0 || p.state[Fault.StaleSlowData] !== 0) check(p, Fault.StaleSlowData, age_ms, now_ms);
  if (age_ms !== 0) return;
  /* jscpd:ignore-end */
  if (slow === Slow.Temperature) superviseTemperature(p, sense.temperature_C, sense.thermistor_mV, now_ms);
  else if (slow === Slow.CoarseVoltage) check(p, Fault.VoltagesDisagree, sense.voltageGap_mV, now_ms);
  else if (slow === Slow.CoarseTemperature) check(p, Fault.TemperaturesDisagree, sense.temperatureGap_C, now_ms);
  else if (slow === Slow.ChipCharge) {
    check(p, Fault.ChargeCountDisagrees, counter.error_mC, now_ms);
    // Each comparison is shown once.
    counter.error_mC = 0;
  } else if (slow === Slow.Settings) {
    check(p, Fault.PartReset, sense.settingsHold ? 0 : 1, now_ms);
    check(p, Fault.SetPointOutOfRange, actuator.clipped_mA, now_ms);
  } else check(p, Fault.BoardTemperature, sense.ambient_C, now_ms);
}

/** The cell's temperature, as any board reads it. @param raw what the converter gave: noise moves it, unless it is stuck */
export function superviseTemperature(p: Protection, temperature_C: number, raw: number, now_ms: number): void {
  const x = p.x;
  if (raw === x[X.lastThermistor]) x[X.sameTemperature]++;
  else x[X.sameTemperature] = 0;
  x[X.lastThermistor] = raw;
  const moved_C = temperature_C - x[X.last_C];
  const last_ms = x[X.lastTemperature_ms];
  x[X.last_C] = temperature_C;
  x[X.lastTemperature_ms] = now_ms;
  if (
    p.busy[Group.Temperature] === 0 &&
    temperature_C < x[X.calmHigh_C] &&
    temperature_C > x[X.calmLow_C] &&
    moved_C < CALM_STEP_C &&
    x[X.sameTemperature] < SAME_READINGS
  )
    return;
  check(p, Fault.ThermistorStuck, x[X.sameTemperature], now_ms);
  check(p, Fault.ThermistorOpen, temperature_C, now_ms);
  check(p, Fault.ThermistorShort, temperature_C, now_ms);
  if (temperature_C < THERMISTOR_LOW_C || temperature_C > THERMISTOR_HIGH_C) return;
  check(p, Fault.OverTemperature, temperature_C, now_ms);
  check(p, Fault.UnderTemperature, temperature_C, now_ms);
  check(p, Fault.ChargeOverTemperature, temperature_C, now_ms);
  check(p, Fault.ChargeUnderTemperature, temperature_C, now_ms);
  // A sensor that comes back from nowhere has not warmed.
  const slope_C_s = (1000 * moved_C) / (now_ms - last_ms);
  check(p, Fault.TemperatureSlope, moved_C < THERMISTOR_HIGH_C ? slope_C_s : 0, now_ms);
}

/** What the watchers of the lithium say. */
export function superviseWatch(p: Protection, alarms: Alarms, now_ms: number): void {
  if (alarms[ANY] === 0) return;
  for (let alarm = 1; alarm < Alarm.length; alarm++) {
    const level = alarms[alarm * Field.length];
    const fault = FIRST_WATCHED - 1 + alarm;
    if (level !== 0 || p.state[fault] !== 0) check(p, fault, level, now_ms);
  }
}
