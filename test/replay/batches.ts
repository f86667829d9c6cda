import { MeasurementAnalysis } from '../../sim/replay/measurementAnalysis';
import { openMeasurement } from '../../sim/replay/measurementFile';
import { type ReplayReport, replayMeasurement } from '../../sim/replay/report';
import type { SampleBatch } from '../../sim/replay/samples';

/** A batch with the given columns; the others as a file without them gives them. */
export function batchOf(length: number, columns: Partial<Record<keyof SampleBatch, ArrayLike<number>>>): SampleBatch {
  const column = (name: Exclude<keyof SampleBatch, 'length'>, missing: number): Float64Array =>
    columns[name] ? Float64Array.from(columns[name] as ArrayLike<number>) : new Float64Array(length).fill(missing);
  return {
    length,
    time_s: column('time_s', NaN),
    voltage_V: column('voltage_V', 3.6),
    current_A: column('current_A', 0),
    temperature_C: column('temperature_C', NaN),
    cycle: column('cycle', 1),
    step: column('step', 1),
    stepTime_s: column('stepTime_s', NaN),
    charge_Ah: column('charge_Ah', NaN),
    discharge_Ah: column('discharge_Ah', NaN),
  };
}

/** What the analysis makes of one batch. */
export function analysed(batch: SampleBatch) {
  const analysis = new MeasurementAnalysis();
  analysis.add(batch);
  return analysis.finish();
}

/** The report on one batch, as on a file of that content. */
export function reportOn(batch: SampleBatch): Promise<ReplayReport> {
  const batches = (async function* () {
    yield await Promise.resolve(batch);
  })();
  return replayMeasurement('synthetic', { format: 'synthetic', warnings: [], batches });
}

/** A whole file in memory: one batch, and what the reader says of it. */
export async function readWhole(path: string): Promise<SampleBatch & { format: string; warnings: string[] }> {
  const { format, warnings, batches } = await openMeasurement(path);
  const parts: SampleBatch[] = [];
  for await (const batch of batches) parts.push(batch);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const column = (name: Exclude<keyof SampleBatch, 'length'>): number[] =>
    parts.flatMap((part) => [...part[name].subarray(0, part.length)]);
  const names = Object.keys(batchOf(0, {})).filter((name) => name !== 'length');
  const columns = Object.fromEntries(names.map((name) => [name, column(name as Exclude<keyof SampleBatch, 'length'>)]));
  return { ...batchOf(length, columns), format, warnings };
}
