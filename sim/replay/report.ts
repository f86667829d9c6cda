/** What a replay says of a measurement: cycle by cycle and rest by rest. */
import { afterDischarge, mean } from './cycleTally';
import type { EstimatedCycle, EstimatedMeasurement, EstimatorSettings } from './estimated';
import type { EstimatorRun } from './estimatedRun';
import { MeasurementAnalysis } from './measurementAnalysis';
import type { Relaxation } from './relaxation';
import type { Measurement, SampleBatch } from './samples';

/** One cycle of a measurement. Charges and energies are integrals over its samples, magnitudes. */
export interface ReplayedCycle {
  /** The file's own cycle number. */
  n: number;
  charge_mAh: number;
  discharge_mAh: number;
  /** Discharged / charged; null without both. */
  ce_pct: number | null;
  chargeEnergy_mWh: number;
  dischargeEnergy_mWh: number;
  /** The same by the file's own counter; null when the file has none. */
  fileCharge_mAh: number | null;
  fileDischarge_mAh: number | null;
  /** Means over those relaxations after a discharge whose part is known; null when none is. */
  etaFast_mV: number | null;
  etaConc_mV: number | null;
  /** Mean uncertainty of the relaxations in `etaFast_mV`, and of those in `etaConc_mV`. */
  etaUncertainty_mV: number | null;
  etaConcUncertainty_mV: number | null;
  /** Rests of this cycle; a rest belongs to the cycle of the pulse before it. */
  rests: number;
  warnings: string[];
  /** By the firmware's estimator; only where the cell is given. */
  estimated?: EstimatedCycle;
}

/** What `replay` finds in a measurement. The means of its summary are over the relaxations after a discharge. */
export interface ReplayReport {
  file: string;
  format: string;
  /** The cell that estimates are for; only where it is given. */
  cell?: EstimatorSettings;
  cycles: ReplayedCycle[];
  relaxations: Relaxation[];
  summary: {
    samples: number;
    duration_h: number;
    cycles: number;
    rests: number;
    restsAfterPulse: number;
    /** Relaxations with both parts. */
    separated: number;
    charge_mAh: number;
    discharge_mAh: number;
    etaFast_mV: number | null;
    etaConc_mV: number | null;
    warnings: string[];
    notes: string[];
  };
}

const notes = [
  'eta_conc is all recovery slower than some seconds: concentration in the electrolyte and diffusion inside solid electrodes together. ' +
    'In a cell with intercalation electrodes it says nothing about a lithium surface.',
  'eta_conc is measured up to the end of each rest, not extrapolated.',
];

const afterChargesOnly =
  'All rests of this file that follow a current follow a charge: nothing is said of eta_fast and eta_conc after a discharge. ' +
  'Those after each charge are in the list of relaxations (relaxations.csv of --out).';
const withoutCell =
  'No lithium inventory is estimated: nothing is known of the cell. With --cell NAME|FILE.json it is estimated for such a cell.';
const withCell = [
  'Estimates are those of the firmware for the cell that --cell names, and hold only if the measurement is of such a cell; +- is one ' +
    'standard deviation.',
  'The estimator has been checked on simulated cells only: no raw cycling series of an anode-free cell is public.',
];

/** The report on a measurement that is open; `file` only names it. */
export async function replayMeasurement(
  file: string,
  { format, batches, warnings }: Pick<Measurement, 'format' | 'warnings'> & { batches: AsyncIterable<SampleBatch> },
  estimator?: EstimatorRun,
): Promise<ReplayReport> {
  const analysis = new MeasurementAnalysis();
  for await (const batch of batches) {
    analysis.add(batch);
    estimator?.add(batch);
  }
  const { relaxations, samples, duration_s, sign, ...found } = analysis.finish();
  const discharges = afterDischarge(relaxations);
  const estimates = estimator?.finish(found.cycles.map((cycle) => cycle.n));
  const cycles = estimates ? found.cycles.map((cycle) => withEstimates(cycle, estimates)) : found.cycles;
  return {
    file,
    format,
    ...(estimates && { cell: estimates.cell }),
    cycles,
    relaxations,
    summary: {
      samples,
      duration_h: duration_s / 3600,
      cycles: cycles.length,
      rests: cycles.reduce((sum, cycle) => sum + cycle.rests, 0),
      restsAfterPulse: relaxations.length,
      separated: relaxations.filter((r) => r.etaFast_mV !== null && r.etaConc_mV !== null).length,
      charge_mAh: cycles.reduce((sum, cycle) => sum + cycle.charge_mAh, 0),
      discharge_mAh: cycles.reduce((sum, cycle) => sum + cycle.discharge_mAh, 0),
      etaFast_mV: mean(discharges.map((r) => r.etaFast_mV)),
      etaConc_mV: mean(discharges.map((r) => r.etaConc_mV)),
      warnings: [...sign.warnings(format), ...(estimates?.warnings ?? []), ...warnings],
      notes: [
        ...(relaxations.length > 0 && discharges.length === 0 ? [afterChargesOnly] : []),
        ...notes,
        ...(estimates ? [...withCell, ...estimates.notes] : [withoutCell]),
      ],
    },
  };
}

function withEstimates(cycle: ReplayedCycle, { cycles }: EstimatedMeasurement): ReplayedCycle {
  const { finished, ...estimated } = cycles.get(cycle.n)!;
  const several = `${finished} whole cycles by the current in this one: the estimates are those after the last`;
  return { ...cycle, warnings: finished > 1 ? [...cycle.warnings, several] : cycle.warnings, estimated };
}
