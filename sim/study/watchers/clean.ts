/** Cells with nothing wrong: how often the watchers say so all the same. */
import { Alarm, Level } from '../../../firmware/watch/alarms';
import { mismatched } from '../../profiles/mismatch';
import { loadProfile, profileNames } from '../../profiles/profile';
import { Random } from '../../random';
import { balanceOf } from '../../thermal/selfHeat';
import type { Plant } from '../../cell/plant';
import type { WatcherRow } from './row';
import { watchSettingsOf } from './settingsOf';
import { WatchedCell, type Cycle } from './watchedCell';

const OCV_ERROR_MV = 3;
/** On a plateau this flat, more outweighs the plateau's own slope. */
const FLAT_OCV_ERROR_MV = 0.3;
/** Below this share of wet layer a cell is no clean one any more. */
const WET = 0.92;
/** A plating number below this part of what counts as rough is no cause. */
const SMOOTH_SHARE = 0.85;
const SLOW_DIFFUSION_S = 1800;
const RAMP_K_S = 1 / 60;

/** Full cells without a short of their own. */
export const cleanCells = (): string[] =>
  profileNames().filter((name) => {
    const { kind, parameters } = loadProfile(name);
    return kind === 'full' && parameters.Qshort > 1.2 * parameters.Qcat;
  });

/** What drying has left of the limiting current at this temperature: 1 wet. */
export function wetted(cell: Plant): number {
  const { ilim, chi, EaD, Sform } = cell.profile.parameters;
  const kelvin = cell.temperature_C + 273.15;
  const fD = Math.exp((EaD / 8.314) * (1 / 298.15 - 1 / kelvin));
  const layer = cell.isolated + cell.dead + Math.max(0, cell.sei - Sform);
  return (cell.limitingCurrent_mA_cm2 * (1 + chi * Math.min(1.6, layer))) / (ilim * fD);
}

/** Another charge, discharge and rest each time. */
export function variedCycle(random: Random, slow: boolean): Cycle {
  const one = (values: readonly number[]): number => oneOf(random, values);
  const charge_C = slow ? one([0.05, 0.1]) : one([0.1, 0.2, 0.5, 1]);
  const discharge_C = slow ? one([0.05, 0.1, 0.2]) : one([0.2, 0.5, 1, 2]);
  return { charge_C, discharge_C, rest_s: one([60, 300, 300, 1800, 14400]) };
}

const oneOf = (random: Random, values: readonly number[]): number =>
  values[Math.floor(random.uniform() * values.length)]!;

/** @param varied rates, rests and surroundings change from cycle to cycle; else `discharge_C` and `temperature_C` stay */
export function cleanRun(
  name: string,
  cycles: number,
  seed: number,
  varied: boolean,
  discharge_C: number,
  temperature_C: number,
): WatcherRow {
  const believed = loadProfile(name);
  const flat = believed.cathode === 'lfp';
  const profile = mismatched(believed, 0.2, seed, flat ? FLAT_OCV_ERROR_MV : OCV_ERROR_MV);
  const settings = watchSettingsOf(believed);
  const slow = believed.parameters.taus > SLOW_DIFFUSION_S;
  const balance = balanceOf({ ...profile, thermal: null }, temperature_C, settings.cooling_W_K);
  const watched = new WatchedCell({ profile, believed, settings, temperature_C, seed, balance });
  const random = new Random(seed, 'protocol');
  let target_C = temperature_C;
  watched.onSecond = () => {
    const off_K = target_C - balance.ambient_C;
    balance.ambient_C += Math.max(-RAMP_K_S, Math.min(RAMP_K_S, off_K));
  };
  const next = (): Cycle => {
    if (!varied) {
      const rate_C = slow ? 0.1 : 0.2;
      return { charge_C: rate_C, discharge_C: slow ? 0.1 : discharge_C, rest_s: 300 };
    }
    if (random.uniform() < 0.3) target_C = oneOf(random, [5, 15, 25, 35, 45]);
    return variedCycle(random, slow);
  };
  let falseAlarms = 0;
  let falseWarnings = 0;
  let seen = 0;
  const notes: string[] = [];
  let goesOn = true;
  while (goesOn && watched.cycle <= cycles && wetted(watched.cell) > WET) {
    goesOn = watched.runCycle(next());
    const rough = watched.platingNumber > SMOOTH_SHARE * settings.roughNumber;
    for (const found of watched.found.slice(seen)) {
      if (found.alarm === Alarm.LowTemperaturePlating && rough) continue;
      if (found.level === Level.Alarm) falseAlarms++;
      else falseWarnings++;
      notes.push(`${Alarm[found.alarm]} in cycle ${found.cycle} (${found.evidence.toFixed(2)})`);
    }
    seen = watched.found.length;
  }
  return {
    watcher: 'all',
    what: varied ? 'varied rates, rests, temperatures' : `${slow ? 0.1 : discharge_C}C at ${temperature_C} degC`,
    cell: name,
    looked: watched.cycle - 1,
    found: null,
    delay: null,
    unit: '',
    falseAlarms,
    falseWarnings,
    note: notes.slice(0, 3).join('; '),
  };
}
