import type { SampleBatch } from './rows';

const timesUsual = 10;
const least_s = 60;
const most_s = 600;

/**
 * From which interval on there is a gap, across which the charge is not known: ten times the usual interval, at least 60 s and
 * at most 600 s. Usual is what half of the time is sampled at, because cyclers write many samples within seconds of a step of current
 * and few later.
 */
export function longestGap_s(batches: readonly SampleBatch[]): number {
  const intervals: number[] = [];
  let last_s = NaN;
  for (const { length, time_s } of batches) {
    for (let i = 0; i < length; i++) {
      if (time_s[i]! > last_s) intervals.push(time_s[i]! - last_s);
      last_s = time_s[i]!;
    }
  }
  intervals.sort((a, b) => a - b);
  let half_s = intervals.reduce((sum, interval_s) => sum + interval_s, 0) / 2;
  const usual_s = intervals.find((interval_s) => (half_s -= interval_s) <= 0) ?? 0;
  return Math.min(most_s, Math.max(least_s, timesUsual * usual_s));
}
