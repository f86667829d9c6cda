/** What the watchers are told of a cell, from its profile. */
import { watchDefaults, type WatchSettings } from '../../../firmware/watch/settings';
import { openCircuit } from '../../cell/openCircuit';
import type { CellProfile } from '../../profiles/profile';
import { loadThermalProfile, thermalProfileNames } from '../../thermal/profile';

const COLDEST_C = -10;
/** Flatter open-circuit curves show no self-discharge [mV over the nominal capacity]. */
const FLAT_MV = 100;
/** The limiting current is known to about a tenth. */
const ROUGH_SHARE = 0.85;
const COOLING_W_K_PER_AH = 0.1;

/** @param cooling_W_K to the surroundings. Default: a pouch in still air. */
export function watchSettingsOf(profile: CellProfile, cooling_W_K?: number): WatchSettings {
  const { Qn, Qcat, tau1, taus, chi, EaD, EaSol, P0 } = profile.parameters;
  const { area_cm2, chargeCutoff_V } = profile;
  const capacity_mAh = Qn * area_cm2;
  const slope_mV = (soc: number): number => {
    const rise_V = openCircuit(profile.cathode, soc + 0.005) - openCircuit(profile.cathode, soc - 0.005);
    return (1000 * rise_V * Qn) / (0.01 * Qcat);
  };
  let least_mV = Infinity;
  for (let soc = 0.1; soc < 0.95; soc += 0.01) least_mV = Math.min(least_mV, slope_mV(soc));
  let top = 1;
  while (top > 0.5 && openCircuit(profile.cathode, top) > chargeCutoff_V) top -= 0.01;
  const colder = (activation_J_mol: number): number =>
    Math.exp((activation_J_mol / 8.314) * (1 / (COLDEST_C + 273.15) - 1 / 298.15));
  const thermal = loadThermalProfile(profile.thermal ?? thermalProfileNames()[0]!);
  return {
    ...watchDefaults(capacity_mAh, 1000 * chargeCutoff_V),
    fullCharge_mAh: Qcat * area_cm2,
    restSlope_mV: least_mV < FLAT_MV ? 0 : least_mV,
    topSlope_mV: slope_mV(top - 0.005),
    relaxation_s: Math.max(tau1 * (1 + chi) * colder(EaD), taus * colder(EaSol)),
    heatCapacity_J_K: thermal.heatCapacity_J_cm2_K * area_cm2,
    cooling_W_K: cooling_W_K ?? (COOLING_W_K_PER_AH * capacity_mAh) / 1000,
    roughNumber: ROUGH_SHARE * P0,
  };
}
