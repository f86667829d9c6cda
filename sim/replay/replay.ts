import type { RecordedCell } from './estimated';
import { EstimatorRun } from './estimatedRun';
import { openMeasurement } from './measurementFile';
import { replayMeasurement, type ReplayReport } from './report';
import type { ReadOptions } from './samples';

/** How a measurement is read, and what it is of. */
export interface ReplayOptions extends ReadOptions {
  /** Which cell the measurement is of; without it nothing is estimated. */
  recorded?: RecordedCell | undefined;
}

/**
 * Reads a measurement once and reports every cycle and every relaxation in it, and, where the cell is given, what the firmware's
 * estimator makes of it. Memory grows with cycles and relaxations, not with samples.
 * @throws InputError, see `openMeasurement` and `Measurement`, and for a cell that does not exist or is a half cell
 */
export async function replay(path: string, { recorded, ...options }: ReplayOptions = {}): Promise<ReplayReport> {
  const estimator = recorded && new EstimatorRun(recorded);
  return replayMeasurement(path, await openMeasurement(path, options), estimator);
}
