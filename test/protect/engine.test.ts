import { describe, expect, it } from 'vitest';
import { check, releaseFault, releaseOf, settle, trip } from '../../firmware/protect/engine';
import { Action, Fault, Group, Policy, Release } from '../../firmware/protect/faults';
import { createProtection, Level, Row, setLevel, X, type Protection } from '../../firmware/protect/protection';
import { FAULT_TABLE, type FaultRow } from '../../firmware/protect/table';
import { exampleLimits } from './limits';
import type { RowOf } from './model';

const limits = exampleLimits();
/** How long a value must be good. */
const RELEASE_MS = 5000;
const POLICIES = [
  ['cycler', Policy.Cycler],
  ['flight', Policy.Flight],
] as const;

/** A row of the table for a policy, its levels as 32 bits hold them. */
function rowOf(row: FaultRow, policy: Policy): RowOf {
  const { action, release } = policy === Policy.Flight ? row.flight : row.cycler;
  const trip = typeof row.trip === 'number' ? row.trip : limits[row.trip];
  const back = row.over ? -1 : 1;
  return {
    over: row.over,
    trip: Math.fround(trip),
    early: Math.fround(trip + back * row.early),
    release: Math.fround(trip + back * row.release),
    samples: row.samples,
    time_ms: row.time_ms,
    action,
    comesBack: release,
    derates: row.derates,
  };
}

/** The nearest values of 32 bits beyond and within a level. */
function around(level: number, over: boolean): { beyond: number; within: number } {
  const step = Math.max(1e-6, Math.abs(level) * 2 ** -22);
  const outwards = over ? step : -step;
  return { beyond: level + outwards, within: level - outwards };
}

