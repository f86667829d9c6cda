/**
 * What the rest of the simulator asks of a model of one cell, whichever model it is: the reduced twin (`cell.ts`) or a second
 * one of another structure. Firmware, bench and campaigns know no more than this.
 *
 * Current density i [mA/cm2] > 0 is discharge (stripping). Capacities in mAh/cm2 of copper, time in s, potentials in V.
 */
import type { CellProfile } from '../profiles/profile';

/**
 * A model of one cell, as bench and campaigns see it.
 *
 * Current density i [mA/cm2] > 0 is discharge (stripping). Capacities in mAh/cm2 of copper, time in s, potentials in V.
 */
export interface Plant {
  readonly profile: CellProfile;
  readonly area_cm2: number;
  /** Nominal areal capacity: 1C is this many mA/cm2. */
  readonly nominal_mAh_cm2: number;

  /** Cathode: lithium taken out, as a fraction of its capacity (0 discharged, 1 charged). A half cell leaves it at 0. */
  readonly soc: number;
  /** Present capacity of the cathode between its two ends: that of the profile, less what has faded. A half cell keeps it. */
  readonly cathodeCapacity_mAh_cm2: number;
  /** Where the lithium on the copper is: see docs/model.md. `residue` is a part of `active`. */
  readonly active: number;
  readonly residue: number;
  readonly isolated: number;
  readonly dead: number;
  readonly sei: number;
  /** Inactive lithium gathered since formation. */
  readonly inactive: number;
  /** All lithium of the cell less what it was given; 0 to rounding for ever. */
  readonly lithium_mAh_cm2: number;

  /** Limiting stripping current now [mA/cm2]. */
  readonly limitingCurrent_mA_cm2: number;
  /** How far the electrolyte at the copper is from its concentration at rest: 0 at rest, 1 saturated, -1 depleted. */
  readonly saturation: number;
  temperature_C: number;
  /** Current density through an internal short [mA/cm2], discharging the cell; 0 without one. */
  readonly leak_mA_cm2: number;

  /** Outputs of the last step, positive in discharge (the voltage is the terminal's). */
  readonly voltage_V: number;
  readonly etaConc_V: number;
  /** Ohmic and reaction overpotential of the lithium side. */
  readonly etaFast_V: number;
  readonly etaCathode_V: number;

  /** One step of `dt_s` [s] at constant current density `i`: everything of the model, once. */
  step(i: number, dt_s: number): void;
  /** The same for many short steps at a held current: slow parts may be gathered until `settle`. */
  advance(i: number, dt_s: number): void;
  /** Carries out what `advance` has gathered. Call before reading states. */
  settle(): void;
  /** Takes over the whole state of another one of the same model and profile. */
  copyFrom(other: Plant): void;
  /** Another one in the same state, which goes its own way. */
  clone(): Plant;
}
