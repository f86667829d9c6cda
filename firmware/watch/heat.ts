/**
 * Self-heating: warming that neither the current's losses nor the surroundings explain.
 *
 *   C dT = (loss - hA (T - ambient) + unexplained) dt
 *
 * A cumulative sum: each second adds what the temperature rose less what is explained and less what is allowed for, and it never
 * falls below zero. So noise does not gather, a slow excess is found in time, and a fast one at once. Allowed for are the
 * errors of the explanation: of losses and cooling, of heat that no overpotential shows, of the two temperature sensors.
 */
import { Alarm, clear, Level, raise, Reason, type Alarms } from './alarms';
import { Slot, UNKNOWN_C } from './state';

/** Half of the self-heating that a calorimeter takes as the onset, 0.02 degC/min (Cheng et al. 2023, section 2.3) [K/s]. */
const RATE_K_S = 0.01 / 60;
const SMOOTH_S = 15;
/** How far losses and cooling may be off, as shares. */
const LOSS_SHARE = 0.25;
const COOLING_SHARE = 0.25;
/** Reversible heat of up to 0.2 mV/K at 300 K, per current: no overpotential shows it [V]. */
const REVERSIBLE_V = 0.06;
/** After a current its heat still moves about for this long. */
const HOLD_S = 300;
/** Error of the difference of two temperatures before and after it was zeroed, and per kelvin away from where it was. */
const RAW_ZERO_K = 4;
const ZERO_K = 0.3;
const ZERO_PER_K = 0.02;
/** Zeroed at rest below this temperature, where no reaction is, while it stays, over this time. */
const ZERO_BELOW_C = 45;
const ZERO_OVER_S = 600;
const ZERO_HELD_W_PER_J_K = 1e-4;
const STILL_K = 0.15;
const STILL_S = 300;
/** A reading that differs more than this from the one some seconds before is no temperature of a cell, unless it goes on so. */
const JUMP_K = 0.8;
const JUMP_K_S = 0.1;
const JUMPS = 3;
const WARN_K = 0.25;
const ALARM_K = 0.5;
const MOST_K = 1;
const RELEASE_K = 0.05;
const RELEASE_S = 600;

/** Forgets the last temperature: what happened since is not known. */
export function restartHeat(x: Float64Array): void {
  x[Slot.smooth_C] = UNKNOWN_C;
  x[Slot.still_s] = 0;
  x[Slot.rises] = 0;
}

/**
 * What the temperature says after `dt_s`: raises or clears `Alarm.SelfHeating`.
 * @param x indexed by `Slot`
 * @param load_mA magnitude of the current
 * @param loss_W mean of that time
 */
export function watchHeat(
  x: Float64Array,
  alarms: Alarms,
  at_ms: number,
  dt_s: number,
  load_mA: number,
  temperature_C: number,
  ambient_C: number,
  loss_W: number,
): void {
  const was_C = x[Slot.smooth_C];
  const jump_K = temperature_C - x[Slot.read_C];
  x[Slot.read_C] = temperature_C;
  if (was_C === UNKNOWN_C) {
    x[Slot.smooth_C] = temperature_C;
    x[Slot.loss_W] = loss_W;
    return;
  }
  const most_K = JUMP_K + JUMP_K_S * dt_s;
  if (jump_K > most_K || jump_K < -most_K) {
    jumped(x, alarms, at_ms, jump_K / dt_s, temperature_C);
    return;
  }
  x[Slot.rises] = 0;
  const gain = dt_s / (SMOOTH_S + dt_s);
  const rise_K = gain * (temperature_C - was_C);
  const smooth_C = was_C + rise_K;
  x[Slot.smooth_C] = smooth_C;
  let explained_W = x[Slot.loss_W];
  explained_W += gain * (loss_W - explained_W);
  x[Slot.loss_W] = explained_W;
  const error_W = LOSS_SHARE * loss_W + (REVERSIBLE_V / 1000) * load_mA;
  let held_W = x[Slot.held_W];
  held_W -= (held_W * dt_s) / (HOLD_S + dt_s);
  if (error_W > held_W) held_W = error_W;
  x[Slot.held_W] = held_W;
  explained_W += held_W;
  const capacity_J_K = x[Slot.heatCapacity_J_K];
  const cooling_W_K = x[Slot.cooling_W_K];
  if (cooling_W_K > 0) explained_W += cooling_W_K * byAmbient_K(x, dt_s, smooth_C, ambient_C, held_W / capacity_J_K);
  const was_K = x[Slot.surplus_K];
  const surplus_K = was_K + rise_K - dt_s * (explained_W / capacity_J_K + RATE_K_S);
  if (surplus_K > RELEASE_K) excess(x, alarms, at_ms, surplus_K);
  else {
    x[Slot.surplus_K] = surplus_K > 0 ? surplus_K : 0;
    const calm_s = x[Slot.calm_s] + dt_s;
    x[Slot.calm_s] = calm_s;
    if (calm_s > RELEASE_S && calm_s - dt_s <= RELEASE_S) clear(alarms, Alarm.SelfHeating);
  }
}