describe.each(POLICIES)('every row of the table, on a %s', (_, policy) => {
  const rows = FAULT_TABLE.map((row) => ({
    ...rowOf(row, policy),
    fault: row.fault,
    name: row.name,
    group: row.group,
  }));

  it.each(rows)('$name: a value just within never trips', (row) => {
    const p = createProtection(limits, policy);
    const { within } = around(row.trip, row.over);
    for (let now_ms = 0; now_ms < 20000; now_ms += 100) check(p, row.fault, within, now_ms);
    check(p, row.fault, row.trip, 20000);
    expect(p.state[row.fault]).toBe(row.early === row.trip ? Row.Ok : Row.Early);
    expect(p.changes).toBe(row.early === row.trip ? 0 : 1);
    expect(p.fault).toBe(Fault.None);
  });

  it.each(rows)('$name: takes away what its action says until it is released', (row) => {
    const p = createProtection(limits, policy);
    expect(p.blocked).toBe(Action.Warn);
    trip(p, row.fault, 0);
    settle(p);
    expect(p.blocked).toBe(row.action);
    // Whoever tells of it finds it.
    expect(Array.from(p.news)).toEqual(Array.from(p.state, (state) => (state === Row.Ok ? 0 : 1)));
    expect(p.news).toHaveLength(Fault.length);
    releaseFault(p, row.fault);
    expect(p.blocked).toBe(Action.Warn);
  });

  const tripping = (row: (typeof rows)[number], value: number, period_ms: number): void => {
    const p = createProtection(limits, policy);
    const last = Math.max(row.samples - 1, Math.ceil(row.time_ms / period_ms));
    for (let k = 0; k <= last; k++) {
      expect(p.state[row.fault]).toBe(k === 0 ? Row.Ok : Row.Suspect);
      check(p, row.fault, value, 7000 + k * period_ms);
      expect(p.busy[row.group]).toBe(1);
    }
    expect(p.state[row.fault]).toBe(Row.Tripped);
    expect(p.changed).toBe(true);
    settle(p);
    expect(p.open).toBe(row.action === Action.Open);
    expect(p.fault).toBe(row.action === Action.Warn ? Fault.None : row.fault);
    // A row that derates has taken away all that it may by the time it trips.
    const taken = row.action | row.derates;
    expect(p.charge).toBe(taken & Action.StopCharge ? 0 : 1);
    expect(p.whyCharge).toBe(taken & Action.StopCharge ? row.fault : Fault.None);
    expect(p.discharge).toBe(taken & Action.StopDischarge ? 0 : 1);
    expect(p.whyDischarge).toBe(taken & Action.StopDischarge ? row.fault : Fault.None);
  };

  it.each(rows)('$name: a value just beyond trips after its debounce, no sooner and no later', (row) => {
    const { beyond } = around(row.trip, row.over);
    // By its time, with more samples than it needs; by its samples, with more time.
    tripping(row, beyond, 10);
    tripping(row, beyond, 100);
    tripping(row, beyond, 20000);
  });

  it.each(rows)('$name: so does what is not a number', (row) => {
    tripping(row, NaN, 100);
  });

  it.each(rows)('$name: a single good value among bad ones begins anew', (row) => {
    const p = createProtection(limits, policy);
    const { beyond, within } = around(row.trip, row.over);
    const needed = Math.max(row.samples, row.time_ms / 100 + 1);
    if (needed === 1) return expect(row.time_ms).toBe(0);
    let now_ms = 0;
    for (let k = 1; k < needed; k++) check(p, row.fault, beyond, (now_ms += 100));
    check(p, row.fault, within, (now_ms += 100));
    for (let k = 1; k < needed; k++) check(p, row.fault, beyond, (now_ms += 100));
    expect(p.state[row.fault]).toBe(Row.Suspect);
    check(p, row.fault, beyond, now_ms + 100);
    expect(p.state[row.fault]).toBe(Row.Tripped);
  });

  it.each(rows)('$name: its early level, there and back', (row) => {
    const p = createProtection(limits, policy);
    const early = around(row.early, row.over);
    check(p, row.fault, early.within, 0);
    expect(p.state[row.fault]).toBe(Row.Ok);
    if (row.early === row.trip) return;
    check(p, row.fault, early.beyond, 100);
    expect(p.state[row.fault]).toBe(Row.Early);
    const back = around(row.early - 0.25 * (row.trip - row.early), row.over);
    check(p, row.fault, back.beyond, 200);
    expect(p.state[row.fault]).toBe(Row.Early);
    check(p, row.fault, back.within, 300);
    expect(p.state[row.fault]).toBe(Row.Ok);
    expect(p.busy[row.group]).toBe(0);
  });

  it.each(rows)('$name: comes back as it should, and not before', (row) => {
    const p = createProtection(limits, policy);
    const release = around(row.release, row.over);
    trip(p, row.fault, 1000);
    let now_ms = 1000;
    // Beyond its release level it does not come back, however long.
    if (row.release !== row.trip) {
      for (; now_ms < 11000; now_ms += 100) check(p, row.fault, release.beyond, now_ms);
      expect(p.state[row.fault]).toBe(Row.Tripped);
      now_ms -= 100;
    }
    const good_ms = now_ms;
    for (now_ms += 100; now_ms < good_ms + RELEASE_MS; now_ms += 100) {
      check(p, row.fault, row.release, now_ms);
      expect(p.state[row.fault]).toBe(Row.Tripped);
    }
    const comesBack = row.comesBack === Release.Auto;
    expect(releaseOf(p, row.fault)).toBe(row.comesBack);
    check(p, row.fault, row.release, good_ms + RELEASE_MS - 1);
    expect(p.state[row.fault]).toBe(Row.Tripped);
    check(p, row.fault, row.release, now_ms);
    if (!comesBack) for (; now_ms < good_ms + 1000000; now_ms += 100000) check(p, row.fault, release.within, now_ms);
    expect(p.state[row.fault]).toBe(comesBack ? Row.Ok : Row.Tripped);
    expect(p.busy[row.group]).toBe(comesBack ? 0 : 1);
    settle(p);
    expect(p.fault).toBe(comesBack || row.action === Action.Warn ? Fault.None : row.fault);
  });
});

