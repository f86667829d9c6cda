/**
 * What the estimator knows of the cell beforehand: the equations' nominal parameters, by the symbols of docs/model.md, and the
 * cathode's open-circuit voltage. A cell system is data; the host makes this from a cell profile.
 */

/** As it stands in a configuration. Currents and capacities per cm2 of copper; V, s, ohm cm2, J/mol. */
export interface CellModel {
  area_cm2: number;
  /** A charge to at least, and a discharge to at most, these voltages are whole ones [V]. */
  chargeTo_V: number;
  dischargeTo_V: number;
  /**
   * Open-circuit voltage against the state of charge s (0 discharged, 1 charged), seven numbers:
   * U = c0 + c1 s + c2 s^2 - c3 exp(-c4 s) + c5 exp(c6 (s - 1)) [V].
   */
  ocv: number[];
  /** How far this curve may be off, one sigma [mV], and how far the other numbers, as a share (uniform, 0 to 0.5). */
  ocvError_mV: number;
  spread: number;
  /** The model's parameters in the order of `Parameter`. */
  parameters: number[];
}

/** Symbols as in docs/model.md. */
export enum Parameter {
  Qn,
  Qcat,
  Sform,
  ilim,
  ah,
  mA,
  chi,
  xi,
  kap,
  g1,
  tau1,
  tau2,
  Rs,
  kR,
  i0a,
  i0c,
  sig0,
  taud,
  taus,
  s0,
  io,
  iO,
  b0,
  b1,
  r,
  d0,
  d1,
  NO,
  nO,
  qO,
  qb,
  P0,
  kP,
  qP,
  kcal,
  krst,
  EaD,
  Eai0,
  EaS,
  EaI,
  EaSol,
  pres,
  Ainit,
  tauR,
}
