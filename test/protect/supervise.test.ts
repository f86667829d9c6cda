import { describe, expect, it } from 'vitest';
import type { Actuator } from '../../firmware/actuate/actuate';
import type { ChargeCounter } from '../../firmware/count/charge';
import { check } from '../../firmware/protect/engine';
import { Fault, Group, Policy } from '../../firmware/protect/faults';
import { supervise, superviseTemperature, superviseWatch } from '../../firmware/protect/protect';
import { createProtection, Row, setLevel, type Protection } from '../../firmware/protect/protection';
import { Slow, type Sense } from '../../firmware/sense/sense';
import { Alarm, clear, createAlarms, Level as AlarmLevel, raise, Reason } from '../../firmware/watch/alarms';
import { type Inputs, quietInputs, type SenseInput, superviseInputs } from './inputs';
import { exampleLimits } from './limits';

const limits = exampleLimits();
const TICK_MS = 100;
/** Slow readings take turns at every other tick. */
const SLOW_MS = 200;

/** A supervisor at rest, on a clock that goes on by a tick with each call. */
function bench(policy = Policy.Cycler) {
  const p = createProtection(limits, policy);
  const at = { now_ms: 0 };
  let noise = 0;
  /** One tick; `change` says what is not as at rest. Noise moves voltage and thermistor a little. */
  const tick = (change?: (inputs: Inputs) => void, passed_ms = TICK_MS): void => {
    at.now_ms += passed_ms;
    const inputs = quietInputs(at.now_ms);
    noise = 0.2 - noise;
    inputs.sense.voltage_mV += noise;
    inputs.sense.thermistor_mV += noise;
    change?.(inputs);
    superviseInputs(p, inputs, at.now_ms);
  };
  /** @returns how long it took to trip the row, at most `longest_ms` */
  const untilTripped = (fault: Fault, longest_ms: number, change: (inputs: Inputs) => void, passed_ms = TICK_MS) => {
    const begin_ms = at.now_ms;
    while (p.state[fault] !== Row.Tripped && at.now_ms < begin_ms + longest_ms) tick(change, passed_ms);
    return p.state[fault] === Row.Tripped ? at.now_ms - begin_ms : Infinity;
  };
  for (let k = 0; k < 3; k++) tick();
  return { p, at, tick, untilTripped };
}

const REST_MV = quietInputs(0).sense.voltage_mV;
const noiseOf = ({ voltage_mV }: SenseInput): number => voltage_mV - REST_MV;

/** From now on any row that is looked at leaves `Ok`. */
function trap(p: Protection): void {
  p.levels.fill(-Infinity);
}

function busyRows(p: Protection): number {
  return p.busy.reduce((sum, count) => sum + count, 0);
}

/** A slow reading that is fresh. */
function slow(which: Slow, change?: (inputs: Inputs) => void): (inputs: Inputs) => void {
  return (inputs) => {
    inputs.sense.slowDue = true;
    inputs.sense.slow = which;
    change?.(inputs);
  };
}

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

describe('lasting over-current', () => {
  const flows = (fault: Fault, of: number): ((inputs: Inputs) => void) => {
    const discharge = fault === Fault.LastingDischargeCurrent;
    const lasting_mA = discharge ? limits.lastingDischarge_mA : limits.lastingCharge_mA;
    return ({ sense, actuator }) => (sense.current_mA = actuator.set_mA = (discharge ? of : -of) * lasting_mA);
  };
  const both = [
    ['discharge', Fault.LastingDischargeCurrent],
    ['charge', Fault.LastingChargeCurrent],
  ] as const;

  it.each(both)('a tenth more for fifty seconds, more for less, the lasting current for ever: %s', (_, fault) => {
    const took_s = (of: number): number => bench().untilTripped(fault, 200000, flows(fault, of), 100) / 1000;
    expect(took_s(0.999)).toBe(Infinity);
    // The debounce comes on top.
    expect(took_s(1.1) - 50).toBeGreaterThan(0);
    expect(took_s(1.1) - 50).toBeLessThan(0.35);
    expect(Math.abs(took_s(1.2) - 10.5 / 0.44)).toBeLessThan(0.35);
    // No more than 1.9 times the lasting current counts.
    expect(Math.abs(took_s(1.9) - 10.5 / 2.61)).toBeLessThan(0.35);
    expect(took_s(2)).toBe(took_s(1.9));
  });

  it.each(both)('begins to take current away at half of that, and stops all of it at the end: %s', (_, fault) => {
    const { p, tick } = bench();
    const share = (): number => (fault === Fault.LastingDischargeCurrent ? p.discharge : p.charge);
    for (let t_s = 0; t_s < 24.8; t_s += 0.1) tick(flows(fault, 1.1));
    expect(share()).toBe(1);
    for (let t_s = 0; t_s < 12.5; t_s += 0.1) tick(flows(fault, 1.1));
    expect(share()).toBeCloseTo(0.5, 1);
    expect([p.charge, p.discharge].filter((room) => room === 1)).toHaveLength(1);
  });

  it.each(both)('cools as it has warmed, and goes on to be looked at until it has: %s', (_, fault) => {
    const { p, tick, untilTripped } = bench();
    for (let t_s = 0; t_s < 40; t_s += 0.1) tick(flows(fault, 1.1));
    expect(p.state[fault]).toBe(Row.Early);
    // 0.8 of what is allowed is gone after 8.4 s without a current; half of it is left after 4.2 s.
    for (let t_s = 0; t_s < 4.2; t_s += 0.1) tick();
    const again_s = untilTripped(fault, 100000, flows(fault, 1.1)) / 1000;
    expect(Math.abs(again_s - 30)).toBeLessThan(0.6);
    const rested = bench();
    for (let t_s = 0; t_s < 40; t_s += 0.1) rested.tick(flows(fault, 1.1));
    for (let t_s = 0; t_s < 60; t_s += 0.1) rested.tick();
    expect(Math.abs(rested.untilTripped(fault, 100000, flows(fault, 1.1)) / 1000 - 50)).toBeLessThan(0.35);
  });

  it('counts the time that passes between samples, not the samples', () => {
    const took_ms = [50, 100, 500].map((passed_ms) =>
      bench().untilTripped(Fault.LastingDischargeCurrent, 100000, flows(Fault.LastingDischargeCurrent, 1.1), passed_ms),
    );
    for (const ms of took_ms) expect(Math.abs(ms - 50000)).toBeLessThanOrEqual(1100);
  });

  it('a charge does not warm the discharge', () => {
    const { p, tick } = bench();
    for (let t_s = 0; t_s < 100; t_s += 0.1) tick(flows(Fault.LastingChargeCurrent, 1.5));
    expect(p.state[Fault.LastingChargeCurrent]).toBe(Row.Tripped);
    expect(p.state[Fault.LastingDischargeCurrent]).toBe(Row.Ok);
  });
});

