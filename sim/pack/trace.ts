import type { PackRun, Phase } from './packRun';

/** One phase of one cycle, cell by cell: what `packPicture` draws. */
export interface PackTrace {
  /** How many cells each group has. */
  cellsOfGroup: number[];
  points: TracePoint[];
}

export interface TracePoint {
  time_s: number;
  /** Since the phase began; a magnitude. */
  charge_Ah: number;
  voltage_V: number;
  groupVoltage_V: number[];
  /** Current of every cell, group after group [A]. */
  cellCurrent_A: number[];
  /** The same over an equal share of the group's current: 1 is just as much as every other cell. */
  share: number[];
  soc: number[];
}

/** @returns a trace that fills as the run goes, and what to call after every time step */
export function recordPhase(cycle: number, phase: Exclude<Phase, 'rest'>) {
  const trace: PackTrace = { cellsOfGroup: [], points: [] };
  const onTimeStep = (run: PackRun): void => {
    const { pack } = run;
    if (run.cycle !== cycle || run.phase !== phase || run.phaseTime_s === 0) return;
    trace.cellsOfGroup = pack.groups.map((group) => group.cells.length);
    trace.points.push({
      time_s: run.phaseTime_s,
      charge_Ah: run.phaseCharge_Ah,
      voltage_V: pack.voltage_V,
      groupVoltage_V: pack.groups.map((group) => group.voltage_V),
      cellCurrent_A: pack.groups.flatMap((group) => [...group.current_A]),
      share: pack.groups.flatMap((group) =>
        [...group.current_A].map((current_A) => (current_A * group.cells.length) / pack.current_A),
      ),
      soc: pack.cells.map((cell) => cell.plant.soc),
    });
  };
  return { trace, onTimeStep };
}
