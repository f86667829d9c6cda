/** Self-heating: found how far below thermal runaway, in a calorimeter and in use; and not found where there is none. */
import { Alarm, alarmText, Level } from '../../../firmware/watch/alarms';
import { createWatch, watchSecond } from '../../../firmware/watch/watch';
import { alarmLevel, alarmReason } from '../../../firmware/watch/alarms';
import { Cell } from '../../cell/cell';
import { mismatched } from '../../profiles/mismatch';
import { loadProfile } from '../../profiles/profile';
import { Random } from '../../random';
import { HeatBalance } from '../../thermal/heatBalance';
import { loadThermalProfile } from '../../thermal/profile';
import type { WatcherRow } from './row';
import { Sensors } from './sensors';
import { watchSettingsOf } from './settingsOf';
import { WatchedCell, type WatchedOptions } from './watchedCell';

const HOUR_S = 3600;
/** How far the true heat capacity and cooling are from what the watchers were told, as shares. */
const CAPACITY_ERROR = 0.1;
const COOLING_ERROR = 0.2;

export type Thermal = 'routine' | 'tri-salt';

/** Of a 1 Ah pouch with the reactions of a thermal profile, and a specimen of its heat capacity and cooling. */
function balanceFor(thermal: Thermal | null, area_cm2: number, ambient_C: number, cooling_W_K: number, seed: number) {
  const profile = loadThermalProfile(thermal ?? 'routine');
  const error = (share: number, what: string): number => 1 + share * (2 * new Random(seed, what).uniform() - 1);
  const heatCapacity_J_cm2_K = profile.heatCapacity_J_cm2_K * error(CAPACITY_ERROR, 'heat capacity');
  const reactions = thermal === null ? [] : profile.reactions;
  return new HeatBalance(
    { ...profile, heatCapacity_J_cm2_K, reactions },
    { area_cm2, ambient_C, cooling_W_K: cooling_W_K * error(COOLING_ERROR, 'cooling') },
  );
}

/** What the watchers are told in a calorimeter. `guarded`: no heat is exchanged, and when the heater is on they are told nothing. */
export type Calorimeter = 'surroundings known' | 'surroundings unknown' | 'guarded';

/** Heat, wait, seek: the oven is at the set point until the cell is, then follows the cell. */
export function calorimeter(thermal: Thermal, told: Calorimeter, seed: number): WatcherRow {
  const cell = loadProfile(thermal === 'routine' ? 'routine-pouch' : 'tri-salt-pouch');
  const settings = watchSettingsOf(cell);
  const balance = balanceFor(thermal, cell.area_cm2, 25, settings.cooling_W_K, seed);
  const guarded = told === 'guarded';
  const watch = createWatch(guarded ? { ...settings, cooling_W_K: 0 } : settings);
  const sensors = new Sensors(seed, settings.capacity_mAh);
  let time_s = 0;
  let alarmed_C: number | null = null;
  let warned_C: number | null = null;
  let reason = 0;
  const second = (ambient_C: number, heater = false): void => {
    balance.ambient_C = ambient_C;
    balance.step(0, 1);
    time_s++;
    const read_C = sensors.temperature_C(balance.temperature_C, 1);
    const board_C = told === 'surroundings known' ? sensors.ambient_C(ambient_C) : NaN;
    // Beyond, the thermistor's converter reads a short circuit.
    if (read_C < 170) watchSecond(watch, 1000 * time_s, 1, 4200, 0, read_C, board_C, 0, 0, !(heater && guarded));
    const level = alarmLevel(watch.alarms, Alarm.SelfHeating);
    if (level !== Level.Ok) warned_C ??= balance.temperature_C;
    if (level === Level.Alarm && alarmed_C === null) {
      alarmed_C = balance.temperature_C;
      reason = alarmReason(watch.alarms, Alarm.SelfHeating);
    }
  };
  for (let s = 0; s < HOUR_S; s++) second(25);
  let onset_C: number | null = null;
  for (let target_C = 40; balance.runaway_C === null && target_C < 200; target_C += 5) {
    if (target_C <= balance.temperature_C) continue;
    while (balance.temperature_C < target_C - 0.05 && balance.runaway_C === null) second(target_C + 0.5, true);
    for (let s = 0; s < 1800 && balance.temperature_C < target_C + 5 && balance.runaway_C === null; s++)
      second(balance.temperature_C);
    if (60 * balance.selfHeating_K_s <= 0.02) continue;
    onset_C ??= balance.temperature_C;
    while (balance.runaway_C === null && 60 * balance.selfHeating_K_s > 0.02) second(balance.temperature_C);
  }
  const degrees = (value: number | null): string => (value === null ? '-' : value.toFixed(1));
  return {
    watcher: 'self-heating',
    what: `calorimeter, ${told}`,
    cell: `${thermal} reactions`,
    looked: 1,
    found: alarmed_C !== null,
    delay: alarmed_C === null ? null : balance.runaway_C! - alarmed_C,
    unit: 'K below runaway',
    falseAlarms:
      told !== 'surroundings unknown' && alarmed_C !== null && onset_C !== null && alarmed_C < onset_C - 20 ? 1 : 0,
    falseWarnings: 0,
    note: `onset ${degrees(onset_C)}, warned ${degrees(warned_C)}, alarm ${degrees(alarmed_C)}, runaway ${degrees(balance.runaway_C)} degC: ${alarmText(reason)}`,
  };
}

