/**
 * The experiments of the papers, carried out on a cell model. Each is run once and remembered: many numbers are read from the
 * same cells. Discharge (stripping) current is positive, amounts are per cm2 of copper.
 */
import { Cell } from '../cell/cell';
import type { Plant } from '../cell/plant';
import { runStep, type StepResult } from '../cell/step';
import { loadProfile } from '../profiles/profile';

/** Builds a cell of a named profile. */
export type BuildCell = (cell: string, temperature_C: number) => Plant;

const builtIn: BuildCell = (cell, temperature_C) => new Cell(loadProfile(cell), temperature_C);

/** A cycling test of a full cell. */
export interface CyclingTest {
  cell: string;
  charge_C: number;
  discharge_C: number;
  cycles: number;
  temperature_C?: number;
  /** Rate and number of the first cycles. Default: two at 0.1C. */
  formation_C?: number;
  formationCycles?: number;
  /** Rest after every charge and discharge. Default 300 s. */
  rest_s?: number;
}

export interface Cycling {
  /** First discharge at 0.2C, of a copy of the formed and charged cell. */
  reference_mAh_cm2: number;
  charge_mAh_cm2: number[];
  discharge_mAh_cm2: number[];
  discharge_mWh_cm2: number[];
  /** Mean over each discharge. */
  etaConc_V: number[];
  /** The cell at the end. */
  cell: Plant;
  /** Why the test ended early, when it did. */
  stopped?: string;
}

/** A Li | Cu test: plate a capacity, strip to the cut-off. */
export interface HalfTest {
  cell: string;
  plate_mA_cm2: number;
  strip_mA_cm2: number;
  capacity_mAh_cm2: number;
  cycles: number;
  temperature_C?: number;
  /** Stripping current of the first cycle, where it differs. */
  firstStrip_mA_cm2?: number;
}

export interface HalfCycling {
  /** Coulombic efficiency of every cycle [%]. */
  ce_pct: number[];
  /** The cell after the last stripping. */
  cell: Plant;
  stopped?: string;
}

const PATIENCE = 3;
const REST_S = 300;
const CHECKUP_C = 0.2;

export class Lab {
  private readonly done = new Map<string, unknown>();

  constructor(private readonly buildCell: BuildCell = builtIn) {}

  build(cell: string, temperature_C = 25): Plant {
    return this.buildCell(cell, temperature_C);
  }

  /** Runs `experiment` unless one with the same description has been run in this laboratory. */
  once<Result>(description: unknown, experiment: () => Result): Result {
    const key = JSON.stringify(description);
    if (!this.done.has(key)) this.done.set(key, experiment());
    return this.done.get(key) as Result;
  }

  cycling(test: CyclingTest): Cycling {
    return this.once(['cycling', test], () => cycle(this.build(test.cell, test.temperature_C), test));
  }

  half(test: HalfTest): HalfCycling {
    return this.once(['half', test], () => cycleHalf(this.build(test.cell, test.temperature_C), test));
  }
}

/** Constant current until `until_V`; undefined in `end` other than 'voltage' means that the cut-off was out of reach. */
export function toCutoff(cell: Plant, i: number, until_V: number): StepResult {
  const longest_s = (PATIENCE * 3600 * cell.nominal_mAh_cm2) / Math.abs(i);
  return runStep(cell, i, { until_V, longest_s });
}

export const rest = (cell: Plant, time_s: number): StepResult => runStep(cell, 0, { longest_s: time_s });

function cycle(cell: Plant, test: CyclingTest): Cycling {
  const { formation_C = 0.1, formationCycles = 2, rest_s = REST_S } = test;
  const { chargeCutoff_V, dischargeCutoff_V } = cell.profile;
  const result: Cycling = {
    reference_mAh_cm2: 0,
    charge_mAh_cm2: [],
    discharge_mAh_cm2: [],
    discharge_mWh_cm2: [],
    etaConc_V: [],
    cell,
  };
  const charge = (rate_C: number): StepResult => toCutoff(cell, -rate_C * cell.nominal_mAh_cm2, chargeCutoff_V);
  const discharge = (rate_C: number, of = cell): StepResult =>
    toCutoff(of, rate_C * cell.nominal_mAh_cm2, dischargeCutoff_V);
  for (let n = 0; n < formationCycles; n++) {
    charge(formation_C);
    rest(cell, 2 * rest_s);
    discharge(formation_C);
    rest(cell, 2 * rest_s);
  }
  for (let n = 1; n <= test.cycles; n++) {
    const charged = charge(test.charge_C);
    if (charged.end !== 'voltage') {
      result.stopped = `cycle ${n}: the charge did not reach ${chargeCutoff_V} V`;
      break;
    }
    rest(cell, rest_s);
    if (n === 1) result.reference_mAh_cm2 = discharge(CHECKUP_C, cell.clone()).charge_mAh_cm2;
    const discharged = discharge(test.discharge_C);
    rest(cell, rest_s);
    result.charge_mAh_cm2.push(charged.charge_mAh_cm2);
    result.discharge_mAh_cm2.push(discharged.charge_mAh_cm2);
    result.discharge_mWh_cm2.push(discharged.energy_mWh_cm2);
    result.etaConc_V.push(discharged.etaConc_V);
  }
  return result;
}

function cycleHalf(cell: Plant, test: HalfTest): HalfCycling {
  const { plate_mA_cm2, capacity_mAh_cm2, cycles } = test;
  const result: HalfCycling = { ce_pct: [], cell };
  for (let n = 1; n <= cycles; n++) {
    const strip_mA_cm2 = n === 1 ? (test.firstStrip_mA_cm2 ?? test.strip_mA_cm2) : test.strip_mA_cm2;
    runStep(cell, -plate_mA_cm2, { capacity_mAh_cm2, longest_s: 1e7 });
    const stripped = runStep(cell, strip_mA_cm2, {
      until_V: cell.profile.dischargeCutoff_V,
      longest_s: (PATIENCE * 3600 * capacity_mAh_cm2) / strip_mA_cm2,
    });
    result.ce_pct.push((100 * stripped.charge_mAh_cm2) / capacity_mAh_cm2);
    if (stripped.end !== 'voltage') {
      result.stopped = `cycle ${n}: the stripping did not reach ${cell.profile.dischargeCutoff_V} V`;
      break;
    }
  }
  return result;
}
