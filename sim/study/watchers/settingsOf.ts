/** What the firmware tells its watchers of a cell, with what a test bench knows of its heat. */
import { watchSettings } from '../../../firmware/watch/observe';
import type { WatchSettings } from '../../../firmware/watch/settings';
import { cellModelOf } from '../../campaign/cellModel';
import type { CellProfile } from '../../profiles/profile';
import { loadThermalProfile, thermalProfileNames } from '../../thermal/profile';

/** @param cooling_W_K to the surroundings. Default: a pouch in still air. */
export function watchSettingsOf(profile: CellProfile, cooling_W_K?: number): WatchSettings {
  const settings = watchSettings(cellModelOf(profile));
  const thermal = loadThermalProfile(profile.thermal ?? thermalProfileNames()[0]!);
  settings.heatCapacity_J_K = thermal.heatCapacity_J_cm2_K * profile.area_cm2;
  if (cooling_W_K !== undefined) settings.cooling_W_K = cooling_W_K;
  return settings;
}