export interface RunawayCase {
  what: string;
  thermal: Thermal;
  /** To the surroundings, per Ah. */
  cooling_W_K_Ah: number;
  ambient_C: number;
  ambientKnown: boolean;
  /** Below this temperature there is nothing to find yet. */
  quietBelow_C?: number;
  /** What drives the cell, second by second, from full and at rest: returns the current density [mA/cm2]. */
  drive: (watched: WatchedCell, balance: HeatBalance, second: number) => number;
  seed: number;
}

const charging = (watched: WatchedCell, rate_C: number): number => -rate_C * watched.cell.nominal_mAh_cm2;

/** Cycles between its cut-offs. */
function cycling(charge_C: number, discharge_C: number): RunawayCase['drive'] {
  let rate_C = discharge_C;
  return ({ cell }) => {
    const { chargeCutoff_V, dischargeCutoff_V } = cell.profile;
    if (cell.voltage_V <= dischargeCutoff_V) rate_C = -charge_C;
    else if (cell.voltage_V >= chargeCutoff_V) rate_C = discharge_C;
    return rate_C * cell.nominal_mAh_cm2;
  };
}

/** Every way to run away in use that is tried. */
export function runawayCases(): RunawayCase[] {
  const cases: RunawayCase[] = [];
  const one = (own: Omit<RunawayCase, 'thermal' | 'ambientKnown' | 'seed'>): void => {
    for (const thermal of ['routine', 'tri-salt'] as const)
      for (const ambientKnown of [true, false]) cases.push({ ...own, thermal, ambientKnown, seed: cases.length + 1 });
  };
  one({
    what: 'at rest in surroundings that warm to 140 degC by 1 K/min',
    cooling_W_K_Ah: 0.1,
    ambient_C: 25,
    quietBelow_C: 50,
    drive: (_, balance, second) => {
      balance.ambient_C = Math.min(140, 25 + Math.max(0, second - HOUR_S) / 60);
      return 0;
    },
  });
  one({ what: '1C cycles without cooling', cooling_W_K_Ah: 0, ambient_C: 45, drive: cycling(1, 1) });
  one({
    what: '0.2C up, 3C down at 60 degC, poorly cooled',
    cooling_W_K_Ah: 0.01,
    ambient_C: 60,
    drive: cycling(0.2, 3),
  });
  const shorts: [string, number][] = [
    ['0.5C', 0.5],
    ['2C', 2],
    ['20C', 20],
  ];
  for (const [name, share_C] of shorts)
    one({
      what: `short of ${name} at rest, ${share_C < 1 ? 'hardly' : 'poorly'} cooled`,
      cooling_W_K_Ah: share_C < 1 ? 0.005 : 0.02,
      ambient_C: 25,
      drive: ({ cell }, _, second) => {
        if (second === HOUR_S) (cell as Cell).short_mS_cm2 = (share_C * cell.nominal_mAh_cm2) / cell.voltage_V;
        return 0;
      },
    });
  one({
    what: 'short that takes a 1C charge, without cooling',
    cooling_W_K_Ah: 0,
    ambient_C: 25,
    drive: (watched, _, second) => {
      if (second < HOUR_S) return 0;
      const cell = watched.cell as Cell;
      cell.short_mS_cm2 = Math.max(cell.short_mS_cm2, (cell.nominal_mAh_cm2 / cell.voltage_V) * 0.95);
      return charging(watched, 1);
    },
  });
  return cases;
}

