/**
 * The watchers of a lithium-metal cell: soft internal short, self-heating, electrolyte drying, plating too fast. Every second and
 * every cycle in, alarms out (alarms.ts). docs/watchers.md has what each looks at, and how well it was found to work.
 */
import { createAlarms, shiftAlarms, type Alarms } from './alarms';
import { watchDrying } from './drying';
import { restartHeat, watchHeat } from './heat';
import { watchPlating } from './plating';
import type { WatchSettings } from './settings';
import { balanceCycle } from './shortCycle';
import { restartShort, watchShort } from './shortNow';
import { Slot } from './state';

/** The watchers of one cell: their memory, indexed by `Slot`, and what they have to say. */
export interface Watch {
  x: Float64Array;
  alarms: Alarms;
}

/** A longer second is a gap [s]. */
const LONGEST_S = 60;
/** Heat is slow: it is looked at when this much time has passed [s], or at once when the temperature has moved by so much. */
const HEAT_S = 5;
const MOVED_K = 0.8;
/** Below this part of 1C the cell rests. */
const REST_C = 0.02;

/** Has seen nothing yet; no alarm is raised. */
export function createWatch(settings: WatchSettings): Watch {
  const x = new Float64Array(Slot.length);
  x[Slot.capacity_mAh] = settings.capacity_mAh;
  x[Slot.fullCharge_mAh] = settings.fullCharge_mAh;
  x[Slot.chargeTo_mV] = settings.chargeTo_mV;
  x[Slot.restSlope_mV] = settings.restSlope_mV;
  x[Slot.topSlope_mV] = settings.topSlope_mV;
  x[Slot.relaxation_s] = settings.relaxation_s;
  x[Slot.dip_mV] = settings.dip_mV;
  x[Slot.heatCapacity_J_K] = settings.heatCapacity_J_K;
  x[Slot.cooling_W_K] = settings.cooling_W_K;
  x[Slot.warmestAmbient_C] = settings.warmestAmbient_C;
  x[Slot.roughNumber] = settings.roughNumber;
  x[Slot.rest_mA] = REST_C * settings.capacity_mAh;
  x[Slot.at_ms] = -1;
  restart(x);
  return { x: x, alarms: createAlarms() };
}

/** After a gap: what rests on one second following another begins anew. Alarms stay. */
function restart(x: Float64Array): void {
  restartShort(x);
  restartHeat(x);
  x[Slot.heat_s] = 0;
  x[Slot.lost_J] = 0;
}

/**
 * One second, or what there was of it, all at once.
 *
 * @param at_ms its end; the same as before: nothing is done
 * @param dt_s above 0 to 60; else a gap
 * @param current_mA discharge positive, offset removed
 * @param ambient_C of the surroundings, as the board feels it; NaN: unknown
 * @param loss_W current times overpotential, from 0; NaN: unknown (then self-heating is judged without current only)
 * @param platingNumber charge current over limiting current at this temperature; 0 without a charge or unknown
 * @param valid false: nothing may be concluded from this second
 */
export function watchSecond(
  watch: Watch,
  at_ms: number,
  dt_s: number,
  voltage_mV: number,
  current_mA: number,
  temperature_C: number,
  ambient_C: number,
  loss_W: number,
  platingNumber: number,
  valid: boolean,
): void {
  const x = watch.x;
  if (at_ms === x[Slot.at_ms]) return;
  x[Slot.dt_s] = valid ? dt_s : NaN;
  x[Slot.now_mV] = voltage_mV;
  x[Slot.now_mA] = current_mA;
  x[Slot.now_C] = temperature_C;
  x[Slot.loss_now_W] = loss_W;
  x[Slot.platingNumber] = platingNumber;
  if (!isTrue(x, watch.alarms, at_ms)) return;
  if (watchCharge(x, watch.alarms)) watchTemperature(x, watch.alarms, ambient_C);
}

/** Looks at a second's readings, from `Slot.dt_s` on. @returns false when it is a gap or they cannot be true: then all begins anew */
export function isTrue(x: Float64Array, alarms: Alarms, at_ms: number): boolean {
  const dt_s = x[Slot.dt_s];
  const voltage_mV = x[Slot.now_mV];
  const temperature_C = x[Slot.now_C];
  if (at_ms < x[Slot.at_ms]) shiftAlarms(alarms, at_ms - x[Slot.at_ms]);
  const isTime = isFinite(at_ms);
  if (isTime) x[Slot.at_ms] = at_ms;
  if (
    isTime &&
    dt_s > 0 &&
    dt_s <= LONGEST_S &&
    voltage_mV > 0 &&
    voltage_mV < 6000 &&
    temperature_C > -60 &&
    temperature_C < 250 &&
    isFinite(x[Slot.now_mA])
  )
    return true;
  restart(x);
  return false;
}

/** What its charge and its voltage say. @returns whether it is time to look at its temperature */
export function watchCharge(x: Float64Array, alarms: Alarms): boolean {
  const passed_mAh = watchShort(x, alarms);
  const number = x[Slot.platingNumber];
  if (number > 0 && passed_mAh < 0) watchPlating(x, alarms, x[Slot.at_ms], number, -passed_mAh);
  const dt_s = x[Slot.dt_s];
  const heat_s = x[Slot.heat_s] + dt_s;
  x[Slot.heat_s] = heat_s;
  x[Slot.lost_J] += x[Slot.loss_now_W] * dt_s;
  const moved_K = x[Slot.now_C] - x[Slot.read_C];
  return heat_s >= HEAT_S || moved_K >= MOVED_K || moved_K <= -MOVED_K;
}

/** What its temperature says. */
export function watchTemperature(x: Float64Array, alarms: Alarms, ambient_C: number): void {
  const heat_s = x[Slot.heat_s];
  const lost_J = x[Slot.lost_J];
  const temperature_C = x[Slot.now_C];
  x[Slot.heat_s] = 0;
  x[Slot.lost_J] = 0;
  const current_mA = x[Slot.now_mA];
  const load_mA = current_mA < 0 ? -current_mA : current_mA;
  const at_ms = x[Slot.at_ms];
  if (lost_J >= 0) watchHeat(x, alarms, at_ms, heat_s, load_mA, temperature_C, ambient_C, lost_J / heat_s);
  else if (load_mA < x[Slot.rest_mA]) watchHeat(x, alarms, at_ms, heat_s, load_mA, temperature_C, ambient_C, 0);
  else restartHeat(x);
}

/**
 * One cycle, in the rest after its discharge and before the next charge. What is not known is not a number, then the rest of it is
 * still used; a cycle that was not all counted has no charges.
 *
 * @param charge_mAh @param discharge_mAh since the cycle before was closed, all of them, slow strips too; magnitudes
 * @param lambdaBefore_mAh @param lambdaAfter_mAh lithium outside the cathode by the rests before and after, found with the same
 *   capacity of the cathode; and the standard deviation of either
 * @param limitingCurrent_mA of stripping at 25 degC, and its standard deviation
 */
export function watchCycle(
  watch: Watch,
  at_ms: number,
  charge_mAh: number,
  discharge_mAh: number,
  lambdaBefore_mAh: number,
  lambdaAfter_mAh: number,
  sigma_mAh: number,
  limitingCurrent_mA: number,
  limitingSigma_mA: number,
): void {
  const x = watch.x;
  balanceCycle(x, watch.alarms, at_ms, charge_mAh, discharge_mAh, lambdaBefore_mAh, lambdaAfter_mAh, sigma_mAh);
  watchDrying(x, watch.alarms, at_ms, limitingCurrent_mA, limitingSigma_mA);
}
