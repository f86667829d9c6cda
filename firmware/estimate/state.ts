/** What the estimator believes, by its place in an array. */

/** The running state, in one array: an index costs the interpreter less than a name. Capacities in mAh/cm2. */
export enum State {
  /** Cathode state of charge; active lithium; electrolyte saturation, slow and fast mode; cathode lag. */
  s,
  A,
  w1,
  w2,
  dl,
  /** The three adapted numbers and their covariance (upper triangle). */
  b,
  rho,
  h,
  bb,
  br,
  bh,
  rr,
  rh,
  hh,
  /** Variance of the active lithium. */
  AA,
  /** Overlap, roughness, and the pools of lithium outside the cathode; residue left by the last discharge. */
  O,
  P,
  I,
  D,
  S,
  R,
  /** How far the first SEI has formed, 0 to 1. */
  formed,
  /** Learned from interrupts: scale of the electrolyte's time constants, of kappa with its variance, exponent of the recovery. */
  pace,
  k,
  kk,
  p,
  length,
}

/** What follows from temperature and inactive lithium; renewed once a minute. */
export enum Factor {
  /** Stripping number per current density, without h [cm2/mA]. */
  n,
  /** How much faster the electrolyte is than at 25 degC; SEI growth and isolation. */
  warm,
  warmSei,
  warmIsolation,
  /** Inactive lithium that lengthens the ions' way [mAh/cm2]. */
  layer,
  /** Rates of relaxation of the lagged states [1/s], and what of it happens in `dt`. */
  rate1,
  rate2,
  rateLag,
  k1,
  k2,
  kdl,
  dt,
  /** Cathode lag per current density. */
  lag,
  /** Ohmic [V cm2/mA], 2RT/F [V], twice the exchange current densities [mA/cm2], kappa [V]. */
  ohm,
  rt2F,
  anode,
  cathode,
  kap,
  /** Slope of the open-circuit voltage where the cathode is [V]. */
  slope,
  length,
}
