/** Settings and memory of the watchers, in one array: it costs the interpreter a fraction of an object's memory and time. */
export enum Slot {
  // Settings (WatchSettings), cooling and slopes as they are used.
  capacity_mAh,
  fullCharge_mAh,
  chargeTo_mV,
  restSlope_mV,
  topSlope_mV,
  relaxation_s,
  dip_mV,
  heatCapacity_J_K,
  cooling_W_K,
  warmestAmbient_C,
  roughNumber,
  /** Below it the cell rests [mA]. */
  rest_mA,

  /** Time of the last second [ms], its length, and what was read: current discharge positive, offset removed. */
  at_ms,
  dt_s,
  now_mV,
  now_mA,
  now_C,
  /** Current times overpotential [W]; charge current over limiting current. */
  loss_now_W,
  platingNumber,
  /** What the current does (Phase), for how long, and what it did before a rest. */
  phase,
  phase_s,
  before,
  voltage_mV,
  current_mA,

  // Charge.
  /** Taken out since the last full charge [mAh]; how many full charges are known; by how much the last two were not alike [mAh]. */
  sinceFull_mAh,
  fullKnown,
  fullShift_mAh,
  /** Current and temperature at the end of the last one. */
  full_mA,
  full_C,
  /** Charged since the last discharge [mAh], and dips seen in it. */
  charged_mAh,
  dips,
  /** Mean square of the voltage's falls from one second to the next, in charges. */
  noise_mV2,
  /** Voltage after the rest that followed a full charge [mV], 0: there was none; how long it was; the charge's current, temperature. */
  top_mV,
  top_s,
  top_mA,
  top_C,
  /** The same a cycle ago. */
  lastTop_mV,
  lastTop_s,
  lastTop_mA,
  lastTop_C,
  /** Discharged in the last cycle [mAh]; 0: not known. */
  discharged_mAh,
  /** Share of the last cycle's charge that was missing, by bottom and by top; NaN: not known. */
  bottom,
  top,
  /** Cycles in a row whose charge is missing, by bottom and by top; cycles in a row with too much; clean ones. */
  missingBottom,
  missingTop,
  tooMuch,
  clean,

  // Rest: smoothed voltage; the last mark's time, voltage and temperature; how fast it fell before it, how often it went on.
  rest_mV,
  mark_s,
  mark_mV,
  mark_C,
  fall_mV_s,
  falls,

  // Heat: time since it was looked at and loss in it; temperature smoothed and as read, loss smoothed, what is allowed for [W], zero of the two sensors and its age.
  heat_s,
  lost_J,
  smooth_C,
  read_C,
  loss_W,
  held_W,
  zero_C,
  zero_s,
  zeroAt_C,
  /** Temperature since when it has stayed, and for how long. */
  still_C,
  still_s,
  /** Warming that nothing explains [K], how long it has been none, sudden rises in a row. */
  surplus_K,
  calm_s,
  rises,

  // Plating: charge above the limit and, since then, below [mAh].
  rough_mAh,
  smooth_mAh,

  // Drying: the first limiting current, over how many cycles; what is left of it.
  firstLimit_mA,
  firstCycles,
  /** Scale of kappa at the end of them. */
  firstKappa,
  limitShare,
  length,
}

/** `smooth_C` while no temperature is known. */
export const UNKNOWN_C = -300;
