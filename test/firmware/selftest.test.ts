import { describe, expect, it } from 'vitest';
import type { Actuator } from '../../firmware/actuate/actuate';
import { Fault } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import { Switch } from '../../firmware/protect/switches';
import { createSelfTest, SelfTestFault, type SelfTest } from '../../firmware/selftest';
import type { Sense } from '../../firmware/sense/sense';
import type { ChannelDefects } from '../../sim/bench/faults';
import { channelBench, type ChannelBench } from './channelBench';

const FULL_SCALE_MA = 5500;
const TRIED_MA = 110;
const NOTHING_MA = 22;
const PHASE_MS = 200;

/** A channel made of numbers: what the self-test asks for flows, but for `defects`. */
function numbers(voltage_mV: number, current_mA: (asked_mA: number, code: number) => number) {
  const written: number[] = [];
  const dac = {
    bus: { writeTo: (_: number, bytes: ArrayLike<number>) => void written.push(bytes[0]! * 256 + bytes[1]!) },
    address: 0x60,
    code: 0,
    bytes: [0, 0],
  };
  const actuator = { dac, fullScale_mA: FULL_SCALE_MA, mismatch: false } as unknown as Actuator;
  const sense = { voltage_mV, current_mA: 0 } as Sense;
  const test = createSelfTest();
  const asked: number[] = [];
  let asks_mA = 0;
  /** Runs until it has passed or failed. @returns the time that took */
  const run = (): number => {
    let now_ms = 1000;
    for (; !test.passed && test.failed === SelfTestFault.None && now_ms < 10000; now_ms += 100) {
      sense.current_mA = current_mA(asks_mA, written.at(-1) ?? 0);
      asks_mA = test.step(test, sense, actuator, now_ms);
      if (asked.at(-1) !== asks_mA) asked.push(asks_mA);
    }
    return now_ms - 1000;
  };
  return { test, actuator, asked, written, run };
}

describe('the self-test, step by step', () => {
  it('asks for nothing, a little in, nothing, a little out, nothing; and tries the set-point alone in between', () => {
    const { test, asked, written, run } = numbers(3800, (asked_mA) => asked_mA);
    const took_ms = run();
    expect(test.passed).toBe(true);
    expect(asked.map((x) => x + 0)).toEqual([0, -TRIED_MA, 0, TRIED_MA, 0]);
    expect(written).toEqual([Math.floor(0.02 * 4095), 0]);
    expect(took_ms).toBe(6 * PHASE_MS + 100);
  });

  it.each<[what: string, voltage_mV: number, asked: number[]]>([
    ['full', 4251, [0, TRIED_MA, 0]],
    ['nearly full', 4250, [0, -TRIED_MA, 0, TRIED_MA, 0]],
    ['empty', 3199, [0, -TRIED_MA, 0]],
    ['nearly empty', 3200, [0, -TRIED_MA, 0, TRIED_MA, 0]],
    ['deeply discharged', 2499, [0]],
    ['almost so', 2500, [0, -TRIED_MA, 0]],
  ])('does not move a cell that is %s further out', (_, voltage_mV, expected) => {
    const { test, asked, run } = numbers(voltage_mV, (asked_mA) => asked_mA);
    run();
    expect(test.passed).toBe(true);
    expect(asked.map((x) => x + 0)).toEqual(expected);
  });

  const beyond = NOTHING_MA + 0.1;
  const within = NOTHING_MA - 0.1;
  it.each<[what: string, current_mA: (asked_mA: number, code: number) => number, failed: SelfTestFault]>([
    ['a current that nobody asked for', (asked) => asked + beyond, SelfTestFault.CurrentAtZero],
    ['one in charge direction', (asked) => asked - beyond, SelfTestFault.CurrentAtZero],
    ['an offset that is allowed', (asked) => asked + within, SelfTestFault.None],
    ['as much the other way', (asked) => asked - within, SelfTestFault.None],
    ['a switch that conducts', (asked, code) => asked + (code > 0 ? beyond : 0), SelfTestFault.SwitchDoesNotOpen],
    ['the other one', (asked, code) => asked - (code > 0 ? beyond : 0), SelfTestFault.SwitchDoesNotOpen],
    ['no charge', (asked) => Math.max(asked, 0), SelfTestFault.ChargeDoesNotFollow],
    ['too much charge', (asked) => (asked < 0 ? asked - beyond : asked), SelfTestFault.ChargeDoesNotFollow],
    ['too little charge', (asked) => (asked < 0 ? asked + beyond : asked), SelfTestFault.ChargeDoesNotFollow],
    ['no discharge', (asked) => Math.min(asked, 0), SelfTestFault.DischargeDoesNotFollow],
    ['too much discharge', (asked) => (asked > 0 ? asked + beyond : asked), SelfTestFault.DischargeDoesNotFollow],
    ['swapped wires', (asked) => -asked, SelfTestFault.ChargeDoesNotFollow],
  ])('%s', (_, current_mA, failed) => {
    const { test, run } = numbers(3800, current_mA);
    run();
    expect(SelfTestFault[test.failed]).toBe(SelfTestFault[failed]);
    expect(test.passed).toBe(failed === SelfTestFault.None);
  });

  it.each([
    ['charge', -1],
    ['discharge', 1],
  ])('a current that goes on after the %s', (_, direction) => {
    let tried = false;
    const { test, run, asked } = numbers(3800, (asked_mA) => {
      tried ||= Math.sign(asked_mA) === direction;
      return tried && asked_mA === 0 ? direction * beyond : asked_mA;
    });
    run();
    expect(SelfTestFault[test.failed]).toBe('CurrentAtZero');
    expect(asked).toContain(direction * TRIED_MA);
  });

  it('a DAC that does not answer is a mismatch, found by its read-back', () => {
    const { actuator, run, test } = numbers(3800, (asked_mA) => asked_mA);
    actuator.dac.bus.writeTo = () => {
      throw new Error('no acknowledge');
    };
    run();
    expect(actuator.mismatch).toBe(true);
    expect(test.passed).toBe(true);
  });
});

