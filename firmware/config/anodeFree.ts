/**
 * The cell that a board without a configuration takes for its own: 1 Ah, NCM811 on bare copper in electrolyte L1 (paper 000), the
 * parameters of the profile `afl-l1` in the order of `Parameter`. A test holds the two together.
 */
import type { CellModel } from '../estimate/cellModel';

/** The estimator's model of a 1 Ah anode-free cell, NCM811 on bare copper in electrolyte L1 (paper 000); a new one at each call. */
export function anodeFreeCell(): CellModel {
  return {
    area_cm2: 333,
    chargeTo_V: 4.3,
    dischargeTo_V: 3,
    ocv: [3.57, 0.52, 0.17, 0.6, 40, 0, 0],
    ocvError_mV: 3,
    spread: 0.2,
    parameters: [
      3, 3.35, 0.2, 15.76, 0.287, 1.43, 0.03852, 0.1959, 0.09, 0.8, 120, 15, 2.212, 2.628, 8, 6, 0.5, 60, 80, 0.0004656,
      0.003231, 0.7168, 0.04359, 0.1313, 0.0436, 0.00399, 0.04732, 0.1684, 4.104, 0.7527, 0.5, 0.21, 4, 1, 0.0002, 0.1,
      20000, 45000, 30000, 8000, 30000, 0.5, 0, 900,
    ],
  };
}
