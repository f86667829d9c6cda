import { describe, expect, it } from 'vitest';
import type { Actuator } from '../../firmware/actuate/actuate';
import type { ChargeCounter } from '../../firmware/count/charge';
import { Fault, Group, Policy } from '../../firmware/protect/faults';
import { supervise, superviseTemperature } from '../../firmware/protect/protect';
import { createProtection, Row } from '../../firmware/protect/protection';
import { Slow, type Sense } from '../../firmware/sense/sense';
import { type Inputs, quietInputs } from './inputs';
import { exampleLimits } from './limits';
import { bench, busyRows, slow, SLOW_MS, TICK_MS } from './superviseBench';

const limits = exampleLimits();

describe('the read-back of switches and set-point', () => {
  it('that does not match trips by its second time', () => {
    const { p, tick } = bench();
    const mismatch = ({ actuator }: Inputs): void => void (actuator.mismatch = true);
    tick(mismatch);
    // Between two read-backs nothing is known anew.
    for (let k = 0; k < 5; k++)
      tick((inputs) => {
        mismatch(inputs);
        inputs.actuator.checkedAt_ms -= TICK_MS;
      });
    expect(p.state[Fault.ActuatorMismatch]).toBe(Row.Suspect);
    tick(mismatch);
    expect(p.state[Fault.ActuatorMismatch]).toBe(Row.Tripped);
  });

  it('that matches again clears a suspicion', () => {
    const { p, tick } = bench();
    tick(({ actuator }) => (actuator.mismatch = true));
    tick();
    expect(busyRows(p)).toBe(0);
  });

  it('that has been missing is a slow reading that is stale', () => {
    const { p, tick } = bench();
    const unread =
      (age_ms: number): ((inputs: Inputs) => void) =>
      ({ actuator }) =>
        (actuator.checkedAt_ms -= age_ms);
    tick(unread(limits.maxSlowAge_ms - 1));
    expect(busyRows(p)).toBe(0);
    tick(unread(limits.maxSlowAge_ms + 1));
    expect(p.state[Fault.StaleSlowData]).toBe(Row.Tripped);
  });

  it.each<[what: string, set_mA: number, current_mA: number, since_ms: number, row: Row]>([
    ['no current', 100, 0, 200, Row.Tripped],
    ['no charge', -100, 0, 200, Row.Tripped],
    ['a tenth of it, and a little more', 100, 10.05, 200, Row.Ok],
    ['a tenth of it, and a little less', 100, 9.95, 200, Row.Tripped],
    ['none of a charge at the limit', -50, 0, 200, Row.Tripped],
    ['a tenth of the charge, and a little more', -100, -10.1, 200, Row.Ok],
    ['a current against its set-point', 100, -100, 200, Row.Tripped],
    ['all of it', -50, -50, 200, Row.Ok],
    ['none of a current at the limit', 50, 0, 200, Row.Tripped],
    ['none of a small current', 49, 0, 200, Row.Ok],
    ['none of a small charge', -49, 0, 200, Row.Ok],
    ['no current yet', 100, 0, 150, Row.Ok],
    ['no current any more', 100, 0, 151, Row.Tripped],
    ['none asked for', 0, 0, 200, Row.Ok],
  ])('a switch that does not close: %s', (_, set_mA, current_mA, since_ms, row) => {
    const { p, tick } = bench();
    for (let k = 0; k < 2; k++)
      tick(({ sense, actuator }) => {
        Object.assign(actuator, { set_mA, since_ms: sense.at_ms - since_ms });
        sense.current_mA = current_mA;
      });
    expect(p.state[Fault.SwitchNotClosing]).toBe(row);
  });
});

describe('slow readings', () => {
  it('each has its row', () => {
    const cases: [Fault, Slow, (inputs: Inputs) => void][] = [
      [Fault.VoltagesDisagree, Slow.CoarseVoltage, ({ sense }) => (sense.voltageGap_mV = 251)],
      [Fault.TemperaturesDisagree, Slow.CoarseTemperature, ({ sense }) => (sense.temperatureGap_C = 10.1)],
      [Fault.ChargeCountDisagrees, Slow.ChipCharge, ({ counter }) => (counter.error_mC = limits.chargeError_mC + 1)],
      [Fault.PartReset, Slow.Settings, ({ sense }) => (sense.settingsHold = false)],
      [Fault.SetPointOutOfRange, Slow.Settings, ({ actuator }) => (actuator.clipped_mA = 1.1)],
      [Fault.BoardTemperature, Slow.Ambient, ({ sense }) => (sense.ambient_C = limits.boardTemperature_C + 1)],
    ];
    for (const [fault, which, change] of cases) {
      const { p, tick } = bench();
      // Of another reading's turn nothing is taken.
      for (let other = 0; other < Slow.length; other++)
        if (other !== which) for (let k = 0; k < 3; k++) tick(slow(other, change));
      expect(busyRows(p)).toBe(0);
      for (let k = 0; k < 3; k++) tick(change);
      expect(busyRows(p)).toBe(0);
      tick(slow(which, change));
      tick(slow(which, change));
      expect(p.state[fault]).toBe(Row.Tripped);
      expect(busyRows(p)).toBe(1);
    }
  });

  it('a comparison of the two counts is shown once', () => {
    const inputs = quietInputs(100);
    slow(Slow.ChipCharge)(inputs);
    const counter = { error_mC: 7 } as ChargeCounter;
    supervise(
      createProtection(limits, Policy.Cycler),
      inputs.sense as Sense,
      inputs.actuator as Actuator,
      counter,
      false,
      100,
    );
    expect(counter.error_mC).toBe(0);
  });

  it('that was not taken is not looked at, but its age', () => {
    const { p, tick } = bench();
    const old = (age_ms: number): ((inputs: Inputs) => void) =>
      slow(Slow.Settings, ({ sense }) => {
        sense.slowAt_ms[Slow.Settings]! -= age_ms;
        sense.settingsHold = false;
      });
    for (let k = 0; k < 3; k++) tick(old(limits.maxSlowAge_ms));
    expect(busyRows(p)).toBe(0);
    tick(old(limits.maxSlowAge_ms + 1));
    expect(p.state[Fault.StaleSlowData]).toBe(Row.Tripped);
    expect(p.state[Fault.PartReset]).toBe(Row.Ok);
    for (let t_ms = 0; t_ms <= 5000; t_ms += 100) tick(slow(Slow.Settings));
    expect(p.state[Fault.StaleSlowData]).toBe(Row.Ok);
  });
});

