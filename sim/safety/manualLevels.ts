/** The levels of a row in words, for the cell of a board without a configuration. */
import { defaultConfig } from '../../firmware/config/unconfigured';
import type { Limits, Pace } from '../../firmware/config/config';
import type { FaultRow } from '../../firmware/protect/table';
import { duration, short } from './manualText';

/** Of the cell that a board without a configuration takes for its own. */
export const { limits: LIMITS, pace: PACE }: { limits: Limits; pace: Pace } = defaultConfig();

/** The trip level in the row's unit. */
const tripLevel = ({ trip }: FaultRow): number => (typeof trip === 'number' ? trip : LIMITS[trip]);

/** A count or a flag: its levels lie half way between two whole numbers, so that no rounding matters. */
const isCount = (row: FaultRow): boolean => row.unit === '' && Math.abs(tripLevel(row) % 1) === 0.5;
const isFlag = (row: FaultRow): boolean => isCount(row) && tripLevel(row) === 0.5;

function withUnit(row: FaultRow, level: number): string {
  if (row.unit === 'ms') return duration(level);
  return row.unit === '' ? `${short(100 * level)} %` : `${short(level)} ${row.unit}`;
}

/** What trips it: `highest cell voltage: above 4350 mV (overVoltage_mV)`, the name being the configuration's. */
export function tripText(row: FaultRow): string {
  const level = tripLevel(row);
  if (isFlag(row)) return row.watched;
  if (isCount(row)) return `${row.watched}: ${Math.ceil(level)} or more`;
  const name = typeof row.trip === 'number' ? '' : ` (\`${row.trip}\`)`;
  return `${row.watched}: ${row.over ? 'above' : 'below'} ${withUnit(row, level)}${name}`;
}

/** From where it warns; '': it does not before it trips. */
export function earlyText(row: FaultRow): string {
  if (row.early === 0) return '';
  const level = tripLevel(row) + (row.over ? -row.early : row.early);
  return `from ${isCount(row) ? Math.ceil(level) : withUnit(row, level)}`;
}

/** Where a value is good again. */
export function releaseText(row: FaultRow): string {
  const level = tripLevel(row) + (row.over ? -row.release : row.release);
  if (isFlag(row)) return 'no more';
  if (isCount(row)) return level < 1 ? 'none' : `${Math.floor(level)} or fewer`;
  return `${withUnit(row, level)} or ${row.over ? 'less' : 'more'}`;
}

/** How long it must last. */
export function debounceText({ samples, time_ms }: FaultRow): string {
  const values = samples === 1 ? '1 value' : `${samples} values`;
  return time_ms === 0 ? values : `${values}, ${duration(time_ms)}`;
}
