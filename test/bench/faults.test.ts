import { describe, expect, it } from 'vitest';
import { CYCLER } from '../../hal/boards/cycler';
import { ads1115Ready, ads1115Result_mV, ads1115Start } from '../../hal/chips/ads1115';
import { ina228Status } from '../../hal/chips/ina228';
import { ina228Current_mA, ina228Voltage_mV } from '../chips/ina228Registers';
import { ina228Open } from '../../hal/chips/ina228Open';
import { mcp4725Open, mcp4725Read, mcp4725Write } from '../../hal/chips/mcp4725';
import { THERMISTOR_OPEN_C, THERMISTOR_SHORT_C, thermistor_C } from '../../hal/chips/thermistor';
import { Channel } from '../../sim/bench/channel';
import type { ChannelDefects } from '../../sim/bench/faults';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import { loadProfile } from '../../sim/profiles/profile';

const profile = loadProfile('afl-l1');
const LIMITS = { highest_mA: 3300, lowest_mA: -1200, highest_mV: 4400, lowest_mV: 2000, hottest_C: 85 };
/** 1 A of the board's 5.5 A. */
const ONE_A = 745;

/** A channel in a discharge at 1 A, or with open switches. */
function bench(discharging = true) {
  const cell = new Cell(profile);
  runStep(cell, -0.6, { until_V: 4.0, longest_s: 1e5 });
  runStep(cell, 0, { longest_s: 600 });
  const channel = new Channel(CYCLER, cell, 1);
  const ina = ina228Open(channel.bus, CYCLER.ina228, LIMITS);
  const dac = mcp4725Open(channel.bus, CYCLER.dac.address);
  mcp4725Write(dac, ONE_A);
  channel.dischargeSwitch.write(discharging);
  const later = (time_s: number): void => channel.advanceTo(channel.now_ms() + 1000 * time_s);
  later(1);
  const with_ = (defects: ChannelDefects | undefined): number => {
    channel.defects = defects;
    later(1);
    return channel.current_A;
  };
  return { channel, cell, ina, dac, later, with_ };
}

describe('switches', () => {
  it('a welded one conducts whatever its pin says, until the set-point is zero', () => {
    const { channel, ina, dac, later, with_ } = bench();
    channel.dischargeSwitch.write(false);
    later(1);
    expect(channel.current_A).toBe(0);
    expect(with_({ dischargeSwitch: 'welded' })).toBeCloseTo(1, 1);
    expect(channel.dischargeSwitch.read()).toBe(false);
    expect(ina228Current_mA(ina)).toBeCloseTo(1000, -2);
    mcp4725Write(dac, 0);
    later(1);
    expect(Math.abs(channel.current_A)).toBeLessThan(0.001);
  });

  it('a welded one conducts whatever ALERT says', () => {
    const { channel, later, with_ } = bench();
    expect(with_({ dischargeSwitch: 'welded', shortBehindSwitch_A: 20 })).toBeCloseTo(21, 0);
    expect(channel.alert.read()).toBe(false);
    later(1);
    expect(channel.current_A).toBeCloseTo(21, 0);
  });

  it('a welded charge switch charges, and against a closed discharge switch nothing is left', () => {
    const { channel, with_ } = bench(false);
    expect(with_({ chargeSwitch: 'welded' })).toBeCloseTo(-1, 1);
    channel.dischargeSwitch.write(true);
    expect(with_({ chargeSwitch: 'welded' })).toBe(0);
  });

  it('an open one never conducts, and its pin looks right', () => {
    const { channel, with_ } = bench();
    expect(with_({ dischargeSwitch: 'open' })).toBe(0);
    expect(channel.dischargeSwitch.read()).toBe(true);
    expect(with_(undefined)).toBeCloseTo(1, 1);
  });
});

describe('shorts', () => {
  it('behind the switch: only while it is closed', () => {
    const { channel, later, with_ } = bench(false);
    expect(with_({ shortBehindSwitch_A: 60 })).toBe(0);
    channel.dischargeSwitch.write(true);
    later(1);
    expect(channel.alert.read()).toBe(false);
    expect(channel.current_A).toBe(0);
  });

  it('before the switches: no switch stops it, the monitor sees it, the cell empties and gives less and less', () => {
    const { channel, cell, ina, later, with_ } = bench(false);
    expect(with_({ shortBeforeSwitch_A: 2 })).toBe(2);
    expect(ina228Current_mA(ina)).toBeCloseTo(2000, -1);
    for (let k = 0; k < 7200; k++) later(1);
    expect(cell.voltage_V).toBeLessThan(1);
    expect(channel.current_A).toBeLessThan(2);
    expect(channel.current_A).toBeGreaterThanOrEqual(0);
  });
});

it('a dead DAC output reads back as if it were whole', () => {
  const { dac, with_ } = bench();
  expect(Math.abs(with_({ dacDead: true }))).toBeLessThan(0.001);
  expect(mcp4725Read(dac)).toBe(ONE_A);
});

