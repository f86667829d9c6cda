import { describe, expect, it } from 'vitest';
import { check } from '../../firmware/protect/engine';
import { Fault, Policy } from '../../firmware/protect/faults';
import { superviseWatch } from '../../firmware/protect/protect';
import { createProtection, Row } from '../../firmware/protect/protection';
import { Alarm, clear, createAlarms, Level as AlarmLevel, raise, Reason } from '../../firmware/watch/alarms';
import { exampleLimits } from './limits';
import { busyRows, trap } from './superviseBench';

const limits = exampleLimits();

describe('the watchers of the lithium', () => {
  const ROWS = [
    [Alarm.SoftShort, Fault.SoftShort, Row.Early],
    [Alarm.SelfHeating, Fault.SelfHeating, Row.Early],
    [Alarm.Drying, Fault.PolarizationRunaway, Row.Early],
    [Alarm.LowTemperaturePlating, Fault.PlatingTooFast, Row.Tripped],
  ] as const;

  it.each(ROWS)('alarm %s is row %s', (alarm, fault, warned) => {
    const p = createProtection(limits, Policy.Cycler);
    const alarms = createAlarms();
    superviseWatch(p, alarms, 0);
    raise(alarms, alarm, AlarmLevel.Warn, Reason.HeatSudden, 1, 0);
    superviseWatch(p, alarms, 1000);
    expect(p.state[fault]).toBe(warned);
    expect(busyRows(p)).toBe(1);
    clear(alarms, alarm);
    for (let now_ms = 2000; now_ms <= 6000; now_ms += 1000) superviseWatch(p, alarms, now_ms);
    expect(busyRows(p)).toBe(0);
    raise(alarms, alarm, AlarmLevel.Alarm, Reason.HeatSudden, 1, 0);
    superviseWatch(p, alarms, 7000);
    expect(p.state[fault]).toBe(Row.Tripped);
    expect(busyRows(p)).toBe(1);
  });

  it('say nothing while nothing is wrong', () => {
    const p = createProtection(limits, Policy.Cycler);
    trap(p);
    superviseWatch(p, createAlarms(), 0);
    expect(busyRows(p)).toBe(0);
    // Of other rows they say nothing at all.
    for (let fault = 1; fault < Fault.length; fault++) check(p, fault, 0, 0);
    const others = [Fault.BoardTemperature, Fault.EndOfLife];
    p.levels.fill(Infinity);
    superviseWatch(p, createAlarms(), 100);
    for (const fault of others) expect(p.state[fault]).not.toBe(Row.Ok);
  });
});