function excess(x: Float64Array, alarms: Alarms, at_ms: number, surplus_K: number): void {
  x[Slot.surplus_K] = surplus_K < MOST_K ? surplus_K : MOST_K;
  x[Slot.calm_s] = 0;
  if (surplus_K > WARN_K) {
    const level = surplus_K > ALARM_K ? Level.Alarm : Level.Warn;
    raise(alarms, Alarm.SelfHeating, level, Reason.HeatUnexplained, x[Slot.surplus_K], at_ms);
  }
}

/** By how many kelvins the surroundings may be warmer than the cell, at most. */
function byAmbient_K(x: Float64Array, dt_s: number, cell_C: number, ambient_C: number, held_K_s: number): number {
  if (!(ambient_C > -100 && ambient_C < 300)) {
    // Unknown: they may heat the cell up to their warmest, and need not cool it.
    const below_K = x[Slot.warmestAmbient_C] - cell_C;
    return below_K > 0 ? below_K : 0;
  }
  const raw_K = cell_C - ambient_C;
  if (held_K_s < ZERO_HELD_W_PER_J_K && cell_C < ZERO_BELOW_C) findZero(x, dt_s, cell_C, raw_K);
  const over_K = raw_K - x[Slot.zero_C];
  const away_K = cell_C - x[Slot.zeroAt_C];
  const sensors_K = x[Slot.zero_s] < ZERO_OVER_S ? RAW_ZERO_K : ZERO_K + ZERO_PER_K * (away_K < 0 ? -away_K : away_K);
  return sensors_K - (over_K > 0 ? (1 - COOLING_SHARE) * over_K : (1 + COOLING_SHARE) * over_K);
}

/** At rest long enough the cell is as warm as its surroundings: what is left is the sensors' error. */
function findZero(x: Float64Array, dt_s: number, cell_C: number, raw_K: number): void {
  const moved_K = cell_C - x[Slot.still_C];
  if (moved_K > STILL_K || moved_K < -STILL_K) {
    x[Slot.still_C] = cell_C;
    x[Slot.still_s] = 0;
    return;
  }
  const still_s = x[Slot.still_s] + dt_s;
  x[Slot.still_s] = still_s;
  if (still_s < STILL_S || raw_K > RAW_ZERO_K || raw_K < -RAW_ZERO_K) return;
  let zero_s = x[Slot.zero_s];
  x[Slot.zero_C] += ((raw_K - x[Slot.zero_C]) * dt_s) / (zero_s + dt_s);
  zero_s += dt_s;
  x[Slot.zero_s] = zero_s < ZERO_OVER_S ? zero_s : ZERO_OVER_S;
  x[Slot.zeroAt_C] = cell_C;
}

/** One jump is a bad reading: begins anew after it. A row of them upwards is a cell that burns. */
function jumped(x: Float64Array, alarms: Alarms, at_ms: number, jump_K_s: number, temperature_C: number): void {
  x[Slot.rises] = jump_K_s > 0 ? x[Slot.rises] + 1 : 0;
  x[Slot.smooth_C] = temperature_C;
  if (x[Slot.rises] < JUMPS) return;
  x[Slot.calm_s] = 0;
  x[Slot.surplus_K] = MOST_K;
  raise(alarms, Alarm.SelfHeating, Level.Alarm, Reason.HeatSudden, jump_K_s, at_ms);
}