describe('the self-test on a channel', () => {
  const LONGEST_MS = 3000;
  /** The highest current while it is at work. */
  function started(defects: ChannelDefects | undefined, prepare?: (bench: ChannelBench) => void) {
    const bench = channelBench('discharge', (config) => (config.cell = undefined));
    bench.channel.defects = defects;
    prepare?.(bench);
    let most_A = 0;
    const selfTest = bench.bms.selfTest as SelfTest;
    const took_ms = bench.run(LONGEST_MS, () => {
      if (bench.bms.selfTest !== undefined) most_A = Math.max(most_A, Math.abs(bench.channel.current_A));
      return bench.bms.selfTest === undefined || bench.bms.protection.fault !== Fault.None;
    });
    return { bench, selfTest, took_ms, most_A };
  }

  it('passes in two seconds, with a current that moves the cell by next to nothing, and then goes to work', () => {
    const { bench, took_ms, most_A } = started(undefined);
    const { bms, channel } = bench;
    expect(bms.selfTest).toBeUndefined();
    expect(took_ms).toBeLessThanOrEqual(2000);
    expect(most_A).toBeGreaterThan(0.1);
    expect(most_A).toBeLessThan(0.12);
    expect(Math.abs(bms.counter.charge_mC)).toBeLessThan(5);
    bench.run(5000);
    expect(channel.current_A).toBeGreaterThan(0.9);
    expect(bms.switches).toBe(Switch.Discharge);
  });

  it.each<[what: string, defects: ChannelDefects | undefined, prepare?: (bench: ChannelBench) => void]>([
    ['a welded discharge switch', { dischargeSwitch: 'welded' }],
    ['a welded charge switch', { chargeSwitch: 'welded' }],
    ['a discharge switch that does not close', { dischargeSwitch: 'open' }],
    ['a charge switch that does not close', { chargeSwitch: 'open' }],
    ['a short', { shortBeforeSwitch_A: 0.05 }],
    ['a short behind the switch', { shortBehindSwitch_A: 2 }],
    ['a dead DAC', { dacDead: true }],
    ['swapped wires of the shunt', { current: { gain: -1 } }],
    ['a current monitor with an offset', { current: { offset: 0.03 } }],
    ['a power stage that gives half', undefined, ({ channel }) => (channel.stageGain = 0.5)],
    ['a power stage that gives twice as much', undefined, ({ channel }) => (channel.stageGain = 2)],
    [
      'a pin that is shorted',
      undefined,
      ({ channel }) => (channel.dischargeSwitch.level = channel.dischargeSwitch.stuck = true),
    ],
    ['a front end that holds the switches open', { alertWire: 'low' }],
  ])('finds %s before the cell is used', (_, defects, prepare) => {
    const { bench, most_A } = started(defects, prepare);
    const { bms, channel } = bench;
    const found = bms.protection.fault;
    // Rows that are looked at all the time may come first.
    expect(
      [
        Fault.SelfTestFailed,
        Fault.CurrentWhenOpen,
        Fault.CurrentNotFollowing,
        Fault.SwitchNotClosing,
        Fault.ActuatorMismatch,
        Fault.FrontEnd,
        Fault.OverDischargeCurrent,
      ].map(faultName),
    ).toContain(faultName(found));
    expect(bms.protection.open).toBe(true);
    if (defects?.shortBehindSwitch_A === undefined) expect(most_A).toBeLessThan(0.25);
    // It stays so, and nothing is tried with more.
    let later_A = 0;
    bench.run(60000, () => {
      later_A = Math.max(later_A, Math.abs(channel.current_A));
      return false;
    });
    expect(bms.protection.open).toBe(true);
    expect(later_A).toBeLessThan(defects?.shortBehindSwitch_A === undefined ? 0.25 : 2.2);
    expect(bms.selfTest).toBeDefined();
  });

  it('begins anew after a fault that has interrupted it, and passes', () => {
    const { bench } = started(undefined, ({ channel }) => {
      channel.sensorTemperature_C = -40;
      channel.clock.at(1500, () => (channel.sensorTemperature_C = undefined));
    });
    const { bms, channel } = bench;
    expect(faultName(bms.protection.fault)).toBe('under-temperature');
    expect(bms.selfTest).toBeDefined();
    bench.run(20000);
    expect(bms.protection.fault).toBe(Fault.None);
    expect(bms.selfTest).toBeUndefined();
    expect(channel.current_A).toBeGreaterThan(0.9);
  });

  it('is a row that a restart releases', () => {
    const { bench, selfTest } = started({ current: { offset: 0.03 } });
    expect(SelfTestFault[selfTest.failed]).toBe('CurrentAtZero');
    expect(bench.bms.protection.state[Fault.SelfTestFailed]).toBe(Row.Tripped);
  });
});
