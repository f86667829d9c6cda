/**
 * Cells in the state in which a scenario begins. Ageing takes the longest, so aged cells are kept, and each scenario gets a
 * copy with a profile of its own, which it may change.
 */
import { Cell } from '../cell/cell';
import { runStep } from '../cell/step';
import { drawnCell } from '../profiles/drawn';
import { loadProfile, type CellProfile } from '../profiles/profile';
import { InputError } from '../errors';
import type { CellChoice, State } from './scenario';

const ROOM_C = 25;
const CHARGE_C = 0.2;
const DISCHARGE_C = 1;
/** A cell is aged no further than this part of its first discharge: what is left after it is no cell to be used. */
const END_OF_LIFE = 0.8;
const REST_S = 600;
const LONGEST_S = 2e5;
/** How long before its cut-off a charge and a discharge are met. */
const BEFORE_END_S = 60;
const aged = new Map<string, Cell>();

/** What the firmware is told of the cell. @throws InputError for a cell that no channel can charge */
export function believedProfile({ profile: name }: CellChoice): CellProfile {
  const profile = loadProfile(name);
  if (profile.kind === 'half')
    throw new InputError(`cell "${name}" is a half cell, which no channel can charge; allowed: a full cell`);
  return profile;
}

/** A cell in the state, and at rest for as long as it takes to connect it. */
export function preparedCell(choice: CellChoice, state: State): Cell {
  const source = agedCell(choice);
  const profile = { ...source.profile, parameters: { ...source.profile.parameters } };
  const cell = new Cell(profile, ROOM_C);
  cell.copyFrom(source);
  cell.temperature_C = state.temperature_C;
  bring(cell, state);
  return cell;
}

/** After formation and its cycles, charged and at rest. */
function agedCell(choice: CellChoice): Cell {
  const key = JSON.stringify(choice);
  let cell = aged.get(key);
  if (cell !== undefined) return cell;
  const believed = believedProfile(choice);
  cell = new Cell(choice.draw === 0 ? believed : drawnCell(believed, choice.draw), ROOM_C);
  charge(cell, CHARGE_C);
  let first_mAh_cm2 = 0;
  for (let n = 0; n < choice.cycles; n++) {
    const gave_mAh_cm2 = discharge(cell, DISCHARGE_C);
    first_mAh_cm2 ||= gave_mAh_cm2;
    charge(cell, CHARGE_C);
    if (gave_mAh_cm2 < END_OF_LIFE * first_mAh_cm2) break;
  }
  aged.set(key, cell);
  return cell;
}

function bring(cell: Cell, { kind, rate_C, fill }: State): void {
  const { chargeCutoff_V, dischargeCutoff_V } = cell.profile;
  if (kind === 'knee') {
    runShort(cell, rate_C, dischargeCutoff_V);
    return;
  }
  if (kind === 'cycling') {
    discharge(cell, rate_C);
    return;
  }
  if (kind === 'hold' || kind === 'end of charge') {
    run(cell, DISCHARGE_C, cell.profile.dischargeCutoff_V);
    rest(cell);
    runShort(cell, -rate_C, chargeCutoff_V);
    return;
  }
  const full = cell.clone();
  const capacity_mAh_cm2 = run(full, CHARGE_C, dischargeCutoff_V);
  if (fill < 1)
    runStep(cell, CHARGE_C * cell.nominal_mAh_cm2, {
      capacity_mAh_cm2: (1 - fill) * capacity_mAh_cm2,
      until_V: dischargeCutoff_V,
      longest_s: LONGEST_S,
    });
  rest(cell);
}

function charge(cell: Cell, rate_C: number): void {
  run(cell, -rate_C, cell.profile.chargeCutoff_V);
  rest(cell);
}

/** @returns charge passed [mAh/cm2] */
function discharge(cell: Cell, rate_C: number): number {
  const gave_mAh_cm2 = run(cell, rate_C, cell.profile.dischargeCutoff_V);
  rest(cell);
  return gave_mAh_cm2;
}

/** @returns charge passed [mAh/cm2] */
function run(cell: Cell, rate_C: number, until_V: number): number {
  const result = runStep(cell, rate_C * cell.nominal_mAh_cm2, { until_V, longest_s: LONGEST_S });
  return result.charge_mAh_cm2;
}

/** Until a little before the cut-off. */
function runShort(cell: Cell, rate_C: number, until_V: number): void {
  const i = rate_C * cell.nominal_mAh_cm2;
  const { time_s } = runStep(cell.clone(), i, { until_V, longest_s: LONGEST_S });
  // A worn cell may be there at once.
  if (time_s > BEFORE_END_S) runStep(cell, i, { longest_s: time_s - BEFORE_END_S });
}

function rest(cell: Cell): void {
  runStep(cell, 0, { longest_s: REST_S });
}
