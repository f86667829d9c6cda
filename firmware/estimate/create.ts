/** An estimator that knows nothing yet of its cell but the model. */
import { Parameter as M, type CellModel } from './cellModel';
import { createEstimates, Why } from './estimates';
import { MINUTE_S, Phase, Sum, type Estimator } from './estimator';
import { Seen } from './interrupt';
import { createInventory } from './inventory';
import { createPolarization } from './polarization';
import { createRest, Search } from './rest';
import { Factor, State } from './state';

/** A change of current by more than this, of 1C, is a step: no less than what parts rest from current. */
const STEP_C = 0.02;

/**
 * For a cell that is new and empty: nothing is known of it yet but the model.
 * @param mostCurrent_mA beyond this the current monitor is saturated
 * @param longestGap_s between two samples
 */
export function createEstimator(cell: CellModel, mostCurrent_mA: number, longestGap_s: number): Estimator {
  const m = new Float64Array(cell.parameters);
  const x = new Float64Array(State.length);
  x[State.A] = m[M.Ainit];
  x[State.rho] = 1;
  x[State.h] = 1;
  x[State.pace] = 1;
  x[State.k] = 1;
  x[State.p] = 0.78;
  const curve_V = cell.ocvError_mV / 1000;
  const variance = cell.spread * cell.spread;
  x[State.bb] = curve_V * curve_V;
  x[State.rr] = variance;
  x[State.hh] = variance;
  x[State.kk] = variance;
  x[State.AA] = 0.0036;
  const sum = new Float64Array(Sum.length);
  sum[Sum.at_ms] = -1;
  sum[Sum.minute_s] = MINUTE_S;
  sum[Sum.step] = STEP_C * m[M.Qn];
  return {
    sum: sum,
    m: m,
    trouble: Why.Valid,
    area_cm2: cell.area_cm2,
    x: x,
    f: new Float64Array(Factor.length),
    polarization: createPolarization(),
    ocv: new Float64Array(cell.ocv),
    v: createInventory(m),
    closing: false,
    known: createEstimates(),
    mostCurrent_mA: mostCurrent_mA,
    seen: new Float64Array(Seen.length),
    rest: createRest(),
    search: new Float64Array(Search.length),
    phase: Phase.Rest,
    before: Phase.Rest,
    whole: false,
    wholeStrip: false,
    counted: true,
    balanced: true,
    cycles: 0,
    chargeTo_V: cell.chargeTo_V,
    dischargeTo_V: cell.dischargeTo_V,
    spread: cell.spread,
    curve_V: curve_V,
    longestGap_s: longestGap_s,
    signature: weighted(cell.parameters, 1) + weighted(cell.ocv, 50),
  };
}

function weighted(numbers: number[], first: number): number {
  let sum = 0;
  for (let k = 0; k < numbers.length; k++) sum += numbers[k] * (k + first);
  return sum;
}
