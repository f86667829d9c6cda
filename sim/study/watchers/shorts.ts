/** Soft shorts: how soon each kind is found. The truth is the plant's own leak. */
import { Alarm, alarmText, Level } from '../../../firmware/watch/alarms';
import { Cell } from '../../cell/cell';
import type { PlantKind } from '../../cell/createPlant';
import { mismatched } from '../../profiles/mismatch';
import { loadProfile, type CellProfile } from '../../profiles/profile';
import { Random } from '../../random';
import type { WatcherRow } from './row';
import { watchSettingsOf } from './settingsOf';
import { variedCycle } from './clean';
import { WatchedCell, type Cycle } from './watchedCell';

/** A leak of this share of the charge current is the event to be found. */
const LEAK_SHARE = 0.02;
const MOST_CYCLES = 40;
const AFTER_EVENT = 5;
const OCV_ERROR_MV = 3;
const FLAT_OCV_ERROR_MV = 0.3;

export interface ShortCase {
  cell: string;
  plant?: PlantKind;
  charge_C: number;
  discharge_C: number;
  /** Growth of the short in each charge, as that share of the charge current that it comes to carry; null: the profile's own. */
  perCycle: number | null;
  /** Rates and rests change from cycle to cycle; then `charge_C` only says what `perCycle` is a share of. */
  varied?: boolean;
  seed: number;
}

/** The cell as it is: its own parameters, and a short that grows beyond half of what a charge plates. */
function shortingCell(own: ShortCase): { truth: CellProfile; believed: CellProfile } {
  const believed = loadProfile(own.cell);
  const flat = believed.cathode === 'lfp';
  const profile = mismatched(believed, 0.2, own.seed, flat ? FLAT_OCV_ERROR_MV : OCV_ERROR_MV);
  if (own.perCycle === null) return { truth: profile, believed };
  const { Qn, Ainit } = profile.parameters;
  const Qshort = Ainit + 0.5 * Qn;
  const excess = (Ainit + 0.9 * Qn) / Qshort - 1;
  const perCycle_mS_cm2 = (own.perCycle * own.charge_C * Qn) / believed.chargeCutoff_V;
  const gamG = perCycle_mS_cm2 / (0.5 * excess ** 2);
  return { truth: { ...profile, parameters: { ...profile.parameters, Qshort, gamG } }, believed };
}

function watchedShort(own: ShortCase): WatchedCell {
  const { truth, believed } = shortingCell(own);
  const settings = watchSettingsOf(believed);
  const plant = own.plant ?? 'reduced';
  return new WatchedCell({ profile: truth, believed, settings, plant, temperature_C: 25, seed: own.seed });
}

export function growingShort(own: ShortCase): WatcherRow {
  const watched = watchedShort(own);
  const random = new Random(own.seed, 'protocol');
  const next = (): Cycle =>
    own.varied ? variedCycle(random, false) : { charge_C: own.charge_C, discharge_C: own.discharge_C, rest_s: 300 };
  let event: number | undefined;
  let goesOn = true;
  while (goesOn && watched.cycle <= MOST_CYCLES && !(event !== undefined && watched.cycle > event + AFTER_EVENT)) {
    const now = watched.cycle;
    goesOn = watched.runCycle(next());
    if (event === undefined && watched.leakShare >= LEAK_SHARE) event = now;
    if (watched.first(Alarm.SoftShort)) break;
  }
  // It may be found before it counts.
  while (goesOn && event === undefined && watched.cycle <= MOST_CYCLES) {
    const now = watched.cycle;
    goesOn = watched.runCycle(next());
    if (watched.leakShare >= LEAK_SHARE) event = now;
  }
  const found = watched.first(Alarm.SoftShort);
  const growth =
    own.perCycle === null ? "the profile's own" : `grows by ${100 * own.perCycle} % of the current a cycle`;
  return {
    watcher: 'soft short',
    what: `${growth}; ${own.varied ? 'rates and rests vary' : `${own.charge_C}C up, ${own.discharge_C}C down`}`,
    cell: own.plant === 'detailed' ? `${own.cell}, detailed` : own.cell,
    looked: watched.cycle,
    found: found !== undefined,
    delay: found && event !== undefined ? found.cycle - event : null,
    unit: 'cycles',
    falseAlarms: 0,
    falseWarnings: 0,
    note: `${found ? alarmText(found.reason) : ''}${event === undefined ? '; the leak never came to 2 %' : ''}`,
  };
}

/** A short that is there from one moment on. @param share of a 0.2C charge current */
export function shortAtRest(cell: string, share: number, seed: number): WatcherRow {
  const watched = watchedShort({ cell, charge_C: 0.2, discharge_C: 1, perCycle: 0, seed });
  watched.runCycle({ charge_C: 0.2, discharge_C: 1, rest_s: 300 });
  const plant = watched.cell as Cell;
  const i = 0.2 * plant.nominal_mAh_cm2;
  while (plant.voltage_V < plant.profile.chargeCutoff_V) watched.second(-i);
  plant.short_mS_cm2 = (share * i) / plant.voltage_V;
  const began_s = watched.time_s;
  while (!watched.first(Alarm.SoftShort) && watched.time_s < began_s + 24 * 3600) watched.second(0);
  const found = watched.first(Alarm.SoftShort);
  return {
    watcher: 'soft short',
    what: `${100 * share} % of a 0.2C current at rest, cell full`,
    cell,
    looked: 1,
    found: found !== undefined,
    delay: found ? (found.time_s - began_s) / 60 : null,
    unit: 'min',
    falseAlarms: 0,
    falseWarnings: 0,
    note: found ? alarmText(found.reason) : 'not within 24 h',
  };
}

/** A filament that makes and breaks while the cell is charged. @param share of the charge current while it is closed */
export function flickeringShort(cell: string, share: number, charge_C: number, seed: number): WatcherRow {
  const watched = watchedShort({ cell, charge_C, discharge_C: 1, perCycle: 0, seed });
  watched.runCycle({ charge_C, discharge_C: 1, rest_s: 300 });
  const random = new Random(seed, 'filament');
  const plant = watched.cell as Cell;
  const i = charge_C * plant.nominal_mAh_cm2;
  const start_mAh = watched.cell.soc;
  const closed_mS_cm2 = (share * i) / plant.profile.chargeCutoff_V;
  let began: number | undefined;
  while (plant.voltage_V < plant.profile.chargeCutoff_V && !watched.first(Alarm.SoftShort, Level.Warn)) {
    if (plant.soc - start_mAh > 0.1) {
      began ??= watched.time_s;
      // Closes once in five minutes, for five seconds.
      const closed = plant.short_mS_cm2 > 0;
      if (random.uniform() < (closed ? 1 / 5 : 1 / 300)) plant.short_mS_cm2 = closed ? 0 : closed_mS_cm2;
    }
    watched.second(-i);
  }
  const found = watched.first(Alarm.SoftShort, Level.Warn);
  return {
    watcher: 'soft short',
    what: `flickers: ${100 * share} % of a ${charge_C}C current for 5 s in 5 min (warning)`,
    cell,
    looked: 1,
    found: found !== undefined,
    delay: found ? (found.time_s - began!) / 60 : null,
    unit: 'min',
    falseAlarms: 0,
    falseWarnings: 0,
    note: found ? alarmText(found.reason) : 'not in this charge',
  };
}
