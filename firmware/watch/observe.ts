/** What the watchers are told of a cell, from the sensors and the estimator. */
import { Parameter as M, type CellModel } from '../estimate/cellModel';
import { Why } from '../estimate/estimates';
import { Sum, type Estimator } from '../estimate/estimator';
import { Lithium } from '../estimate/inventory';
import { openCircuitSlope_V } from '../estimate/openCircuit';
import { Factor, State } from '../estimate/state';
import type { Sense } from '../sense/sense';
import { watchDefaults, type WatchSettings } from './settings';
import { FIRST_CYCLES, watchDrying } from './drying';
import { balanceCycle } from './shortCycle';
import { Slot } from './state';
import { isTrue, type Watch } from './watch';

/** Below the number at which plating is rough by the model: the limiting current is uncertain. */
const ROUGH_SHARE = 0.85;
/** Heat capacity of a pouch by its copper [J/(K cm2)] (docs/thermal.md). */
const HEAT_CAPACITY_J_K_CM2 = 0.04;
/** The coldest use [degC]. */
const COLDEST_C = -10;
/** A flatter curve says nothing of a discharge at rest [V]. */
const FLAT_V = 0.1;
const TOP = 0.97;

/** Settings of the watchers for a cell: defaults, with what its model knows better. */
export function watchSettings(cell: CellModel): WatchSettings {
  const m = cell.parameters;
  const ocv = new Float64Array(cell.ocv);
  const settings = watchDefaults(m[M.Qn] * cell.area_cm2, 1000 * cell.chargeTo_V);
  const perNominal_mV = (1000 * m[M.Qn]) / m[M.Qcat];
  let least_V = openCircuitSlope_V(ocv, TOP);
  settings.topSlope_mV = least_V * perNominal_mV;
  for (let s = 0.3; s < TOP; s += 0.1) least_V = Math.min(least_V, openCircuitSlope_V(ocv, s));
  settings.restSlope_mV = least_V < FLAT_V ? 0 : least_V * perNominal_mV;
  settings.fullCharge_mAh = m[M.Qcat] * cell.area_cm2;
  settings.relaxation_s = Math.max(slower(m[M.EaD]) * m[M.tau1] * (1 + m[M.chi]), slower(m[M.EaSol]) * m[M.taus]);
  settings.heatCapacity_J_K = HEAT_CAPACITY_J_K_CM2 * cell.area_cm2;
  settings.roughNumber = ROUGH_SHARE * m[M.P0];
  return settings;
}

/** How much slower at the coldest use than at 25 degC, by the activation energy [J/mol]. */
function slower(energy_J_mol: number): number {
  return Math.exp((energy_J_mol / 8.314) * (1 / (COLDEST_C + 273.15) - 1 / 298.15));
}

/** The watchers' work in stages, which take an interpreter about as long each. */
export enum Watching {
  /** What comes first is a second's readings. */
  Nothing,
  /** Short and plating; self-heating, and what has come of all. */
  Charge,
  Temperature,
  /** Of a cycle: its balances, drying, the end of life. */
  Cycle,
  Drying,
  Life,
}

/** A second's readings, `dt_s` long. @param current_mA discharge positive, offset removed @returns whether they can be true */
export function observeSecond(watch: Watch, e: Estimator, sense: Sense, current_mA: number, dt_s: number): boolean {
  const x = watch.x;
  const f = e.f;
  let loss_W = NaN;
  let plating = 0;
  if (e.trouble === Why.Valid) {
    const out = e.polarization;
    // The cathode's lag is diffusion, and makes heat as the other overpotentials do.
    loss_W = ((out.etaConc_V + out.etaFast_V + e.sum[Sum.lag_V]) * current_mA) / 1000;
    if (loss_W < 0) loss_W = NaN;
    if (current_mA < 0)
      plating =
        (-current_mA / e.area_cm2) * f[Factor.n] * e.x[State.h] * Math.min(1, e.x[State.k] / x[Slot.firstKappa]);
  }
  x[Slot.dt_s] = dt_s;
  x[Slot.now_mV] = sense.voltage_mV;
  x[Slot.now_mA] = current_mA;
  x[Slot.now_C] = sense.temperature_C;
  x[Slot.loss_now_W] = loss_W;
  x[Slot.platingNumber] = plating;
  return isTrue(x, watch.alarms, sense.at_ms);
}

/** The estimator has closed a cycle: its charges. */
export function observeCharges(watch: Watch, e: Estimator): void {
  const v = e.v;
  const area = e.area_cm2;
  const counted = v[Lithium.chargesKnown] > 0;
  const lambda = v[Lithium.lambda];
  balanceCycle(
    watch.x,
    watch.alarms,
    watch.x[Slot.at_ms],
    counted ? v[Lithium.cycleCharged] * area : NaN,
    counted ? v[Lithium.cycleDischarged] * area : NaN,
    v[Lithium.changeKnown] > 0 ? (lambda - v[Lithium.cycleChange]) * area : NaN,
    lambda * area,
    v[Lithium.lambdaSigma] * area,
  );
}

/**
 * And the limiting current, at 25 degC. Voltage cannot tell it from kappa, and over a long life what is learned wanders from one to the
 * other: what kappa has lost since the first cycles is no fall of the limiting current. What it has gained may be an error of the model.
 */
export function observeLimit(watch: Watch, e: Estimator): void {
  const x = watch.x;
  const kappa = e.x[State.k];
  if (x[Slot.firstCycles] < FIRST_CYCLES) x[Slot.firstKappa] = kappa;
  const limit_mA =
    e.area_cm2 / (e.f[Factor.n] * e.f[Factor.warm]) / (e.x[State.h] * Math.min(1, kappa / x[Slot.firstKappa]));
  watchDrying(x, watch.alarms, x[Slot.at_ms], limit_mA, limit_mA * Math.sqrt(e.x[State.hh]));
}
