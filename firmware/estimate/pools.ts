/**
 * Where the lithium outside the cathode is, run forward from the model: once a minute, with that minute's charge. The equations
 * are the twin's (docs/model.md, Degradation). What is measured corrects them once a cycle (see inventory.ts).
 */
import { Parameter as M } from './cellModel';
import { Factor, State } from './state';

/** `dq` [mAh/cm2, discharge positive] has passed in `dt_s` seconds, under the factors `f`. */
export function agePools(x: Float64Array, m: Float64Array, f: Float64Array, dq: number, dt_s: number): void {
  const q = dq < 0 ? -dq : dq;
  const number = ((q * 3600) / dt_s) * f[Factor.n] * x[State.h];
  if (q * 3600 < 0.02 * m[M.Qn] * dt_s) recontact(x, m, dt_s);
  else if (dq > 0) strip(x, m, f, dq, number);
  else plate(x, m, f, q, number);
  let corroded = (m[M.kcal] * f[Factor.warmSei] * dt_s) / 3600;
  if (corroded > x[State.A]) corroded = x[State.A];
  x[State.A] -= corroded;
  x[State.S] += corroded;
}

function strip(x: Float64Array, m: Float64Array, f: Float64Array, dq: number, number: number): void {
  const z = Math.pow(number / m[M.NO], m[M.nO]);
  x[State.O] += (z / (1 + z) - x[State.O]) * (1 - Math.exp(-dq / m[M.qO]));
  const squeeze = (m[M.pres] - 0.5) / 0.4;
  const isolated = Math.min(
    x[State.A],
    dq *
      m[M.io] *
      f[Factor.warmIsolation] *
      (1 + 0.8 * squeeze * squeeze) *
      (1 - m[M.iO] * x[State.O]) *
      (1 + m[M.kP] * x[State.P]) *
      (1 + m[M.xi] * f[Factor.layer]),
  );
  x[State.A] -= isolated;
  x[State.I] += isolated;
}

function plate(x: Float64Array, m: Float64Array, f: Float64Array, q: number, number: number): void {
  const u = q / m[M.Qn];
  const y = Math.pow(number / m[M.P0], 4);
  x[State.P] += (y / (1 + y) - x[State.P]) * (1 - Math.exp(-q / m[M.qP]));
  let first = 0;
  if (m[M.Sform] > 0) {
    first = Math.min(0.3 * q, m[M.Sform] * (1 - x[State.formed]));
    x[State.formed] += first / m[M.Sform];
  }
  const sei = m[M.s0] * f[Factor.warmSei] * (1 + 2 * x[State.P]) * q + first;
  const resolved = x[State.R] * Math.min(1, q / m[M.qb]);
  const cut = Math.min(0.9, m[M.b0] * (1 - x[State.O]) + m[M.b1]) * resolved;
  const regained = m[M.r] * x[State.O] * x[State.I] * u;
  const buried = (m[M.d0] + m[M.d1] * (1 - x[State.O])) * (1 + m[M.xi] * f[Factor.layer]) * x[State.I] * u;
  x[State.R] -= resolved;
  x[State.S] += sei;
  x[State.I] += cut - regained - buried;
  x[State.D] += buried;
  x[State.A] += regained - sei - cut;
}

function recontact(x: Float64Array, m: Float64Array, dt_s: number): void {
  const ah = m[M.ah];
  const contact = ah / (ah + Math.max(0, x[State.A]));
  const regained = (m[M.krst] * (0.2 + 0.8 * x[State.O]) * contact * x[State.I] * dt_s) / 3600;
  x[State.I] -= regained;
  x[State.A] += regained;
  x[State.R] *= Math.exp(-dt_s / m[M.tauR]);
}