describe('the ALERT line', () => {
  it('broken: neither gate nor controller sees it', () => {
    const { channel, ina, with_ } = bench();
    expect(with_({ alertWire: 'open', shortBehindSwitch_A: 20 })).toBeCloseTo(21, 0);
    expect(channel.alert.read()).toBe(true);
    expect(ina228Status(ina) & 0x40).toBe(0x40);
  });

  it('shorted to ground: the switches never close', () => {
    const { channel, with_ } = bench();
    expect(with_({ alertWire: 'low' })).toBe(0);
    expect(channel.alert.read()).toBe(false);
  });
});

describe('what the current monitor sees', () => {
  it.each([
    ['gain', { gain: 0.9 }, 900],
    ['offset', { offset: -0.25 }, 750],
    ['stuck', { stuck: 0.123 }, 123],
    ['wires swapped', { gain: -1 }, -1000],
  ])('of the current: %s', (_, current, expected_mA) => {
    const { ina, with_ } = bench();
    expect(with_({ current })).toBeCloseTo(1, 1);
    expect(Math.abs(ina228Current_mA(ina) - expected_mA)).toBeLessThan(5);
  });

  it('of the current: noise, as strong as asked', () => {
    const { channel, ina, later } = bench();
    channel.defects = { current: { noise: 0.05 } };
    let squares = 0;
    for (let k = 0; k < 1000; k++) {
      later(0.2);
      squares += (ina228Current_mA(ina) - 1000 * channel.current_A) ** 2;
    }
    expect(Math.sqrt(squares / 1000)).toBeGreaterThan(45);
    expect(Math.sqrt(squares / 1000)).toBeLessThan(55);
  });

  it('of the current decides over ALERT: half the truth trips at twice the current', () => {
    const { channel, dac, later } = bench();
    channel.defects = { current: { gain: 0.5 } };
    mcp4725Write(dac, 3 * ONE_A + ONE_A);
    later(1);
    expect(channel.alert.read()).toBe(true);
    expect(channel.current_A).toBeCloseTo(4, 1);
    channel.defects = undefined;
    later(1);
    expect(channel.alert.read()).toBe(false);
  });

  it.each([
    ['gain', { gain: 1.1 }, (true_mV: number) => 1.1 * true_mV],
    ['offset', { offset: 0.1 }, (true_mV: number) => true_mV + 100],
    ['stuck', { stuck: 3.3 }, () => 3300],
    ['sense wire open', { open: true }, () => 0],
  ])('of the voltage: %s', (_, voltage, expected_mV) => {
    const { cell, ina, with_ } = bench();
    with_({ voltage });
    expect(Math.abs(ina228Voltage_mV(ina) - expected_mV(1000 * cell.voltage_V))).toBeLessThan(2);
  });

  it('an open sense wire is an under-voltage: ALERT opens the switches', () => {
    const { channel, with_ } = bench();
    expect(with_({ voltage: { open: true } })).toBe(0);
    expect(channel.alert.read()).toBe(false);
  });
});

describe('thermistors', () => {
  const read_C = (channel: Channel): { cell_C: number; coarse_C: number } => {
    const ads = { bus: channel.bus, address: CYCLER.ads1115.address };
    ads1115Start(ads, CYCLER.ads1115.input);
    channel.advanceTo(channel.now_ms() + 20);
    expect(ads1115Ready(ads)).toBe(true);
    const { gain, offset } = CYCLER.coarseThermistor;
    return {
      cell_C: thermistor_C(CYCLER.thermistor, ads1115Result_mV(ads) / CYCLER.ads1115.supply_mV),
      coarse_C: thermistor_C(CYCLER.thermistor, channel.thermistorAdc.read() * gain + offset),
    };
  };

  it.each([
    ['open', { wire: 'open' }, THERMISTOR_OPEN_C],
    ['short', { wire: 'short' }, THERMISTOR_SHORT_C],
    ['stuck', { stuck_C: 31 }, 31],
    ['offset', { offset_K: -12 }, 13],
  ] as const)('the first, %s: the second goes on', (_, thermistor, expected_C) => {
    const { channel } = bench();
    channel.defects = { thermistor };
    const { cell_C, coarse_C } = read_C(channel);
    expect(Math.abs(cell_C - expected_C)).toBeLessThan(0.5);
    expect(Math.abs(coarse_C - 25)).toBeLessThan(4);
  });

  it('the second one is broken alone', () => {
    const { channel } = bench();
    channel.defects = { coarseThermistor: { offset_K: 20 } };
    const { cell_C, coarse_C } = read_C(channel);
    expect(cell_C).toBeCloseTo(25, 0);
    expect(Math.abs(coarse_C - 45)).toBeLessThan(4);
  });

  it('so is the coarse voltage', () => {
    const { channel } = bench();
    const before = channel.cellAdc.read();
    channel.defects = { coarseVoltage: { gain: 0.5 } };
    expect(channel.cellAdc.read()).toBeLessThan(0.6 * before);
  });
});

describe('wires by name', () => {
  it('refuse a pin that nothing is wired to, and drive no input', () => {
    const { channel } = bench();
    expect(() => channel.digitalWrite('D2', true)).toThrow(/nothing is wired to pin D2/);
    expect(() => channel.digitalWrite(CYCLER.pins.alert, true)).toThrow(/nothing is wired to pin D27/);
    expect(() => channel.digitalRead('D2')).toThrow(/nothing is wired to pin D2/);
  });
});
