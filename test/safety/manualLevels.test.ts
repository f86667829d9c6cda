import { describe, expect, it } from 'vitest';
import { check, RELEASE_MS } from '../../firmware/protect/engine';
import { Fault, Policy } from '../../firmware/protect/faults';
import { createProtection, Level, Row, type Protection } from '../../firmware/protect/protection';
import { FAULT_TABLE, type FaultRow } from '../../firmware/protect/table';
import { debounceText, earlyText, LIMITS, releaseText, tripText } from '../../sim/safety/manualLevels';

const protection = (policy = Policy.Cycler): Protection => createProtection(LIMITS, policy);

/** The number that the manual prints for a level; a flag is 1, and 0 when it is gone. */
function printed(row: FaultRow, text: string, flag: number): number {
  const found = /(?:: (?:above|below) |^from |^)?(-?[\d.]+) ?(s|ms|%|K\/s|[a-zA-Z/]+)?/.exec(
    text.replace(row.watched, ''),
  );
  if (!found) return flag;
  const number = Number(found[1]);
  if (row.unit === 'ms' && found[2] === 's') return 1000 * number;
  return row.unit === '' && found[2] === '%' ? number / 100 : number;
}

/** Steps beyond a level and inside of it that no rounding of the printed number hides. */
const beside = (level: number): number => Math.max(Math.abs(level) * 1e-3, 1e-3);

/** Whether the row takes this value, shown as often and as long as it needs, for a trip. */
function trips(row: FaultRow, value: number): boolean {
  const p = protection();
  for (let now_ms = 0; now_ms <= 100 * row.samples + row.time_ms; now_ms += 100) check(p, row.fault, value, now_ms);
  return p.state[row.fault] === Row.Tripped;
}

const isCount = (row: FaultRow): boolean => row.unit === '' && /or more$|^[^:]*$/.test(tripText(row));

describe.each(FAULT_TABLE.map((row) => [row.name, row] as const))('what the manual prints of %s', (_, row) => {
  const trip = printed(row, tripText(row), 1);
  const further = row.over ? 1 : -1;

  it('is the level at which the engine trips', () => {
    if (isCount(row)) {
      expect(row.over).toBe(true);
      expect(trips(row, trip)).toBe(true);
      expect(trips(row, trip - 1)).toBe(false);
    } else {
      expect(tripText(row)).toContain(row.over ? ': above ' : ': below ');
      expect(releaseText(row)).toMatch(row.over ? / or less$/ : / or more$/);
      expect(trips(row, trip + further * beside(trip))).toBe(true);
      expect(trips(row, trip - further * beside(trip))).toBe(false);
    }
  });

  it('is the level from which it warns', () => {
    const p = protection();
    const early = earlyText(row);
    if (early === '') {
      expect(p.levels[row.fault * Level.length + Level.early]).toBe(p.levels[row.fault * Level.length + Level.trip]);
      return;
    }
    const level = printed(row, early, NaN);
    const state = (value: number): number => {
      const own = protection();
      check(own, row.fault, value, 0);
      return own.state[row.fault]!;
    };
    expect(state(isCount(row) ? level : level + further * beside(level))).toBe(Row.Early);
    expect(state(isCount(row) ? level - 1 : level - further * beside(level))).toBe(Row.Ok);
  });

  it('is the level at which it is good again', () => {
    const text = releaseText(row);
    const level = text === 'none' || text === 'no more' ? 0 : printed(row, text, NaN);
    const good = (value: number): boolean => {
      const p = protection(Policy.Flight);
      const beyond = trip + further * 2 * beside(trip) + (isCount(row) ? 1 : 0);
      let now_ms = 0;
      for (; p.state[row.fault] !== Row.Tripped; now_ms += 100) check(p, row.fault, beyond, now_ms);
      check(p, row.fault, value, now_ms);
      // What is not good begins the time anew, by whatever way the row is then released.
      return p.since_ms[row.fault] !== now_ms;
    };
    expect(good(level - (isCount(row) ? 0 : further * beside(level)))).toBe(true);
    expect(good(level + (isCount(row) ? 1 : further * beside(level)))).toBe(false);
  });

  it('is how long it must last', () => {
    const [, samples, , amount, unit] = /^(\d+) values?(, ([\d.]+) (ms|s))?$/.exec(debounceText(row))!;
    expect(Number(samples)).toBe(row.samples);
    expect(amount === undefined ? 0 : Number(amount) * (unit === 's' ? 1000 : 1)).toBe(row.time_ms);
  });
});

it('rows that release themselves do so after the time that the manual tells', () => {
  const p = protection();
  for (let now_ms = 0; now_ms <= 300; now_ms += 100) check(p, Fault.UnderTemperature, -60, now_ms);
  expect(p.state[Fault.UnderTemperature]).toBe(Row.Tripped);
  check(p, Fault.UnderTemperature, 25, 300 + RELEASE_MS - 1);
  expect(p.state[Fault.UnderTemperature]).toBe(Row.Tripped);
  check(p, Fault.UnderTemperature, 25, 300 + RELEASE_MS);
  expect(p.state[Fault.UnderTemperature]).toBe(Row.Ok);
});
