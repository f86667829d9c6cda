/** What a board says, as a person reads it. */
import { Why, whyText } from '../../../../firmware/estimate/estimates';
import { plusMinus, scaled } from '../../../link/view';
import type { Estimate } from '../../../link/telemetry';

export const UNKNOWN = '–';

/** A whole number of thousandths and the like, in its unit. */
export function quantityText(value: number | null | undefined, by: number, digits: number, unit: string): string {
  return value === null || value === undefined ? UNKNOWN : `${scaled(value, by, digits)} ${unit}`;
}

/** With its standard deviation, or the reason why it is not known. */
export function estimateText(estimate: Estimate | undefined, digits: number, unit: string): string {
  if (estimate === undefined) return UNKNOWN;
  if (estimate.value === null) return `not known: ${whyText(estimate.why)}`;
  const text = `${plusMinus(estimate, digits).replace('+-', '±')} ${unit}`;
  return estimate.why === Why.Valid ? text : `${text} (${whyText(estimate.why)})`;
}

/** A moment of today, or with its date. */
export function momentText(at_ms: number): string {
  const date = new Date(at_ms);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : date.toLocaleString();
}

export function ageText(age_ms: number): string {
  if (age_ms < 120_000) return `${(age_ms / 1000).toFixed(1)} s`;
  return age_ms < 7_200_000 ? `${Math.round(age_ms / 60_000)} min` : `${Math.round(age_ms / 3_600_000)} h`;
}
