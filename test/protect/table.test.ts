import { describe, expect, it } from 'vitest';
import { Action, Fault, Group, LAST_DERATING, Policy, Release } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Level, Of } from '../../firmware/protect/protection';
import { faultLevels, faultRows } from '../../firmware/protect/rows';
import { FAULT_TABLE, type FaultRow } from '../../firmware/protect/table';
import { Alarm } from '../../firmware/watch/alarms';
import { checkTable } from '../../sim/safety/compile';
import { exampleLimits } from './limits';

describe('the fault table', () => {
  it('has one row for each fault, in the order of their numbers, under a name of its own', () => {
    expect(FAULT_TABLE.map(({ fault }) => fault)).toEqual(Array.from({ length: Fault.length - 1 }, (_, k) => k + 1));
    expect(new Set(FAULT_TABLE.map(({ name }) => name)).size).toBe(FAULT_TABLE.length);
  });

  it('is named on the device as in the table; what has no row is shown by its number', () => {
    for (const { fault, name } of FAULT_TABLE) expect(faultName(fault)).toBe(name);
    expect(faultName(Fault.None)).toBe('none');
    expect(faultName(Fault.length)).toBe(`fault ${Fault.length}`);
  });

  it('says of each row what it would lead to, what causes it and how bad it is', () => {
    for (const { effect, causes, watched, severity } of FAULT_TABLE) {
      for (const text of [effect, causes]) expect(text).toMatch(/^[A-Z].*\.$/);
      expect(watched).not.toBe('');
      expect([1, 2, 3, 4]).toContain(severity);
    }
  });

  it('derates in its first rows and in no other', () => {
    for (const { fault, derates } of FAULT_TABLE) expect(derates !== Action.Warn).toBe(fault <= LAST_DERATING);
  });

  it('has the rows of the watchers in the order of their alarms', () => {
    expect([
      Fault.SoftShort + Alarm.SelfHeating - Alarm.SoftShort,
      Fault.SoftShort + Alarm.Drying - Alarm.SoftShort,
      Fault.SoftShort + Alarm.LowTemperaturePlating - Alarm.SoftShort,
    ]).toEqual([Fault.SelfHeating, Fault.PolarizationRunaway, Fault.PlatingTooFast]);
    expect(Alarm.length - Alarm.SoftShort).toBe(4);
  });

  it('on a cycler stops the current for whatever does harm, in flight for what is worse than a fall', () => {
    const opens = FAULT_TABLE.filter(({ flight }) => flight.action === Action.Open).map(({ fault }) => fault);
    expect(opens).toEqual([
      Fault.FrontEnd,
      // Found at a start.
      Fault.WrongPart,
      Fault.SelfTestFailed,
      Fault.ConfigurationInvalid,
      Fault.ConfigurationUnsigned,
    ]);
    for (const { cycler, flight, severity, fault } of FAULT_TABLE) {
      // In flight nothing is done that would not be done on the ground.
      expect(flight.action & ~cycler.action).toBe(0);
      if (severity >= 3) expect(cycler.action, faultName(fault)).not.toBe(Action.Warn);
    }
  });

  it('has a row for everything that is expected of it', () => {
    // By meaning: what may go wrong, and the rows that watch for it.
    const expected: Record<string, Fault[]> = {
      'over-voltage': [Fault.OverVoltage],
      'under-voltage': [Fault.UnderVoltage],
      'deep discharge': [Fault.DeepDischarge],
      imbalance: [Fault.Imbalance],
      'open sense wire': [Fault.OpenSenseWire, Fault.OutOfRange],
      'over-current': [Fault.OverChargeCurrent, Fault.OverDischargeCurrent],
      'lasting over-current': [Fault.LastingChargeCurrent, Fault.LastingDischargeCurrent],
      'short circuit': [Fault.FrontEnd],
      'current with the switch open': [Fault.CurrentWhenOpen],
      'current that does not follow': [Fault.CurrentNotFollowing],
      'temperature for charge': [Fault.ChargeOverTemperature, Fault.ChargeUnderTemperature],
      'temperature for discharge': [Fault.OverTemperature, Fault.UnderTemperature],
      'temperature gradient': [Fault.TemperatureSlope],
      thermistor: [Fault.ThermistorOpen, Fault.ThermistorShort, Fault.ThermistorStuck],
      'board temperature': [Fault.BoardTemperature],
      'self-heating': [Fault.SelfHeating],
      'soft internal short': [Fault.SoftShort],
      'plating too fast': [Fault.PlatingTooFast],
      'polarization runaway': [Fault.PolarizationRunaway],
      'end of life': [Fault.EndOfLife],
      'stale data': [Fault.StaleData, Fault.StaleSlowData],
      'stuck data': [Fault.StuckData],
      'out of range': [Fault.OutOfRange, Fault.InvalidData],
      'impossible slope': [Fault.ImpossibleSlope],
      'sensors that disagree': [Fault.VoltagesDisagree, Fault.TemperaturesDisagree],
      'coulomb counter against its integral': [Fault.ChargeCountDisagrees],
      'clock jump': [Fault.ClockJump],
      'no acknowledge': [Fault.NoAcknowledge],
      'wrong CRC': [Fault.WrongChecksum],
      'stuck line': [Fault.BusStuck],
      'time-out': [Fault.BusSlow],
      'wrong part': [Fault.WrongPart],
      'part that reset itself': [Fault.PartReset],
      'DAC read-back': [Fault.ActuatorMismatch],
      'switch welded': [Fault.CurrentWhenOpen],
      'switch that does not close': [Fault.SwitchNotClosing],
      'set-point out of range': [Fault.SetPointOutOfRange],
      'tick overrun': [Fault.TickOverrun],
      'memory low': [Fault.MemoryLow],
      'reset storm': [Fault.ResetStorm],
      'brown-out': [Fault.BrownOut],
      'store corrupt': [Fault.StoreCorrupt],
      'configuration invalid': [Fault.ConfigurationInvalid],
      'configuration unsigned': [Fault.ConfigurationUnsigned],
      'flash worn': [Fault.FlashWorn],
      'self-test failed': [Fault.SelfTestFailed],
    };
    const covered = new Set(Object.values(expected).flat());
    for (const { fault, name } of FAULT_TABLE) expect(covered, `"${name}" is expected by nobody`).toContain(fault);
    for (const fault of covered) expect(FAULT_TABLE[fault - 1]?.fault).toBe(fault);
  });

  it('promises no more than its debounce allows, and what the safety manual must hold', () => {
    const promised = (fault: Fault): number => FAULT_TABLE[fault - 1]!.promised_ms;
    for (const fault of [Fault.OverChargeCurrent, Fault.OverDischargeCurrent, Fault.OverVoltage, Fault.UnderVoltage])
      expect(promised(fault)).toBeLessThanOrEqual(300);
    for (const fault of [Fault.OverTemperature, Fault.ChargeOverTemperature])
      expect(promised(fault)).toBeLessThanOrEqual(2000);
    expect(promised(Fault.StaleData)).toBeLessThanOrEqual(300);
    expect(promised(Fault.ActuatorMismatch)).toBeLessThanOrEqual(500);
  });
});

