/**
 * Time series with the column names of the Battery Data Format (BDF, Battery Data Alliance, ontology 1.2.0:
 * github.com/battery-data-alliance/battery-data-format). BDF counts charging current as positive, so the sign of the current
 * is turned round where data leaves the project: inside, discharge is positive.
 */
import type { Sample } from './types';

export const bdfTitle = {
  time_s: 'Test Time / s',
  voltage_V: 'Voltage / V',
  current_A: 'Current / A',
  cycle: 'Cycle Count / 1',
  step: 'Step Count / 1',
  temperature_C: 'Surface Temperature T1 / degC',
  stepTime_s: 'Step Time / s',
} as const;

/** From discharge positive to charge positive and back. */
export const turnSign = (current_A: number): number => (current_A === 0 ? 0 : -current_A);

const { time_s, voltage_V, current_A, cycle, step, temperature_C } = bdfTitle;
export const bdfHeader = [time_s, voltage_V, current_A, cycle, step, temperature_C].join(',');

/** One CSV line without its line break. */
export function bdfRow(sample: Readonly<Sample>): string {
  return [
    Number(sample.time_s.toFixed(3)),
    Number(sample.voltage_V.toFixed(6)),
    Number(turnSign(sample.current_A).toFixed(6)),
    sample.cycle,
    sample.step,
    Number(sample.temperature_C.toFixed(3)),
  ].join(',');
}
