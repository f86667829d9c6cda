/**
 * Time series as CSV with the column names of the Battery Data Format (BDF, Battery Data Alliance, ontology 1.2.0:
 * github.com/battery-data-alliance/battery-data-format). BDF counts charging current as positive, so the sign of the current
 * is turned round here, where data leaves the project: inside, discharge is positive.
 */
import type { Sample } from './types';

export const bdfHeader =
  'Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1,Surface Temperature T1 / degC';

/** One CSV line without its line break. */
export function bdfRow(sample: Readonly<Sample>): string {
  const current_A = sample.current_A === 0 ? 0 : -sample.current_A;
  return [
    Number(sample.time_s.toFixed(3)),
    Number(sample.voltage_V.toFixed(6)),
    Number(current_A.toFixed(6)),
    sample.cycle,
    sample.step,
    Number(sample.temperature_C.toFixed(3)),
  ].join(',');
}
