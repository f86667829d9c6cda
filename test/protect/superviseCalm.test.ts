import { describe, expect, it } from 'vitest';
import { Fault, Group, Policy } from '../../firmware/protect/faults';
import { createProtection, Row, setLevel, type Protection } from '../../firmware/protect/protection';
import { Slow } from '../../firmware/sense/sense';
import type { Inputs } from './inputs';
import { exampleLimits } from './limits';
import { bench, busyRows, noiseOf, REST_MV, slow, TICK_MS, trap } from './superviseBench';

const limits = exampleLimits();

describe('a calm tick looks at no row', () => {
  const { lastingDischarge_mA: lasting_mA, lastingCharge_mA } = limits;
  const highest_mV = limits.overVoltage_mV - 20;
  const lowest_mV = limits.underVoltage_mV + 200;
  const calm: [what: string, change: (inputs: Inputs) => void][] = [
    ['at rest', () => undefined],
    ['at the highest calm voltage', ({ sense }) => (sense.voltage_mV += highest_mV - REST_MV - 2 * noiseOf(sense))],
    ['at the lowest calm voltage', ({ sense }) => (sense.voltage_mV += lowest_mV - REST_MV)],
    ['at the lasting discharge current', slow(Slow.Temperature, (inputs) => flow(inputs, lasting_mA))],
    ['at the lasting charge current', slow(Slow.Temperature, (inputs) => flow(inputs, -lastingCharge_mA))],
    ['as much more than was set as may be', ({ sense }) => (sense.current_mA = limits.currentError_mA)],
    ['as much less than was set as may be', ({ sense }) => (sense.current_mA = -limits.currentError_mA)],
    ['while a current is read back', (inputs) => flow(inputs, 100)],
    ['warm', slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = limits.chargeOverTemperature_C - 3.1))],
    ['cold', slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = limits.chargeUnderTemperature_C + 3.1))],
  ];

  function flow({ sense, actuator }: Inputs, current_mA: number): void {
    sense.current_mA = actuator.set_mA = current_mA;
  }

  it.each(calm)('%s', (_, change) => {
    const { p, tick } = bench();
    // What has jumped is looked at once; then it is known.
    for (let k = 0; k < 3; k++) tick(change);
    trap(p);
    for (let k = 0; k < 20; k++) tick(change);
    expect(busyRows(p)).toBe(0);
  });

  it('nor does one on which the voltage moves by a tenth of a volt, up or down; one on which it moves by more does', () => {
    const { p, tick } = bench();
    trap(p);
    let mV = REST_MV;
    const move = (by_mV: number): void => tick(({ sense }) => (sense.voltage_mV = mV += by_mV));
    tick(({ sense }) => (sense.voltage_mV = mV));
    for (const by_mV of [100, 100, -100, -100, -100]) move(by_mV);
    expect(busyRows(p)).toBe(0);
    move(100.002);
    expect(busyRows(p)).toBeGreaterThan(0);
  });

  it('nor one with eleven equal samples; one with twelve does', () => {
    const { p, tick } = bench();
    trap(p);
    const same = (): void => tick(({ sense }) => (sense.voltage_mV = 3790));
    for (let k = 0; k < 11; k++) same();
    expect(busyRows(p)).toBe(0);
    same();
    expect(busyRows(p)).toBeGreaterThan(0);
  });

  /** Moves a level as if nothing were trapped. */
  function calmLevel(p: Protection, fault: Fault, level: number): void {
    p.levels.set(createProtection(limits, Policy.Cycler).levels);
    setLevel(p, fault, level);
    trap(p);
  }

  describe('nor one with a temperature', () => {
    const read = (tick: ReturnType<typeof bench>['tick'], temperature_C: number, raw?: number): void =>
      tick(
        slow(Slow.Temperature, ({ sense }) => {
          sense.temperature_C = temperature_C;
          if (raw !== undefined) sense.thermistor_mV = raw;
        }),
      );

    it('that rises by a little less than a tenth, or falls by any; one that rises by more does', () => {
      const { p, tick } = bench();
      for (let k = 0; k < 2; k++) read(tick, 25);
      trap(p);
      for (const temperature_C of [25.05, 25.149, 25.2, 25.1, 24, 20]) read(tick, temperature_C);
      expect(busyRows(p)).toBe(0);
      read(tick, 20.101);
      expect(busyRows(p)).toBeGreaterThan(0);
    });

    it('that rises by a tenth exactly is looked at', () => {
      const { p, tick } = bench();
      for (let k = 0; k < 2; k++) read(tick, 0);
      trap(p);
      read(tick, 0.1);
      expect(busyRows(p)).toBeGreaterThan(0);
    });

    it.each<[what: string, fault: Fault, level_C: number]>([
      ['below the highest calm one', Fault.ChargeOverTemperature, 28],
      ['above the lowest calm one', Fault.ChargeUnderTemperature, 22],
    ])('%s; one at it does', (_, fault, level_C) => {
      const { p, tick } = bench();
      for (let k = 0; k < 2; k++) read(tick, 25);
      const outwards = level_C > 25 ? 1 : -1;
      calmLevel(p, fault, level_C + outwards / 256);
      read(tick, 25);
      expect(busyRows(p)).toBe(0);
      calmLevel(p, fault, level_C);
      read(tick, 25);
      expect(busyRows(p)).toBeGreaterThan(0);
    });

    it('that is equal nine times to the one before; one that is ten times does', () => {
      const { p, tick } = bench();
      for (let k = 0; k < 2; k++) read(tick, 25);
      trap(p);
      for (let k = 0; k <= 9; k++) read(tick, 25, 1700);
      expect(busyRows(p)).toBe(0);
      read(tick, 25, 1700);
      expect(busyRows(p)).toBeGreaterThan(0);
    });
  });

  it('what has not changed is not settled anew', () => {
    const { p, tick } = bench();
    p.charge = 0.5;
    tick();
    tick(({ sense }) => (sense.voltage_mV += 200));
    expect(p.charge).toBe(0.5);
    tick(({ sense }) => (sense.voltage_mV = limits.overVoltage_mV - 10));
    expect(p.charge).not.toBe(0.5);
  });

  const eventful: [what: string, change: (inputs: Inputs) => void][] = [
    ['a high voltage', ({ sense }) => (sense.voltage_mV = limits.overVoltage_mV - 19)],
    ['a low voltage', ({ sense }) => (sense.voltage_mV = limits.underVoltage_mV + 199)],
    ['much current', ({ sense, actuator }) => (sense.current_mA = actuator.set_mA = limits.lastingDischarge_mA + 1)],
    ['much charge', ({ sense, actuator }) => (sense.current_mA = actuator.set_mA = -limits.lastingCharge_mA - 1)],
    ['current beyond its set-point', ({ sense }) => (sense.current_mA = limits.currentError_mA + 1)],
    ['current short of its set-point', ({ sense }) => (sense.current_mA = -limits.currentError_mA - 1)],
    ['an invalid sample', ({ sense }) => (sense.invalid = true)],
    ['a stale sample', ({ sense }) => (sense.at_ms -= TICK_MS)],
    ['an alert', (inputs) => (inputs.alerted = true)],
    ['a jump of the voltage', ({ sense }) => (sense.voltage_mV += 101)],
    ['a fall of the voltage', ({ sense }) => (sense.voltage_mV -= 101)],
    ['a mismatch', ({ actuator }) => (actuator.mismatch = true)],
    ['a current that does not flow', ({ sense, actuator }) => (sense.current_mA = (actuator.set_mA = 100) / 10)],
    ['a missing read-back', ({ actuator }) => (actuator.checkedAt_ms -= TICK_MS)],
    ['no temperature', slow(Slow.Temperature, ({ sense }) => (sense.slowAt_ms[Slow.Temperature]! -= 1))],
    ['warmth', slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = 25.2))],
    ['heat', slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = limits.chargeOverTemperature_C - 2.9))],
    ['cold', slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = limits.chargeUnderTemperature_C + 2.9))],
    ['the second voltage', slow(Slow.CoarseVoltage)],
    ['the second temperature', slow(Slow.CoarseTemperature)],
    ["the monitor's charge", slow(Slow.ChipCharge)],
    ['the settings', slow(Slow.Settings)],
    ["the board's temperature", slow(Slow.Ambient)],
  ];

  it.each(eventful)('but one with %s does', (_, change) => {
    const { p, tick } = bench();
    tick(slow(Slow.Temperature));
    tick(slow(Slow.Temperature));
    trap(p);
    tick();
    expect(busyRows(p)).toBe(0);
    tick(change);
    expect(busyRows(p)).toBeGreaterThan(0);
  });

  it('goes on looking until all rows of the group are as they should be', () => {
    const { p, tick } = bench();
    for (let k = 0; k < 2; k++) tick(({ sense }) => (sense.voltage_mV = limits.overVoltage_mV - 30 + k));
    tick(({ sense }) => (sense.voltage_mV = limits.overVoltage_mV - 10));
    expect(p.busy[Group.Sample]).toBe(1);
    // Within the band, but not yet far enough back.
    tick(({ sense }) => (sense.voltage_mV = limits.overVoltage_mV - 24));
    expect(p.state[Fault.OverVoltage]).toBe(Row.Early);
    tick(({ sense }) => (sense.voltage_mV = limits.overVoltage_mV - 26));
    expect(p.state[Fault.OverVoltage]).toBe(Row.Ok);
    tick(slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = limits.chargeOverTemperature_C - 2)));
    tick(slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = limits.chargeOverTemperature_C - 3.5)));
    expect(p.state[Fault.ChargeOverTemperature]).toBe(Row.Early);
    tick(slow(Slow.Temperature, ({ sense }) => (sense.temperature_C = limits.chargeOverTemperature_C - 4)));
    expect(p.state[Fault.ChargeOverTemperature]).toBe(Row.Ok);
  });

  it.each<[what: string, fault: Fault, level: number, change?: (inputs: Inputs) => void]>([
    ['over-voltage', Fault.OverVoltage, 3810],
    ['under-voltage', Fault.UnderVoltage, 3700],
    ['deep discharge', Fault.DeepDischarge, 3900],
    ['over-temperature', Fault.OverTemperature, 24, slow(Slow.Temperature)],
    ['under-temperature', Fault.UnderTemperature, 26, slow(Slow.Temperature)],
    ['over-temperature for charge', Fault.ChargeOverTemperature, 24, slow(Slow.Temperature)],
    ['under-temperature for charge', Fault.ChargeUnderTemperature, 26, slow(Slow.Temperature)],
    ['current with open switches', Fault.CurrentWhenOpen, 5, ({ sense }) => (sense.current_mA = 6)],
    [
      'current that does not follow',
      Fault.CurrentNotFollowing,
      5,
      slow(Slow.Temperature, ({ sense, actuator }) => {
        sense.current_mA = 106;
        actuator.set_mA = 100;
      }),
    ],
  ])('follows the level of %s', (_, fault, level, change) => {
    const { p, tick } = bench();
    for (let k = 0; k < 3; k++) tick(slow(Slow.Temperature));
    tick(change);
    expect(busyRows(p)).toBe(0);
    setLevel(p, fault, level);
    tick(change);
    expect(p.state[fault]).not.toBe(Row.Ok);
    expect(busyRows(p)).toBe(1);
  });
});
