import type { Plant } from '../../sim/cell/plant';
import type { CellProfile } from '../../sim/profiles/profile';
import { loadProfile } from '../../sim/profiles/profile';

/**
 * A cell whose answer is known: its voltage after a step is `curve(i)`, whatever the length of the step, and never changes. i in
 * mA/cm2, area 1000 cm2, so that i in mA/cm2 is the current in A.
 */
export function knownPlant(curve: (i: number) => number): Plant {
  const profile: CellProfile = { ...loadProfile('afl-l1'), area_cm2: 1000 };
  const plant = {
    ...{ profile, area_cm2: 1000, nominal_mAh_cm2: 1, cathodeCapacity_mAh_cm2: 1, soc: 0.5 },
    ...{ active: 1, residue: 0, isolated: 0, dead: 0, sei: 0, inactive: 0, lithium_mAh_cm2: 0, leak_mA_cm2: 0 },
    ...{ limitingCurrent_mA_cm2: 10, saturation: 0, temperature_C: 25 },
    ...{ voltage_V: curve(0), etaConc_V: 0, etaFast_V: 0, etaCathode_V: 0 },
    step: (i: number) => {
      plant.voltage_V = curve(i);
    },
    advance: (i: number) => plant.step(i),
    settle: () => {},
    copyFrom: (other: Plant) => {
      plant.voltage_V = other.voltage_V;
    },
    clone: () => knownPlant(curve),
  };
  return plant;
}