describe('samples', () => {
  it('stuck: fifty equal ones in a row, and not one less', () => {
    const { p, tick } = bench();
    const same = ({ sense }: Inputs): void => void (sense.voltage_mV = 3700);
    tick(same);
    for (let k = 1; k < 50; k++) tick(same);
    expect(p.state[Fault.StuckData]).toBe(Row.Ok);
    tick(same);
    expect(p.state[Fault.StuckData]).toBe(Row.Tripped);
  });

  it.each<[what: string, change: (inputs: Inputs, k: number) => void]>([
    ['the voltage', ({ sense }, k) => (sense.voltage_mV = 3800 + (k % 20 === 0 ? 0.2 : 0))],
    ['the current', ({ sense }, k) => Object.assign(sense, { voltage_mV: 3800, current_mA: k % 20 === 0 ? 0.02 : 0 })],
  ])('are not stuck as long as %s moves now and then', (_, change) => {
    const { p, tick } = bench();
    for (let k = 0; k < 200; k++) tick((inputs) => change(inputs, k));
    expect(busyRows(p)).toBe(0);
  });

  it('an impossible slope is one at a steady current', () => {
    const slope = (mV_s: number, jump_mA: number): Row => {
      const { p, tick } = bench();
      let mV = 3800;
      for (let k = 0; k < 4; k++)
        tick(({ sense, actuator }) => {
          sense.voltage_mV = mV += mV_s / 10;
          sense.current_mA = actuator.set_mA = 500 + (k % 2) * jump_mA;
        });
      return p.state[Fault.ImpossibleSlope]!;
    };
    expect(slope(-4900, 49)).toBe(Row.Ok);
    expect(slope(-5100, 49)).toBe(Row.Tripped);
    expect(slope(5100, 49)).toBe(Row.Tripped);
    expect(slope(-5100, 50)).toBe(Row.Ok);
    expect(slope(-5100, 51)).toBe(Row.Ok);
    // A current that falls as much is no steadier.
    expect(slope(-5100, -51)).toBe(Row.Ok);
  });

  it('the slope is that over the time that has passed', () => {
    const { p, tick } = bench();
    let mV = 3400;
    for (let k = 0; k < 2; k++) tick(({ sense }) => (sense.voltage_mV = mV += 450), 100);
    expect(p.state[Fault.ImpossibleSlope]).toBe(Row.Ok);
    for (let k = 0; k < 5; k++) tick(({ sense }) => (sense.voltage_mV = mV -= 300), 50);
    expect(p.state[Fault.ImpossibleSlope]).toBe(Row.Tripped);
  });

  it('two at the same time have no slope', () => {
    const { p, tick } = bench();
    for (let k = 0; k < 4; k++) tick(({ sense }) => (sense.voltage_mV = 3800 + 200 * (k % 2)), 0);
    expect(p.state[Fault.ImpossibleSlope]).toBe(Row.Ok);
  });

  it.each<[what: string, voltage_mV: number, row: Row]>([
    ['0 V, an open wire', 0, Row.Tripped],
    ['0.26 V', 260, Row.Ok],
    ['5.24 V', 5240, Row.Ok],
    ['5.26 V', 5260, Row.Tripped],
  ])('%s: out of range or not', (_, voltage_mV, row) => {
    const { p, tick } = bench();
    for (let k = 0; k < 3; k++) tick(({ sense }) => (sense.voltage_mV = voltage_mV));
    expect(p.state[Fault.OutOfRange]).toBe(row);
  });

  it('the current is held against its set-point from 150 ms after a change on, in one row or the other', () => {
    const state = (set_mA: number, current_mA: number, sinceChange_ms: number): Row[] => {
      const { p, tick } = bench();
      for (let k = 0; k < 3; k++)
        tick(({ sense, actuator }) => {
          sense.current_mA = current_mA;
          actuator.set_mA = set_mA;
          actuator.since_ms = sense.at_ms - sinceChange_ms;
        });
      return [p.state[Fault.CurrentWhenOpen]!, p.state[Fault.CurrentNotFollowing]!];
    };
    const beyond_mA = limits.currentError_mA + 1;
    const within_mA = limits.currentError_mA - 1;
    expect(state(0, beyond_mA, 150)).toEqual([Row.Ok, Row.Ok]);
    expect(state(0, beyond_mA, 151)).toEqual([Row.Tripped, Row.Ok]);
    expect(state(0, -beyond_mA, 151)).toEqual([Row.Tripped, Row.Ok]);
    expect(state(0, within_mA, 151)).toEqual([Row.Ok, Row.Ok]);
    for (const set_mA of [1000, -100])
      for (const sign of [1, -1]) {
        expect(state(set_mA, set_mA + sign * beyond_mA, 150)).toEqual([Row.Ok, Row.Ok]);
        expect(state(set_mA, set_mA + sign * beyond_mA, 151)).toEqual([Row.Ok, Row.Tripped]);
        expect(state(set_mA, set_mA + sign * within_mA, 151)).toEqual([Row.Ok, Row.Ok]);
      }
  });

  it('each has its row', () => {
    const cases: [Fault, (inputs: Inputs) => void][] = [
      [Fault.OverVoltage, ({ sense }) => (sense.voltage_mV = limits.overVoltage_mV + 1)],
      [Fault.UnderVoltage, ({ sense }) => (sense.voltage_mV = limits.underVoltage_mV - 1)],
      [Fault.DeepDischarge, ({ sense }) => (sense.voltage_mV = limits.deepDischarge_mV - 1)],
      [Fault.OverDischargeCurrent, ({ sense }) => (sense.current_mA = limits.overDischarge_mA + 1)],
      [Fault.OverChargeCurrent, ({ sense }) => (sense.current_mA = -limits.overCharge_mA - 1)],
      [Fault.InvalidData, ({ sense }) => (sense.invalid = true)],
    ];
    for (const [fault, change] of cases) {
      const { p, tick } = bench();
      tick(change);
      expect(p.state[fault]).toBe(Row.Suspect);
      tick(change);
      expect(p.state[fault]).toBe(Row.Tripped);
      expect(p.charge * p.discharge).toBe(0);
    }
  });

  it('that are no numbers trip whatever looks at them, and nothing throws', () => {
    for (const [field, rows] of [
      ['voltage_mV', [Fault.OverVoltage, Fault.UnderVoltage, Fault.DeepDischarge, Fault.OutOfRange]],
      ['current_mA', [Fault.OverDischargeCurrent, Fault.OverChargeCurrent, Fault.CurrentWhenOpen]],
    ] as const) {
      const { p, tick } = bench();
      for (let k = 0; k < 2; k++) tick(({ sense }) => (sense[field] = NaN));
      for (const fault of rows) expect(p.state[fault]).toBe(Row.Tripped);
      expect([p.open, p.charge, p.discharge]).toEqual([true, 0, 0]);
    }
  });
});

