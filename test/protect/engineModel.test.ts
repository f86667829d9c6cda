import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check, releaseFault, settle, trip } from '../../firmware/protect/engine';
import { Action, Fault, Group, LAST_DERATING, Policy, Release } from '../../firmware/protect/faults';
import { createProtection, Level, Of, Row, type Protection } from '../../firmware/protect/protection';
import { exampleLimits } from './limits';
import { leftBy, ModelRow, type RowOf } from './model';

const limits = exampleLimits();
const STATES = { ok: Row.Ok, early: Row.Early, suspect: Row.Suspect, tripped: Row.Tripped };

/** Writes a row over one of the table's. */
function put(p: Protection, fault: Fault, row: RowOf, group: Group): void {
  const sign = row.over ? 1 : -1;
  p.rows.set(
    [group, sign, row.samples, row.time_ms / 100, row.action | (row.comesBack << 2) | (row.derates << 4)],
    fault * Of.length,
  );
  p.levels.set([sign * row.trip, sign * row.early, sign * row.release], fault * Level.length);
}

function busyCounts(p: Protection): number[] {
  const counts = new Array<number>(Group.length).fill(0);
  for (let fault = 1; fault < Fault.length; fault++)
    if (p.state[fault] !== Row.Ok) counts[p.rows[fault * Of.length + Of.group]!]!++;
  return counts;
}

const action = fc.constantFrom(Action.Warn, Action.StopCharge, Action.StopDischarge, Action.Open);
// Quarters, so that values meet levels exactly.
const quarters = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 4 * min, max: 4 * max }).map((n) => n / 4);
const rowArbitrary = fc
  .record({
    over: fc.boolean(),
    trip: quarters(-10, 10),
    earlyBy: fc.oneof(fc.constant(0), quarters(0, 5)),
    releaseBy: fc.oneof(fc.constant(0), quarters(0, 5)),
    samples: fc.integer({ min: 1, max: 4 }),
    time_ms: fc.integer({ min: 0, max: 8 }).map((n) => 100 * n),
    action,
    comesBack: fc.constantFrom(Release.Auto, Release.Auto, Release.Service, Release.Restart),
    derates: action,
  })
  .map(({ earlyBy, releaseBy, ...row }): RowOf => {
    const back = row.over ? -1 : 1;
    const derates = earlyBy === 0 ? Action.Warn : row.derates;
    return { ...row, derates, early: row.trip + back * earlyBy, release: row.trip + back * releaseBy };
  });
/** In units of the row: a level, and how far from it. */
const value = fc.oneof(
  { weight: 10, arbitrary: fc.record({ level: fc.nat({ max: 2 }), off: quarters(-2, 2) }) },
  { weight: 2, arbitrary: fc.record({ level: fc.constant(0), off: fc.constantFrom(-40, 40) }) },
  { weight: 1, arbitrary: fc.record({ level: fc.constant(0), off: fc.constantFrom(NaN, Infinity, -Infinity) }) },
);
const passed_ms = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(0, 50, 100, 100, 100, 200, 400) },
  { weight: 2, arbitrary: fc.constantFrom(1000, 4900, 5000, 5100) },
  { weight: 1, arbitrary: fc.constantFrom(-300, -60000, 3.6e6) },
);
const step = fc.record({
  row: fc.nat({ max: 4 }),
  value,
  passed_ms,
  /** Not every row is shown something at every time; seldom is one tripped or released from outside. */
  how: fc.nat({ max: 40 }),
  settles: fc.boolean(),
});
const SOME = [Fault.OverVoltage, Fault.UnderTemperature, LAST_DERATING, Fault.DeepDischarge, Fault.BrownOut];

it('the engine does what a plain model of it does, in states, releases, counts, shares and reasons, for any rows, values and times', () => {
  fc.assert(
    fc.property(
      fc.tuple(rowArbitrary, rowArbitrary, rowArbitrary, rowArbitrary, rowArbitrary),
      fc.array(fc.nat({ max: Group.length - 1 }), { minLength: 5, maxLength: 5 }),
      fc.array(step, { minLength: 1, maxLength: 120 }),
      (rows, groups, steps) => {
        const p = createProtection(limits, Policy.Cycler);
        const models = rows.map((row, k) => {
          const fault = SOME[k]!;
          const derating = fault <= LAST_DERATING;
          const own = derating && row.early !== row.trip ? row : { ...row, derates: Action.Warn };
          put(p, fault, own, groups[k]!);
          return new ModelRow(own);
        });
        let now_ms = 1000;
        let first: { index: number; at_ms: number } | undefined;
        let changes = 0;
        for (const { row: index, value, passed_ms, how, settles } of steps) {
          now_ms += passed_ms;
          const model = models[index]!;
          const fault = SOME[index]!;
          let tripsNow = false;
          const before = model.state;
          let settled = settles;
          if (how === 0) {
            trip(p, fault, now_ms);
            tripsNow = model.trip(now_ms);
          } else if (how === 1) {
            settled ||= before === 'tripped';
            releaseFault(p, fault);
            if (before === 'tripped') model.release();
          } else {
            const { trip, early, release } = model.row;
            const shown = [trip, early, release][value.level]! + (model.row.over ? value.off : -value.off);
            check(p, fault, shown, now_ms);
            tripsNow = model.show(shown, now_ms);
          }
          // A value that trips at once has been suspected first.
          if (model.state !== before) changes += tripsNow && before !== 'suspect' ? 2 : 1;
          if (tripsNow && model.row.action !== Action.Warn && first === undefined) first = { index, at_ms: now_ms };
          expect(SOME.map((fault) => p.state[fault])).toEqual(models.map(({ state }) => STATES[state]));
          expect(Array.from(p.busy)).toEqual(busyCounts(p));
          expect(p.changes).toBe(changes);
          if (first !== undefined && models[first.index]!.state === 'tripped') {
            expect(p.fault).toBe(SOME[first.index]);
            expect(p.faultAt_ms).toBe(first.at_ms);
          }
          if (settles) settle(p);
          if (!settled) continue;
          const left = leftBy(models);
          expect(p.changed).toBe(false);
          expect(p.open).toBe(left.open);
          expect(p.charge).toBeCloseTo(left.charge, 6);
          expect(p.discharge).toBeCloseTo(left.discharge, 6);
          const named = (why: number[]): Fault[] => why.map((index) => SOME[index] ?? Fault.None);
          expect(named(left.whyCharge)).toContain(p.whyCharge);
          expect(named(left.whyDischarge)).toContain(p.whyDischarge);
          // The first fault is kept for as long as it lasts; then it is the first row that still takes something away.
          if (first === undefined || models[first.index]!.state === 'tripped') continue;
          const lead = models.findIndex(({ state, row }) => state === 'tripped' && row.action !== Action.Warn);
          expect(p.fault).toBe(SOME[lead] ?? Fault.None);
          first = lead < 0 ? undefined : { index: lead, at_ms: p.faultAt_ms };
        }
      },
    ),
    { numRuns: 1500 },
  );
});
