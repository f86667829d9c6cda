/** What the device's telemetry says. `null` is what the device does not know. */
import { Estimated, Why } from '../../firmware/estimate/estimates';
import { Measured } from '../../firmware/link/telemetry';

/** What is older than this is shown as stale. */
export const STALE_MS = 2000;

/** One frame of measurements, by the names of `Measured`, whole numbers of their units. */
export type Measurement = Record<Exclude<keyof typeof Measured, 'length'>, number | null>;

export interface Estimate {
  /** In the unit of its name; null: not known now. */
  value: number | null;
  sigma: number | null;
  why: Why;
}

/** By the names of `Estimated`. */
export type EstimatesNow = Record<Exclude<keyof typeof Estimated, 'length'>, Estimate>;

const namesOf = (names: object, length: number): string[] =>
  Array.from({ length }, (_, k) => (names as Record<number, string>)[k]!);

const MEASURED_NAMES = namesOf(Measured, Measured.length);
const ESTIMATED_NAMES = namesOf(Estimated, Estimated.length);

/** Undefined for a payload that is none; fields of a later firmware are passed over. */
export function readMeasurement(payload: string): Measurement | undefined {
  const fields = payload.split(',');
  if (fields.length < MEASURED_NAMES.length) return undefined;
  return Object.fromEntries(MEASURED_NAMES.map((name, k) => [name, numberOf(fields[k]!)])) as Measurement;
}

/** The same of estimates. */
export function readEstimates(payload: string): EstimatesNow | undefined {
  const fields = payload.split(',');
  const why = fields[2 * ESTIMATED_NAMES.length];
  if (why?.length !== ESTIMATED_NAMES.length) return undefined;
  return Object.fromEntries(
    ESTIMATED_NAMES.map((name, k) => [
      name,
      { value: thousandths(fields[2 * k]!), sigma: thousandths(fields[2 * k + 1]!), why: Number(why[k]) as Why },
    ]),
  ) as EstimatesNow;
}

function numberOf(field: string): number | null {
  const value = field === '' ? NaN : Number(field);
  return Number.isFinite(value) ? value : null;
}

function thousandths(field: string): number | null {
  const value = numberOf(field);
  return value === null ? null : value / 1000;
}
