/** Electrolyte drying and plating too fast: how soon they are found. */
import { Alarm, Level } from '../../../firmware/watch/alarms';
import { mismatched } from '../../profiles/mismatch';
import { loadProfile } from '../../profiles/profile';
import { wetted } from './clean';
import type { WatcherRow } from './row';
import { watchSettingsOf } from './settingsOf';
import { WatchedCell } from './watchedCell';

/** The event: drying has taken this much of the limiting current. */
const DRIED = 0.3;
const AFTER_EVENT = 20;

export function drying(cell: string, charge_C: number, discharge_C: number, cycles: number, seed: number): WatcherRow {
  const believed = loadProfile(cell);
  const profile = mismatched(believed, 0.2, seed, believed.cathode === 'lfp' ? 0.3 : 3);
  const watched = new WatchedCell({
    profile,
    believed,
    settings: watchSettingsOf(believed),
    temperature_C: 25,
    seed,
  });
  let event: number | undefined;
  let goesOn = true;
  while (goesOn && watched.cycle <= cycles && (event === undefined || watched.cycle <= event + AFTER_EVENT)) {
    const now = watched.cycle;
    goesOn = watched.runCycle({ charge_C, discharge_C, rest_s: 300 });
    if (event === undefined && wetted(watched.cell) < 1 - DRIED) event = now;
  }
  const warned = watched.first(Alarm.Drying, Level.Warn);
  const found = watched.first(Alarm.Drying);
  const early = event === undefined && found !== undefined && wetted(watched.cell) > 0.9;
  return {
    watcher: 'drying',
    what: `${charge_C}C up, ${discharge_C}C down`,
    cell,
    looked: watched.cycle - 1,
    found: event === undefined ? null : found !== undefined,
    delay: found && event !== undefined ? found.cycle - event : null,
    unit: 'cycles',
    falseAlarms: early ? 1 : 0,
    falseWarnings: 0,
    note:
      event === undefined
        ? `not dried in ${watched.cycle - 1} cycles: ${(100 * wetted(watched.cell)).toFixed(0)} % wet`
        : `dried by 30 % in cycle ${event}, warned in ${warned ? warned.cycle : '-'}, alarm in ${found ? found.cycle : '-'}`,
  };
}

/** One charge in the cold. The event is the true plating number beyond what the model's own lithium plates smooth at (P0). */
export function coldCharge(cell: string, charge_C: number, temperature_C: number, seed: number): WatcherRow {
  const believed = loadProfile(cell);
  const profile = mismatched(believed, 0.2, seed, 3);
  const settings = watchSettingsOf(believed);
  const watched = new WatchedCell({ profile, believed, settings, temperature_C, seed });
  const plant = watched.cell;
  const i = charge_C * plant.nominal_mAh_cm2;
  const number = i / plant.limitingCurrent_mA_cm2;
  while (plant.voltage_V < profile.chargeCutoff_V && watched.time_s < 7200 / charge_C) watched.second(-i);
  const found = watched.first(Alarm.LowTemperaturePlating);
  const share = number / believed.parameters.P0;
  const rough = share > 1;
  return {
    watcher: 'plating',
    what: `${charge_C}C at ${temperature_C} degC`,
    cell,
    looked: 1,
    found: rough ? found !== undefined : null,
    delay: rough && found ? (100 * found.time_s * charge_C) / 3600 : null,
    unit: '% charged',
    falseAlarms: found && share < 0.7 ? 1 : 0,
    falseWarnings: 0,
    note: `plating number ${number.toFixed(3)}, ${share.toFixed(2)} of P0${found ? ', alarm' : ''}`,
  };
}