describe('a table that contradicts itself is refused', () => {
  const swapped = [...FAULT_TABLE];
  [swapped[3], swapped[4]] = [swapped[4]!, swapped[3]!];
  const at = Fault.OverVoltage - 1;
  const changed = (change: Partial<FaultRow>): FaultRow[] =>
    FAULT_TABLE.map((row, index) => (index === at ? { ...row, ...change } : row));

  it('but not the one we have', () => {
    expect(() => checkTable(FAULT_TABLE)).not.toThrow();
    expect(() => checkTable(changed({}))).not.toThrow();
  });

  it.each<[what: string, table: readonly FaultRow[], why: RegExp]>([
    ['rows out of order', swapped, /"over-temperature for charge": stands at place 4, but is number 5/],
    ['a row too few', FAULT_TABLE.slice(0, -1), /53 rows of 54/],
    ['a row too many', [...FAULT_TABLE, { ...FAULT_TABLE[0]!, fault: Fault.length }], /55 rows of 54/],
    ['an early level beyond the trip level', changed({ early: -1 }), /"over-voltage": a distance .* is negative/],
    ['a release level beyond the trip level', changed({ release: -1 }), /a distance .* is negative/],
    ['no sample', changed({ samples: 0 }), /debounce is out of range/],
    ['more samples than are counted', changed({ samples: 101 }), /debounce is out of range/],
    ['a negative time', changed({ time_ms: -100 }), /debounce is out of range/],
    ['a time that does not fit', changed({ time_ms: 10100, promised_ms: 20000 }), /debounce is out of range/],
    ['a time between two steps', changed({ time_ms: 150 }), /debounce is out of range/],
    ['derating without a level to begin at', changed({ early: 0 }), /derates, but has no early level/],
    ['a promise faster than the debounce', changed({ time_ms: 400 }), /promises to be faster than its debounce/],
    ['a release at the trip level', changed({ release: 0 }), /is released at the level it trips at/],
    ['a release where it derates', changed({ release: 19 }), /is released where it still derates/],
    [
      'a restart under current',
      changed({ cycler: { action: Action.StopCharge, release: Release.Restart } }),
      /starts anew while current flows/,
    ],
    [
      'a restart under current in flight',
      changed({ flight: { action: Action.StopDischarge, release: Release.Restart } }),
      /starts anew while current flows/,
    ],
  ])('%s', (_, table, why) => {
    expect(() => checkTable(table)).toThrow(why);
  });

  it.each<[what: string, change: Partial<FaultRow>]>([
    ['the most samples', { samples: 100 }],
    ['the longest time', { time_ms: 10000, promised_ms: 10000 }],
    ['one sample, at once', { samples: 1, time_ms: 0 }],
    ['a promise of just the debounce', { time_ms: 300 }],
    ['a release where it begins to derate', { release: 20 }],
    ['a restart with a warning', { cycler: { action: Action.Warn, release: Release.Restart } }],
  ])('but not %s', (_, change) => {
    expect(() => checkTable(changed(change))).not.toThrow();
  });
});

describe('what is made of the table', () => {
  const limits = exampleLimits();

  it('has a place for each fault', () => {
    for (const policy of [Policy.Cycler, Policy.Flight])
      expect(faultRows(policy)).toHaveLength(Fault.length * Of.length);
    expect(faultLevels(limits)).toHaveLength(Fault.length * Level.length);
  });

  it('fits the bytes it is kept in', () => {
    for (const policy of [Policy.Cycler, Policy.Flight])
      for (const number of faultRows(policy)) expect(new Int8Array([number])[0]).toBe(number);
    for (const { group } of FAULT_TABLE) expect(group).toBeLessThan(Group.length);
  });

  it('orders the levels of each row: release, early, trip from the good side to the bad', () => {
    const levels = faultLevels(limits);
    for (const { fault, early, release } of FAULT_TABLE) {
      const [trip, from, back] = levels.slice(fault * Level.length) as [number, number, number];
      expect(trip - from).toBeCloseTo(early, 9);
      expect(trip - back).toBeCloseTo(release, 9);
    }
  });
});