const LONGEST_S = 60 * HOUR_S;

export function runaway(own: RunawayCase): WatcherRow {
  const believed = loadProfile(own.thermal === 'routine' ? 'routine-pouch' : 'tri-salt-pouch');
  const profile = mismatched(believed, 0.2, own.seed, 3);
  const settings = watchSettingsOf(believed, own.cooling_W_K_Ah);
  const balance = balanceFor(own.thermal, profile.area_cm2, own.ambient_C, settings.cooling_W_K, own.seed);
  const watched = new WatchedCell({
    profile,
    believed,
    settings,
    temperature_C: own.ambient_C,
    seed: own.seed,
    balance,
    ambientUnknown: !own.ambientKnown,
  });
  const plant = watched.cell as Cell;
  // Full, as it is at its worst; and the balance where it was.
  while (plant.voltage_V < profile.chargeCutoff_V) plant.step(-0.2 * plant.nominal_mAh_cm2, 10);
  for (let second = 0; balance.runaway_C === null && watched.time_s < LONGEST_S; second++)
    watched.second(own.drive(watched, balance, second));
  const found = watched.first(Alarm.SelfHeating);
  const ran_C = balance.runaway_C;
  return {
    watcher: 'self-heating',
    what: `${own.what}, surroundings ${own.ambientKnown ? 'known' : 'unknown'}`,
    cell: `${own.thermal} reactions`,
    looked: 1,
    found: ran_C === null ? null : found !== undefined,
    delay: found && ran_C !== null ? ran_C - found.temperature_C : null,
    unit: 'K below runaway',
    // Where the surroundings are all that warms the cell, an alarm below this is none of its own heat.
    falseAlarms:
      own.quietBelow_C !== undefined && own.ambientKnown && found && found.temperature_C < own.quietBelow_C ? 1 : 0,
    falseWarnings: 0,
    note: `${found ? `alarm at ${found.temperature_C.toFixed(1)}` : 'no alarm'}, ${ran_C === null ? 'no runaway' : `runaway at ${ran_C.toFixed(1)}`} degC`,
  };
}

export interface HotCase {
  what: string;
  cell: string;
  ambient_C: number;
  cooling_W_K_Ah: number;
  charge_C: number;
  discharge_C: number;
  cycles: number;
  ambientKnown: boolean;
  /** The surroundings go up and down by this, in two hours up and two down [K]. */
  swing_K: number;
  seed: number;
}

/** Nothing to find: hard use of a cell without reactions. */
export function hotUse(own: HotCase): WatcherRow {
  const believed = loadProfile(own.cell);
  const profile = mismatched(believed, 0.2, own.seed, 3);
  const capacity_Ah = (profile.parameters.Qn * profile.area_cm2) / 1000;
  const settings = watchSettingsOf(believed, own.cooling_W_K_Ah * capacity_Ah);
  const balance = balanceFor(null, profile.area_cm2, own.ambient_C, settings.cooling_W_K, own.seed);
  const options: WatchedOptions = {
    profile,
    believed,
    settings,
    temperature_C: own.ambient_C,
    seed: own.seed,
    balance,
    ambientUnknown: !own.ambientKnown,
  };
  const watched = new WatchedCell(options);
  watched.onSecond = () => {
    const turn = (watched.time_s % (4 * HOUR_S)) / (2 * HOUR_S);
    balance.ambient_C = own.ambient_C + own.swing_K * (turn < 1 ? turn : 2 - turn);
  };
  const cycle = { charge_C: own.charge_C, discharge_C: own.discharge_C, rest_s: 300 };
  let goesOn = true;
  for (let k = 0; k < own.cycles && goesOn; k++) goesOn = watched.runCycle(cycle);
  const of = watched.found.filter((found) => found.alarm === Alarm.SelfHeating);
  return {
    watcher: 'self-heating',
    what: `${own.what}, surroundings ${own.ambientKnown ? 'known' : 'unknown'}`,
    cell: own.cell,
    looked: watched.cycle - 1,
    found: null,
    delay: null,
    unit: '',
    falseAlarms: of.filter(({ level }) => level === Level.Alarm).length,
    falseWarnings: of.filter(({ level }) => level === Level.Warn).length,
    note: `to ${balance.highest_C.toFixed(1)} degC`,
  };
}
