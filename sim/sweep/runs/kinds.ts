/** The three kinds of run, by what a run is told. */
import { simulate } from '../../campaign/simulate';
import { InputError } from '../../errors';
import type { Design } from '../design/design';
import type { Values } from '../design/options';
import type { DesignedRun } from '../design/runs';
import { CYCLING_COLUMNS, CYCLING_OPTIONS, runCycling, simulateOptions } from './cycling';
import { FAULT_COLUMNS, FAULT_OPTIONS, runFault, scenarioOf } from './faults';
import { MISSION_COLUMNS, MISSION_OPTIONS, missionOptions, runMissions } from './missions';
import type { Column, RunResult } from './result';

export interface RunKind {
  name: string;
  /** Names that have an effect. */
  options: readonly string[];
  columns: readonly Column[];
  /** @throws InputError for values that do not go together; runs nothing */
  check(run: DesignedRun): Promise<unknown>;
  run(run: DesignedRun, design: Design, signal: AbortSignal): Promise<RunResult>;
}

const CYCLING: RunKind = {
  name: 'cycling',
  options: CYCLING_OPTIONS,
  columns: CYCLING_COLUMNS,
  // Everything is checked before the first cycle.
  check: async (run) => simulate({ ...simulateOptions(run), cycles: 0 }),
  run: (run, { cycles }, signal) => runCycling(run, cycles, signal),
};
const MISSION: RunKind = {
  name: 'mission',
  options: MISSION_OPTIONS,
  columns: MISSION_COLUMNS,
  check: async (run) => missionOptions(run),
  run: async (run, _, signal) => runMissions(run, signal),
};
const FAULT: RunKind = {
  name: 'fault',
  options: FAULT_OPTIONS,
  columns: FAULT_COLUMNS,
  check: async (run) => scenarioOf(run),
  run: runFault,
};

export const RUN_KINDS = [CYCLING, MISSION, FAULT];

/** @throws InputError for a run that would be of two kinds */
export function kindOf(values: Values): RunKind {
  if (values.mission !== undefined && values.fault !== undefined)
    throw new InputError('mission and fault are both given; allowed: one of them (a list of grids has both, apart)');
  return values.fault !== undefined ? FAULT : values.mission !== undefined ? MISSION : CYCLING;
}
