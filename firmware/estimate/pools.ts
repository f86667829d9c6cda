/**
 * Where the lithium outside the cathode is, run forward from the model: once a minute, with that minute's charge. The equations
 * are the twin's (docs/model.md, Degradation). What is measured corrects them once a cycle (see inventory.ts).
 */
import { Parameter as M } from './cellModel';
import { Factor, inactive, State } from './polarization';

const GAS_J_MOL_K = 8.314;

/** `dq` [mAh/cm2, discharge positive] has passed in `dt_s` seconds. */
export function agePools(
  x: Float64Array,
  m: Float64Array,
  f: Float64Array,
  temperature_C: number,
  dq: number,
  dt_s: number,
): void {
  const e = (1 / 298.15 - 1 / (temperature_C + 273.15)) / GAS_J_MOL_K;
  const fS = Math.exp(m[M.EaS] * e);
  const number = ((Math.abs(dq) * 3600) / dt_s) * f[Factor.n] * x[State.h];
  const layer = Math.max(0, Math.min(1.6, inactive(m, x)));
  const rests = Math.abs(dq) * 3600 < 0.02 * m[M.Qn] * dt_s;
  if (rests) recontact(x, m, dt_s);
  else if (dq > 0) strip(x, m, dq, number, layer, Math.exp(m[M.EaI] * e));
  else plate(x, m, -dq, number, layer, fS);
  const corroded = Math.min(x[State.A], (m[M.kcal] * fS * dt_s) / 3600);
  x[State.A] -= corroded;
  x[State.S] += corroded;
}

function strip(x: Float64Array, m: Float64Array, dq: number, number: number, layer: number, fI: number): void {
  const z = Math.pow(number / m[M.NO], m[M.nO]);
  x[State.O] += (z / (1 + z) - x[State.O]) * (1 - Math.exp(-dq / m[M.qO]));
  const squeeze = (m[M.pres] - 0.5) / 0.4;
  const isolated = Math.min(
    x[State.A],
    dq *
      m[M.io] *
      fI *
      (1 + 0.8 * squeeze * squeeze) *
      (1 - m[M.iO] * x[State.O]) *
      (1 + m[M.kP] * x[State.P]) *
      (1 + m[M.xi] * layer),
  );
  x[State.A] -= isolated;
  x[State.I] += isolated;
}

function plate(x: Float64Array, m: Float64Array, q: number, number: number, layer: number, fS: number): void {
  const u = q / m[M.Qn];
  const y = Math.pow(number / m[M.P0], 4);
  x[State.P] += (y / (1 + y) - x[State.P]) * (1 - Math.exp(-q / m[M.qP]));
  let first = 0;
  if (m[M.Sform] > 0) {
    first = Math.min(0.3 * q, m[M.Sform] * (1 - x[State.formed]));
    x[State.formed] += first / m[M.Sform];
  }
  const sei = m[M.s0] * fS * (1 + 2 * x[State.P]) * q + first;
  const resolved = x[State.R] * Math.min(1, q / m[M.qb]);
  const cut = Math.min(0.9, m[M.b0] * (1 - x[State.O]) + m[M.b1]) * resolved;
  const regained = m[M.r] * x[State.O] * x[State.I] * u;
  const buried = (m[M.d0] + m[M.d1] * (1 - x[State.O])) * (1 + m[M.xi] * layer) * x[State.I] * u;
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
