/**
 * The largest currents that the cell can serve in the state it is in, each with the reason: for ten seconds, for as long as there is
 * lithium, and in charge. A wish beyond them is clipped, and why is kept.
 *
 * They keep the cell off its cut-offs and its electrolyte off saturation; the supervisor (protect.ts) does not rest on them.
 */
import { Parameter as M } from '../estimate/cellModel';
import { isLost } from '../estimate/cycle';
import { Why } from '../estimate/estimates';
import type { Estimator } from '../estimate/estimator';
import { openCircuit_V } from '../estimate/openCircuit';
import { concentration_V } from '../estimate/polarization';
import { Factor, State } from '../estimate/state';

/** What ends a power or holds back a current. */
export enum Limit {
  /** Nothing does. */
  None,
  /** The current that the configuration allows. */
  Configured,
  /** The cut-off voltage. */
  Voltage,
  /** The electrolyte at the copper is nearly saturated: the limiting current. */
  Saturation,
  /** Charge fast enough to roughen the lithium that it plates. */
  Plating,
  /** Too cold or too hot for the full current. */
  Temperature,
  /** The estimator does not know the cell's state: the currents that are safe in any. */
  Unknown,
}

/** Which current; all are amounts, 0 or more. */
export enum Allowed {
  /** Discharge for ten seconds from now. */
  Short,
  /** Discharge for as long as there is lithium: what the state of now could go on with. */
  Lasting,
  Charge,
  length,
}

/** Of the whole cell [mA], 0 or more. */
export interface CurrentSettings {
  most_mA: number;
  mostCharge_mA: number;
  /** Where the estimator does not know the cell's state. */
  safe_mA: number;
  safeCharge_mA: number;
  /** No current flows beyond these temperatures [degC]; the last ten degrees before them let through less and less. */
  coldest_C: number;
  hottest_C: number;
}

/** The largest currents now, and why no more: `most_mA` and `why` are indexed by `Allowed`. */
export interface CurrentLimits {
  settings: CurrentSettings;
  most_mA: Float64Array;
  /** A `Limit` for each. */
  why: Uint8Array;
  /** What clipped the last wish; None when it was granted. */
  clippedBy: Limit;
  /** The one to be found next. */
  turn: Allowed;
}

const SHORT_S = 10;
/** Saturation that a current may lead to. */
const MOST_SATURATION = 0.9;
/** Stripping number of a charge over that at which half of the roughness is reached: a sixteenth of it is then. */
const MOST_PLATING = 0.5;
const DERATED_C = 10;

/** Until the estimator knows the cell's state: the currents that are safe in any. */
export function createCurrentLimits(settings: CurrentSettings): CurrentLimits {
  const most_mA = new Float64Array(Allowed.length);
  const why = new Uint8Array(Allowed.length);
  most_mA.fill(settings.safe_mA);
  most_mA[Allowed.Charge] = settings.safeCharge_mA;
  why.fill(Limit.Unknown);
  return { settings: settings, most_mA: most_mA, why: why, clippedBy: Limit.None, turn: Allowed.Short };
}

