/** What the watchers know of the cell beforehand. */
export interface WatchSettings {
  /** Nominal [mAh], above 0. */
  capacity_mAh: number;
  /** All that the cathode can give in one charge [mAh]. */
  fullCharge_mAh: number;
  /** A charge that comes near it is a full one [mV]. */
  chargeTo_mV: number;
  /** Slope of the open-circuit voltage over the nominal capacity [mV]: the least of the plateau, and where a charge ends. */
  restSlope_mV: number;
  topSlope_mV: number;
  /** The cell's slowest relaxation [s], at the lowest temperature of use. */
  relaxation_s: number;
  /** A fall of the voltage by this from one second to the next, at a steady charge current, is a dip [mV]. */
  dip_mV: number;
  /** Of the cell with its case [J/K], above 0, and to its surroundings [W/K], from 0 (adiabatic). */
  heatCapacity_J_K: number;
  cooling_W_K: number;
  /** The warmest surroundings of use [degC]: stand in for unknown ones. */
  warmestAmbient_C: number;
  /** Plating number (charge current over limiting current) at which lithium begins to plate rough. */
  roughNumber: number;
}

/**
 * For a layered-oxide cathode on copper in liquid electrolyte:
 * - slopes: of the NCM curves of docs/model.md, 0.52 V at the least and 0.86 V when full, over a cathode a tenth larger than nominal;
 * - relaxation: slow mode of the diffusion layer, 120 s at 25 degC, at -10 degC;
 * - dip: ten times the noise of the current monitor's voltage at one reading a second (0.1 mV with its resolution), and more than
 *   a charge falls by itself while it warms;
 * - heat: 13 J/K and 0.1 W/K per Ah, a pouch in still air (docs/thermal.md);
 * - rough plating: P0 of the fitted liquid-electrolyte cells (0.18 to 0.21), less the uncertainty of the limiting current.
 */
export function watchDefaults(capacity_mAh: number, chargeTo_mV: number): WatchSettings {
  return {
    capacity_mAh: capacity_mAh,
    fullCharge_mAh: 1.2 * capacity_mAh,
    chargeTo_mV: chargeTo_mV,
    restSlope_mV: 470,
    topSlope_mV: 770,
    relaxation_s: 400,
    dip_mV: 1,
    heatCapacity_J_K: 0.013 * capacity_mAh,
    cooling_W_K: 0.0001 * capacity_mAh,
    warmestAmbient_C: 60,
    roughNumber: 0.17,
  };
}
