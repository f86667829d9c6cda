/** Makes a gauge from the configuration. Not resident. */
import type { PackConfig } from '../config/packDefaults';
import { Parameter } from '../estimate/cellModel';
import { Sum } from '../estimate/estimator';
import { createEstimator } from '../estimate/create';
import { openCircuit_V } from '../estimate/openCircuit';
import { createTold } from '../mavlink/told';
import { G, type Gauge } from './gauge';
import { tellsOfRows } from './tells';

/** A longer time between two samples is a gap, over which the charge is not known. */
const LONGEST_GAP_S = 5;
/** Beyond this part of its range the front end is taken as saturated (sense/pack.ts). */
const RANGE_NV = 0.98 * 200e6;
/** In flight the current is never still: only a change by more than this part of 1C is one that a second must not straddle. */
const STEP_C = 0.3;
const TENTHS = 10;
/** Without a model: the cut-off stands so far above the protection (packDefaults.ts). */
const ABOVE_PROTECTION_MV = 500;
/** Without a model: what may last, in an hour, is about this many times the capacity. */
const UNKNOWN_C = 5;

/** Takes the model out of the configuration: the estimator holds its numbers as it needs them, the names would only take memory. */
export function openGauge(config: PackConfig, cells: number, now_ms: number): Gauge {
  const cell = config.cell;
  config.cell = undefined;
  const g = new Float64Array(G.length);
  const empty_mV = cell === undefined ? config.limits.underVoltage_mV + ABOVE_PROTECTION_MV : 1000 * cell.dischargeTo_V;
  g[G.nominal_mAh] = g[G.full_mAh] =
    cell === undefined ? config.limits.lastingDischarge_mA / UNKNOWN_C : cell.parameters[Parameter.Qn] * cell.area_cm2;
  g[G.left_mAh] = g[G.knee_mAh] = g[G.said_ms] = g[G.changes] = -1;
  g[G.counted_ms] = now_ms;
  g[G.end_mV] = empty_mV * cells;
  const rest_mV = new Float32Array(TENTHS + 1);
  const ocv = cell === undefined ? undefined : new Float64Array(cell.ocv);
  for (let k = 0; k <= TENTHS; k++)
    rest_mV[k] =
      ocv === undefined
        ? empty_mV + ((config.chargeTo_mV - empty_mV) * k) / TENTHS
        : Math.min(config.chargeTo_mV, 1000 * openCircuit_V(ocv, k / TENTHS));
  const estimator =
    cell === undefined ? undefined : createEstimator(cell, RANGE_NV / config.board.afe.shunt_uOhm, LONGEST_GAP_S);
  if (estimator !== undefined) estimator.sum[Sum.step] = STEP_C * estimator.m[Parameter.Qn];
  return {
    g: g,
    told: createTold(),
    estimator: estimator,
    apart_mV: new Float32Array(cells),
    tells: tellsOfRows(),
    rest_mV: rest_mV,
  };
}
