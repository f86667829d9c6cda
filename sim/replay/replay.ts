import { mean } from './cycleTally';
import { MeasurementAnalysis } from './measurementAnalysis';
import type { Relaxation } from './relaxation';
import { type Measurement, type ReadOptions, type SampleBatch, openMeasurement } from './samples';

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
  /** Means over the cycle's relaxations that could be separated; null when none could. */
  etaFast_mV: number | null;
  etaConc_mV: number | null;
  etaUncertainty_mV: number | null;
  /** Rests of this cycle; a rest belongs to the cycle of the pulse before it. */
  rests: number;
  warnings: string[];
}

export interface ReplayReport {
  file: string;
  format: string;
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
  'etaConc_mV is all recovery slower than some seconds: concentration in the electrolyte and diffusion inside solid electrodes together. ' +
    'In a cell with intercalation electrodes it says nothing about a lithium surface.',
  'etaConc_mV is measured up to the end of each rest, not extrapolated.',
  'Lithium loss is not attributed: no raw cycling series of an anode-free cell is public to check that against.',
];

/**
 * Reads a measurement once and reports every cycle and every relaxation in it. Memory grows with cycles and relaxations, not with samples.
 * @throws InputError, see `openMeasurement` and `Measurement`
 */
export async function replay(path: string, options: ReadOptions = {}): Promise<ReplayReport> {
  return replayMeasurement(path, await openMeasurement(path, options));
}

/** The report on a measurement that is open; `file` only names it. */
export async function replayMeasurement(
  file: string,
  { format, batches, warnings }: Pick<Measurement, 'format' | 'warnings'> & { batches: AsyncIterable<SampleBatch> },
): Promise<ReplayReport> {
  const analysis = new MeasurementAnalysis();
  for await (const batch of batches) analysis.add(batch);
  const { cycles, relaxations, samples, duration_s } = analysis.finish();
  return {
    file,
    format,
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
      etaFast_mV: mean(relaxations.map((r) => r.etaFast_mV)),
      etaConc_mV: mean(relaxations.map((r) => r.etaConc_mV)),
      warnings,
      notes,
    },
  };
}