describe('derating', () => {
  const derating = FAULT_TABLE.filter(({ derates }) => derates !== Action.Warn);

  /** Shows a value so often that nothing moves any more. */
  function settled(p: Protection, fault: Fault, value: number): void {
    for (let k = 0; k < 80; k++) check(p, fault, value, 100);
    settle(p);
  }

  it.each(derating)('$name: continuous, falling, all at its early level and nothing at its trip level', (row) => {
    const { early, trip, derates } = rowOf(row, Policy.Flight);
    const p = createProtection(limits, Policy.Flight);
    const STEPS = 50;
    let last = 1;
    for (let k = -STEPS; k <= STEPS; k++) {
      settled(p, row.fault, k === STEPS ? trip : early + ((trip - early) * k) / STEPS);
      const rooms = [derates & Action.StopCharge ? p.charge : 1, derates & Action.StopDischarge ? p.discharge : 1];
      for (const room of rooms) if (room !== 1) expect(room).toBeCloseTo(1 - k / STEPS, 3);
      const room = Math.min(...rooms);
      expect(room).toBeLessThanOrEqual(last);
      expect(last - room).toBeLessThan(1.05 / STEPS);
      if (k <= 0) expect(room).toBe(1);
      last = room;
    }
    expect(last).toBeCloseTo(0, 5);
    expect(p.charge < 0.5).toBe((derates & Action.StopCharge) !== 0);
    expect(p.discharge < 0.5).toBe((derates & Action.StopDischarge) !== 0);
  });

  it.each(derating)('$name: moves by a fifth of the way at each value, and not at all while it suspects', (row) => {
    const { early, trip, over } = rowOf(row, Policy.Flight);
    const p = createProtection(limits, Policy.Flight);
    const room = (): number => {
      settle(p);
      return Math.min(p.charge, p.discharge);
    };
    for (const left of [0.9, 0.82, 0.756]) {
      check(p, row.fault, (early + trip) / 2, 100);
      expect(room()).toBeCloseTo(left, 4);
    }
    check(p, row.fault, around(trip, over).beyond, 200);
    expect(p.state[row.fault]).toBe(Row.Suspect);
    expect(room()).toBeCloseTo(0.756, 4);
    check(p, row.fault, (early + trip) / 2, 300);
    expect(room()).toBeCloseTo(0.756 - 0.256 / 5, 4);
    // One that is suspected at once has taken nothing yet.
    const q = createProtection(limits, Policy.Flight);
    check(q, row.fault, around(trip, over).beyond, 100);
    settle(q);
    expect([q.charge, q.discharge]).toEqual([1, 1]);
  });

  it('the row that leaves least is the reason; of two that leave the same, the first', () => {
    const p = createProtection(limits, Policy.Cycler);
    settled(p, Fault.OverTemperature, limits.overTemperature_C - 1);
    settled(p, Fault.OverVoltage, limits.overVoltage_mV - 10);
    expect([p.charge, p.discharge].map((room) => room.toFixed(6))).toEqual(['0.200000', '0.200000']);
    expect([p.whyCharge, p.whyDischarge]).toEqual([Fault.OverTemperature, Fault.OverTemperature]);
    settled(p, Fault.OverVoltage, limits.overVoltage_mV - 1);
    expect(p.charge).toBeCloseTo(0.05, 3);
    expect(p.discharge).toBeCloseTo(0.2, 6);
    expect([p.whyCharge, p.whyDischarge]).toEqual([Fault.OverVoltage, Fault.OverTemperature]);
    trip(p, Fault.OverDischargeCurrent, 0);
    trip(p, Fault.OverTemperature, 0);
    settle(p);
    expect([p.charge, p.discharge]).toEqual([0, 0]);
    expect([p.whyCharge, p.whyDischarge]).toEqual([Fault.OverTemperature, Fault.OverTemperature]);
  });
});