describe('what may be wrong although nothing fresh was read', () => {
  it('each has its row, and stands in it until it is over', () => {
    const cases: [Fault, (inputs: Inputs) => void][] = [
      [Fault.FrontEnd, (inputs) => (inputs.alerted = true)],
      [Fault.NoAcknowledge, ({ sense }) => Object.assign(sense, { failedTicks: 2, at_ms: sense.at_ms - 1 })],
      [Fault.StaleData, ({ sense }) => (sense.at_ms -= limits.maxAge_ms + 1)],
      [Fault.BusStuck, ({ sense }) => Object.assign(sense, { failedTicks: 2, stuckTicks: 2, at_ms: sense.at_ms - 1 })],
    ];
    for (const [fault, change] of cases) {
      const { p, tick } = bench();
      tick(change);
      expect(p.state[fault]).toBe(Row.Tripped);
      expect(p.open).toBe(true);
      for (let t_ms = 0; t_ms < 4900; t_ms += 100) tick();
      expect(p.state[fault]).toBe(Row.Tripped);
      for (let t_ms = 0; t_ms < 300; t_ms += 100) tick();
      expect(p.state[fault]).toBe(fault === Fault.FrontEnd ? Row.Tripped : Row.Ok);
    }
  });

  it('one failed tick is none', () => {
    const { p, tick } = bench();
    tick(({ sense }) => Object.assign(sense, { failedTicks: 1, stuckTicks: 1, at_ms: sense.at_ms - 1 }));
    expect(busyRows(p)).toBe(0);
  });
});

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
