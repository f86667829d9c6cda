/** All that the watchers are tried on. */
import type { OnProgress } from '../../results/types';
import { coldCharge, drying } from './ageing';
import { behindChips } from './chips';
import { cleanCells, cleanRun } from './clean';
import { calorimeter, hotUse, runaway, runawayCases } from './heat';
import type { WatcherRow } from './row';
import { flickeringShort, growingShort, shortAtRest } from './shorts';
import { tablesOf } from './tables';

export interface WatcherStudyOptions {
  /** One seed and few cycles: seconds instead of a minute or two. Default false. */
  quick?: boolean;
  signal?: AbortSignal;
}

export interface WatcherStudy {
  rows: WatcherRow[];
  /** Markdown. */
  tables: string;
}

type Case = () => WatcherRow;

const LIQUID = [
  'afl-l1',
  'afl-l2',
  'homs-ncm811',
  'homs-lfp',
  'bare-copper-ncm811',
  'bare-copper-lfp',
  'tri-salt-pouch',
];
/** Growth of the short a cycle, and the rates that go with it. */
const GROWTHS = [
  [0.002, 0.2, 1],
  [0.005, 0.1, 0.5],
  [0.01, 0.5, 2],
  [0.1, 0.2, 3],
  [2, 0.2, 1],
] as const;

function shortCases(quick: boolean): Case[] {
  const cases: Case[] = [];
  const add = (one: Case): void => void cases.push(one);
  for (const [k, cell] of (quick ? LIQUID.slice(0, 1) : LIQUID).entries()) {
    for (const [j, [perCycle, charge_C, discharge_C]] of GROWTHS.entries())
      add(() => growingShort({ cell, charge_C, discharge_C, perCycle, seed: 10 * k + j }));
    add(() => growingShort({ cell, charge_C: 0.2, discharge_C: 1, perCycle: 0.01, varied: true, seed: 10 * k }));
    add(() => shortAtRest(cell, 0.02, k));
  }
  if (quick) return cases;
  for (const cell of ['criec-ncm622', 'criec-ncm811', 'criec-pouch'])
    for (const perCycle of [0.005, 0.02, 2])
      add(() => growingShort({ cell, charge_C: 0.1, discharge_C: 0.1, perCycle, seed: 3 }));
  for (const cell of ['copper-solid-ncm622', 'copper-solid-ncm811'])
    add(() => growingShort({ cell, charge_C: 0.1, discharge_C: 0.1, perCycle: null, seed: 3 }));
  for (const cell of ['afl-l1', 'afl-l2'])
    add(() => growingShort({ cell, plant: 'detailed', charge_C: 0.2, discharge_C: 1, perCycle: 0.005, seed: 3 }));
  for (const share of [0.05, 0.2, 1])
    for (const cell of ['afl-l1', 'homs-lfp', 'tri-salt-pouch']) add(() => flickeringShort(cell, share, 0.5, 5));
  return cases;
}

function heatCases(quick: boolean): Case[] {
  const cases: Case[] = [];
  const add = (one: Case): void => void cases.push(one);
  for (const thermal of ['routine', 'tri-salt'] as const)
    for (const told of ['surroundings known', 'surroundings unknown', 'guarded'] as const)
      for (let seed = 1; seed <= (quick ? 1 : 5); seed++) add(() => calorimeter(thermal, told, seed));
  const ways = runawayCases();
  for (const one of quick ? ways.slice(0, 4) : ways) add(() => runaway(one));
  const hot = { what: '3C at 45 degC ambient', ambient_C: 45, charge_C: 0.5, discharge_C: 3, cycles: 6, swing_K: 0 };
  const swing = {
    ...hot,
    what: '1C, ambient from 15 to 45 degC and back in 4 h',
    ambient_C: 15,
    discharge_C: 1,
    swing_K: 30,
  };
  for (const cell of quick ? ['afl-l1'] : ['afl-l1', 'afl-l2', 'tri-salt-pouch', 'homs-lfp', 'bare-copper-ncm811'])
    for (const ambientKnown of [true, false])
      for (const [k, cooling_W_K_Ah] of [0.1, 0.05].entries()) {
        add(() => hotUse({ ...hot, cell, ambientKnown, cooling_W_K_Ah, seed: k + 1 }));
        add(() => hotUse({ ...swing, cell, ambientKnown, cooling_W_K_Ah, seed: k + 3 }));
      }
  for (const [k, cell] of (quick ? [] : ['afl-l1', 'tri-salt-pouch']).entries())
    for (const cooling_W_K of [0.1, 0.05])
      add(() => behindChips({ cell, ambient_C: 45, cooling_W_K, discharge_C: 3, cycles: 3, seed: k + 1 }));
  return cases;
}

function ageingCases(quick: boolean): Case[] {
  const cases: Case[] = [];
  const add = (one: Case): void => void cases.push(one);
  const dry = [
    ['routine-pouch', 0.2, 0.5, 60],
    ['routine-pouch', 0.5, 1, 60],
    ['tri-salt-pouch', 0.5, 1, 200],
    ['tri-salt-pouch', 0.2, 0.5, 200],
    ['bare-copper-ncm811', 0.2, 1, 250],
  ] as const;
  for (const [cell, up, down, cycles] of quick ? dry.slice(0, 1) : dry)
    for (let seed = 1; seed <= (quick ? 1 : 3); seed++) add(() => drying(cell, up, down, cycles, seed));
  for (const cell of quick ? ['afl-l1'] : ['afl-l1', 'afl-l2', 'homs-ncm811', 'tri-salt-pouch'])
    for (const temperature_C of [25, 10, 0, -10])
      for (const charge_C of [0.1, 0.2, 0.5, 1])
        for (let seed = 1; seed <= (quick ? 1 : 3); seed++) add(() => coldCharge(cell, charge_C, temperature_C, seed));
  return cases;
}

function cleanCases(quick: boolean): Case[] {
  const cases: Case[] = [];
  for (const [k, cell] of (quick ? cleanCells().slice(0, 1) : cleanCells()).entries()) {
    const cycles = quick ? 4 : 20;
    for (const [j, [discharge_C, temperature_C]] of (
      [
        [0.5, 25],
        [1, 45],
        [3, 10],
      ] as const
    ).entries())
      cases.push(() => cleanRun(cell, cycles, 10 * k + j, false, discharge_C, temperature_C));
    for (let seed = 1; seed <= (quick ? 1 : 3); seed++)
      cases.push(() => cleanRun(cell, cycles, 10 * k + seed + 100, true, 1, 25));
  }
  return cases;
}

export async function studyWatchers(options: WatcherStudyOptions = {}, onProgress?: OnProgress): Promise<WatcherStudy> {
  const { quick = false, signal } = options;
  const cases = [...shortCases(quick), ...heatCases(quick), ...ageingCases(quick), ...cleanCases(quick)];
  const rows: WatcherRow[] = [];
  for (const one of cases) {
    signal?.throwIfAborted();
    rows.push(one());
    onProgress?.(rows.length / cases.length, `${rows.length} of ${cases.length} cases`);
    await new Promise(setImmediate);
  }
  return { rows, tables: tablesOf(rows) };
}