describe('trips', () => {
  it('more samples than are counted do not begin anew', () => {
    const p = createProtection(limits, Policy.Cycler);
    for (let k = 0; k < 255; k++) check(p, Fault.Imbalance, NaN, 0);
    expect(p.state[Fault.Imbalance]).toBe(Row.Suspect);
    check(p, Fault.Imbalance, NaN, 5000);
    expect(p.state[Fault.Imbalance]).toBe(Row.Tripped);
  });

  it('and all other changes of state are counted modulo 65536', () => {
    const p = createProtection(limits, Policy.Cycler);
    p.changes = 65533;
    trip(p, Fault.FrontEnd, 0); // suspected, and tripped
    expect(p.changes).toBe(65535);
    check(p, Fault.OverVoltage, limits.overVoltage_mV - 10, 0);
    expect(p.changes).toBe(0);
    releaseFault(p, Fault.FrontEnd);
    expect(p.changes).toBe(1);
    trip(p, Fault.OverVoltage, 100);
    expect(p.changes).toBe(3);
    trip(p, Fault.OverVoltage, 100);
    expect(p.changes).toBe(3);
  });

  it('are released by command whatever the row says of itself; what is not tripped is left as it is', () => {
    const p = createProtection(limits, Policy.Cycler);
    trip(p, Fault.OverTemperature, 100);
    settle(p);
    expect(p.open).toBe(true);
    releaseFault(p, Fault.OverTemperature);
    expect(p.state[Fault.OverTemperature]).toBe(Row.Ok);
    expect([p.open, p.charge, p.discharge, p.fault]).toEqual([false, 1, 1, Fault.None]);
    check(p, Fault.OverTemperature, limits.overTemperature_C - 2.5, 200);
    settle(p);
    releaseFault(p, Fault.OverTemperature);
    expect(p.state[Fault.OverTemperature]).toBe(Row.Early);
    expect(p.charge).toBeCloseTo(0.9, 3);
    // A cause that lasts trips it again, after its debounce.
    for (const now_ms of [300, 600]) check(p, Fault.OverTemperature, limits.overTemperature_C + 1, now_ms);
    expect(p.state[Fault.OverTemperature]).toBe(Row.Tripped);
  });

  it('the first fault that takes something away is kept, with its time, until it is released', () => {
    const p = createProtection(limits, Policy.Cycler);
    trip(p, Fault.BrownOut, 100); // warns
    settle(p);
    expect(p.fault).toBe(Fault.None);
    trip(p, Fault.StaleData, 200);
    trip(p, Fault.FrontEnd, 300);
    trip(p, Fault.OverVoltage, 300);
    settle(p);
    expect([p.fault, p.faultAt_ms]).toEqual([Fault.StaleData, 200]);
    for (let now_ms = 300; now_ms <= 5300; now_ms += 100) check(p, Fault.StaleData, 0, now_ms);
    settle(p);
    // Then it is the first row of the table of those that are left.
    expect(p.fault).toBe(Fault.OverVoltage);
    releaseFault(p, Fault.OverVoltage);
    expect(p.fault).toBe(Fault.FrontEnd);
    releaseFault(p, Fault.FrontEnd);
    expect(p.fault).toBe(Fault.None);
    expect(p.open).toBe(false);
  });

  it('trip a row that is suspected already, whatever its debounce', () => {
    const p = createProtection(limits, Policy.Cycler);
    check(p, Fault.Imbalance, 1000, 0);
    trip(p, Fault.Imbalance, 100);
    expect(p.state[Fault.Imbalance]).toBe(Row.Tripped);
    expect(p.busy[Group.Slow]).toBe(1);
  });

  it('a change of state asks for settling, and so does a derating row that moves; nothing else', () => {
    const p = createProtection(limits, Policy.Cycler);
    check(p, Fault.OverVoltage, 4000, 0);
    expect(p.changed).toBe(false);
    check(p, Fault.OverVoltage, limits.overVoltage_mV - 10, 0);
    expect(p.changed).toBe(true);
    settle(p);
    check(p, Fault.OverVoltage, limits.overVoltage_mV - 5, 0);
    expect(p.changed).toBe(true);
    check(p, Fault.DeepDischarge, 0, 0);
    check(p, Fault.BoardTemperature, limits.boardTemperature_C - 5, 0);
    settle(p);
    check(p, Fault.DeepDischarge, 0, 0);
    check(p, Fault.BoardTemperature, limits.boardTemperature_C - 4, 0);
    expect(p.changed).toBe(false);
    expect(p.state[Fault.DeepDischarge]).toBe(Row.Suspect);
    expect(p.state[Fault.BoardTemperature]).toBe(Row.Early);
  });

  it('there are none at first, and what may flow for ever may be asked for', () => {
    const { changed, open, charge, discharge, whyCharge, whyDischarge, fault, faultAt_ms, changes, x, state } =
      createProtection(limits, Policy.Cycler);
    expect([changed, open, charge, discharge]).toEqual([false, false, 1, 1]);
    expect([whyCharge, whyDischarge, fault, faultAt_ms, changes]).toEqual([0, 0, 0, 0, 0]);
    expect([x[X.mostCharge_mA], x[X.mostDischarge_mA]]).toEqual([limits.lastingCharge_mA, limits.lastingDischarge_mA]);
    expect(Math.max(...state)).toBe(Row.Ok);
  });
});

describe('levels that are moved', () => {
  it.each(FAULT_TABLE.filter(({ trip }) => typeof trip !== 'number'))('$name: all three go together', (row) => {
    const p = createProtection(limits, Policy.Cycler);
    const before = rowOf(row, Policy.Cycler);
    const to = before.trip + (row.over ? -7 : 7);
    setLevel(p, row.fault, to);
    const sign = row.over ? 1 : -1;
    const levels = Array.from(
      p.levels.slice(row.fault * Level.length, (row.fault + 1) * Level.length),
      (x) => sign * x,
    );
    const moved = to - before.trip;
    [before.trip + moved, before.early + moved, before.release + moved].forEach((level, k) =>
      expect(levels[k]).toBeCloseTo(level, 3),
    );
    // Its neighbours stay.
    const fresh = createProtection(limits, Policy.Cycler);
    for (const at of [row.fault * Level.length - 1, (row.fault + 1) * Level.length])
      expect(p.levels[at]).toBe(fresh.levels[at]);
    check(p, row.fault, around(to, row.over).beyond, 0);
    expect(p.state[row.fault]).not.toBe(Row.Ok);
  });
});