describe('the temperature', () => {
  /** Readings 0.4 s apart, as on a channel at ten ticks a second. */
  function thermometer() {
    const p = createProtection(limits, Policy.Cycler);
    const at = { now_ms: 0, raw: 1650 };
    const read = (temperature_C: number, raw?: number): void => {
      at.now_ms += 2 * SLOW_MS;
      at.raw += 0.1;
      superviseTemperature(p, temperature_C, raw ?? at.raw, at.now_ms);
    };
    for (let k = 0; k < 3; k++) read(25);
    expect(busyRows(p)).toBe(0);
    return { p, at, read };
  }

  it.each<[what: string, temperature_C: number, rows: Fault[]]>([
    ['hot', 66, [Fault.OverTemperature, Fault.ChargeOverTemperature]],
    ['too warm for charge', 56, [Fault.ChargeOverTemperature]],
    ['too cold for charge', -21, [Fault.ChargeUnderTemperature]],
    ['cold', -26, [Fault.UnderTemperature, Fault.ChargeUnderTemperature]],
    ['a broken wire', -273, [Fault.ThermistorOpen]],
    ['colder than any', -60.5, [Fault.ThermistorOpen]],
    ['hotter than any', 150.5, [Fault.ThermistorShort]],
    ['a squeezed wire', 999, [Fault.ThermistorShort]],
    ['as cold as any', -60, [Fault.UnderTemperature, Fault.ChargeUnderTemperature]],
    ['as hot as any', 150, [Fault.OverTemperature, Fault.ChargeOverTemperature]],
    ['no number', NaN, [Fault.ThermistorOpen, Fault.ThermistorShort, Fault.OverTemperature, Fault.UnderTemperature]],
  ])('%s', (_, temperature_C, rows) => {
    const { p, read } = thermometer();
    read(temperature_C);
    expect(p.busy[Group.Temperature]).toBeGreaterThanOrEqual(rows.length);
    for (let k = 0; k < 3; k++) read(temperature_C);
    for (const fault of rows) expect(p.state[fault]).toBe(Row.Tripped);
    const tripped = Array.from(p.state).flatMap((state, fault) => (state === Row.Tripped ? [fault] : []));
    if (!Number.isNaN(temperature_C)) expect(tripped).toEqual(rows);
  });

  it('that rises by more than a kelvin a second is a runaway, after the third reading', () => {
    const { p, read } = thermometer();
    for (let k = 1; k <= 20; k++) read(25 + 0.3998 * k);
    expect(busyRows(p)).toBe(0);
    read(33 + 0.4002);
    read(33 + 0.8004);
    expect(p.state[Fault.TemperatureSlope]).toBe(Row.Suspect);
    read(33 + 1.2006);
    expect(p.state[Fault.TemperatureSlope]).toBe(Row.Tripped);
  });

  it('that falls, or comes back from nowhere, is not', () => {
    const { p, read } = thermometer();
    for (let k = 1; k <= 20; k++) read(25 - k);
    for (let k = 0; k < 6; k++) read(k % 2 === 0 ? -273 : 5);
    expect(p.state[Fault.TemperatureSlope]).toBe(Row.Ok);
    for (let k = 0; k < 6; k++) read(k % 2 === 0 ? 25 : 25 + 149);
    expect(p.state[Fault.ThermistorShort]).not.toBe(Row.Ok);
  });

  it('that jumps by less than a thermistor that comes back is looked at', () => {
    const { p, read } = thermometer();
    read(-55);
    read(94);
    expect(p.state[Fault.TemperatureSlope]).toBe(Row.Suspect);
    read(-59);
    read(91);
    expect(p.state[Fault.TemperatureSlope]).toBe(Row.Ok);
  });

  it('is stuck when two hundred readings are equal to the one before, and not one less', () => {
    const { p, read } = thermometer();
    read(25, 1700);
    for (let k = 1; k < 200; k++) read(25, 1700);
    expect(p.state[Fault.ThermistorStuck]).toBe(Row.Ok);
    read(25, 1700);
    expect(p.state[Fault.ThermistorStuck]).toBe(Row.Tripped);
    const moving = thermometer();
    for (let k = 0; k < 500; k++) moving.read(25, k % 190 === 0 ? 1700 : 1701);
    expect(busyRows(moving.p)).toBe(0);
  });
});