/** To be called once a second, after the estimator: finds the three in turn. @param temperature_C of the cell */
export function limitCurrents(limits: CurrentLimits, e: Estimator, temperature_C: number): void {
  const settings = limits.settings;
  const x = e.x;
  const factors = e.f;
  if (factors[Factor.kap] === 0 || e.trouble !== Why.Valid || isLost(e)) {
    for (let which = 0; which < Allowed.length; which++) {
      const charge = which === Allowed.Charge;
      set(limits, which, charge ? settings.safeCharge_mA : settings.safe_mA, Limit.Unknown, temperature_C);
    }
    return;
  }
  const which = limits.turn;
  limits.turn = which === Allowed.Charge ? Allowed.Short : which + 1;
  const charge = which === Allowed.Charge;
  const m = e.m;
  const n = factors[Factor.n] * x[State.h];
  const area = charge ? 1 : Math.pow(x[State.A] / (x[State.A] + m[M.ah]), m[M.mA]);
  // The saturation that is left of the present one, and what a current density adds to it.
  let free = 0;
  let gain = n / area;
  if (which === Allowed.Short) {
    const pace = SHORT_S / x[State.pace];
    const slow = Math.exp(-pace / (m[M.tau1] * m[M.ilim] * factors[Factor.n]));
    const fast = Math.exp((-pace * factors[Factor.warm]) / m[M.tau2]);
    free = x[State.w1] * slow + x[State.w2] * fast;
    gain *= 1 - m[M.g1] * slow - (1 - m[M.g1]) * fast;
  }
  const most = (charge ? settings.mostCharge_mA : settings.most_mA) / e.area_cm2;
  let i = charge ? (MOST_PLATING * m[M.P0]) / n : (MOST_SATURATION - free) / gain;
  let why = charge ? Limit.Plating : Limit.Saturation;
  if (most <= i) {
    i = most;
    why = Limit.Configured;
  }
  const open_V = openCircuit_V(e.ocv, x[State.s] - x[State.dl]) + x[State.b];
  const room_V =
    (charge ? e.chargeTo_V - open_V : open_V - e.dischargeTo_V) - concentration_V(factors[Factor.kap], free);
  // Twice along the chord of the drop over the current, which is steeper than the drop below it.
  for (let turn = 0; turn < 2 && i > 0; turn++) {
    const y = i / (factors[Factor.anode] * area);
    const z = i / factors[Factor.cathode];
    const drop_V =
      concentration_V(factors[Factor.kap], free + gain * i) -
      concentration_V(factors[Factor.kap], free) +
      x[State.rho] *
        (i * factors[Factor.ohm] +
          factors[Factor.rt2F] * Math.log((y + Math.sqrt(y * y + 1)) * (z + Math.sqrt(z * z + 1))));
    if (drop_V <= room_V) break;
    i *= room_V / drop_V;
    why = Limit.Voltage;
  }
  set(limits, which, why === Limit.Configured ? Infinity : i * e.area_cm2, why, temperature_C);
}

/** Safety comes last, and so has the last word. */
function set(limits: CurrentLimits, which: Allowed, most_mA: number, why: Limit, temperature_C: number): void {
  const settings = limits.settings;
  const room_C = Math.min(temperature_C - settings.coldest_C, settings.hottest_C - temperature_C);
  const part = room_C >= DERATED_C ? 1 : room_C > 0 ? room_C / DERATED_C : 0;
  const configured = part * (which === Allowed.Charge ? settings.mostCharge_mA : settings.most_mA);
  if (!(most_mA <= configured)) {
    most_mA = configured;
    why = part < 1 ? Limit.Temperature : Limit.Configured;
  }
  limits.most_mA[which] = most_mA > 0 ? most_mA : 0;
  limits.why[which] = why;
}

/** What of a wish is granted [mA, discharge positive]; `lasting`: for longer than ten seconds. A wish that is no number is none. */
export function clipCurrent(limits: CurrentLimits, wish_mA: number, lasting: boolean): number {
  const which = wish_mA < 0 ? Allowed.Charge : lasting ? Allowed.Lasting : Allowed.Short;
  const most_mA = limits.most_mA[which];
  const amount_mA = wish_mA < 0 ? -wish_mA : wish_mA;
  limits.clippedBy = Limit.None;
  if (amount_mA <= most_mA) return wish_mA;
  limits.clippedBy = limits.why[which];
  return amount_mA > 0 ? (wish_mA < 0 ? -most_mA : most_mA) : 0;
}

/** In words, as it is shown. */
export function limitText(limit: Limit): string {
  switch (limit) {
    case Limit.None:
      return 'not limited';
    case Limit.Configured:
      return 'largest current of the configuration';
    case Limit.Voltage:
      return 'cut-off voltage';
    case Limit.Saturation:
      return 'electrolyte near saturation (limiting current)';
    case Limit.Plating:
      return 'faster plating is rough';
    case Limit.Temperature:
      return 'too cold or too hot for more';
    default:
      return 'state of the cell not known';
  }
}
