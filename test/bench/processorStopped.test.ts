/** The front end alone: no firmware runs, the bench lives on from whatever switches and DAC were left at. */
import { describe, expect, it } from 'vitest';
import { CYCLER } from '../../hal/boards/cycler';
import { Ina228Flag, ina228Status } from '../../hal/chips/ina228';
import { ina228Open, type Ina228Limits } from '../../hal/chips/ina228Open';
import { Channel } from '../../sim/bench/channel';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import type { Ina228Errors } from '../../sim/chips/ina228';
import { loadProfile } from '../../sim/profiles/profile';

const profile = loadProfile('afl-l1');
const LIMITS: Ina228Limits = { highest_mA: 3300, lowest_mA: -1200, highest_mV: 4400, lowest_mV: 2900, hottest_C: 85 };
/** The board's full scale is 5.5 A. */
const code = (current_A: number): number => Math.round((current_A / 5.5) * 4095);

/** The largest errors of the datasheet, section 6.5, at three times the noise (assumed). */
const WORST: Partial<Ina228Errors> = {
  shuntOffset_V: 1e-6,
  shuntGain: 1.0005,
  busOffset_V: 1e-3,
  busGain: 1.0005,
  shuntNoise_V: 3e-6,
  busNoise_V: 900e-6,
};

/** `current_A` flows through a cell of this voltage at rest; discharge positive. */
function stopped(current_A: number, rest_V = 4.0, limits = LIMITS, errors: Partial<Ina228Errors> = {}, seed = 1) {
  const cell = new Cell(profile);
  runStep(cell, -0.6, { until_V: rest_V, longest_s: 1e5 });
  runStep(cell, 0, { longest_s: 600 });
  const channel = new Channel(CYCLER, cell, seed, errors);
  const ina = ina228Open(channel.bus, CYCLER.ina228, limits);
  drive(channel, current_A);
  channel.advanceTo(60000);
  const seen = { charge_C: 0, highest_V: 0, lowest_V: 9 };
  channel.onStep = (dt_s, amperes) => {
    seen.charge_C += amperes * dt_s;
    seen.highest_V = Math.max(seen.highest_V, cell.voltage_V);
    seen.lowest_V = Math.min(seen.lowest_V, cell.voltage_V);
  };
  const later = (time_s: number): void => channel.advanceTo(channel.now_ms() + 1000 * time_s);
  return { channel, cell, ina, seen, later };
}

function drive(channel: Channel, current_A: number): void {
  const dac = code(Math.abs(current_A));
  channel.dac.writeTo([dac >> 8, dac & 255], 0);
  channel.chargeSwitch.write(current_A < 0);
  channel.dischargeSwitch.write(current_A > 0);
}

describe('with the processor stopped', () => {
  it.each([20, 60, 100])('a short circuit of %s A is cut below 1 ms, at any moment', (short_A) => {
    for (let k = 0; k < 25; k++) {
      const { channel, ina, seen, later } = stopped(1, 4.0, LIMITS, {}, k);
      later(0.0371 * (k + 1));
      const onset_ms = channel.now_ms();
      seen.charge_C = 0;
      channel.defects = { shortBehindSwitch_A: short_A };
      later(1);
      expect(channel.alertFell_ms - onset_ms).toBeGreaterThan(0);
      expect(channel.alertFell_ms - onset_ms).toBeLessThan(1);
      expect(channel.alert.read()).toBe(false);
      expect(channel.digitalRead(CYCLER.pins.alert)).toBe(false);
      expect(channel.current_A).toBe(0);
      // Judged by what passed through the cell.
      expect(seen.charge_C).toBeLessThan((short_A + 1.1) * 1e-3);
      expect(channel.dischargeSwitch.read()).toBe(true);
      expect(ina228Status(ina) & Ina228Flag.OverCurrent).toBe(Ina228Flag.OverCurrent);
    }
  });

  it.each([
    ['discharge', 1, 3.32, Ina228Flag.OverCurrent],
    ['discharge at the end of the range', 3, 5.4, Ina228Flag.OverCurrent],
    ['charge', -0.6, -1.22, Ina228Flag.UnderCurrent],
  ])('an over-current in %s is cut below 50 ms', (_, from_A, to_A, flag) => {
    for (let k = 0; k < 25; k++) {
      const { channel, ina, seen, later } = stopped(from_A, 3.9, LIMITS, {}, k);
      later(0.0371 * (k + 1));
      expect(channel.alert.read()).toBe(true);
      const onset_ms = channel.now_ms();
      seen.charge_C = 0;
      drive(channel, to_A);
      later(1);
      expect(channel.alertFell_ms - onset_ms).toBeLessThan(50);
      expect(channel.current_A).toBe(0);
      expect(Math.abs(seen.charge_C)).toBeLessThan(Math.abs(to_A) * 0.05);
      expect(ina228Status(ina) & (Ina228Flag.OverCurrent | Ina228Flag.UnderCurrent)).toBe(flag);
    }
  });

  it.each([
    ['over-voltage', -0.8, 4.2, Ina228Flag.OverVoltage],
    ['under-voltage', 1, 3.2, Ina228Flag.UnderVoltage],
    ['under-voltage at 3C', 3, 3.2, Ina228Flag.UnderVoltage],
  ])('%s is cut within millivolts of its limit', (_, current_A, rest_V, flag) => {
    const { channel, ina, seen, later } = stopped(current_A, rest_V);
    later(4 * 3600);
    expect(channel.alert.read()).toBe(false);
    expect(channel.current_A).toBe(0);
    expect(seen.highest_V).toBeLessThan(4.402);
    expect(seen.lowest_V).toBeGreaterThan(2.898);
    expect(ina228Status(ina) & (Ina228Flag.OverVoltage | Ina228Flag.UnderVoltage)).toBe(flag);
  });

  it('an under-voltage by a jump of the current is cut below 50 ms', () => {
    const { channel, ina, later } = stopped(0, 3.35, { ...LIMITS, highest_mA: 5500, lowest_mV: 3250 });
    expect(channel.alert.read()).toBe(true);
    const onset_ms = channel.now_ms();
    drive(channel, 5);
    later(1);
    expect(channel.alertFell_ms - onset_ms).toBeLessThan(50);
    expect(ina228Status(ina) & Ina228Flag.UnderVoltage).toBe(Ina228Flag.UnderVoltage);
  });

  it('a hot board is cut at the next conversion of the die', () => {
    const { channel, ina, later } = stopped(1);
    channel.ambient_C = 86;
    const onset_ms = channel.now_ms();
    later(1);
    expect(channel.alertFell_ms - onset_ms).toBeLessThan(1);
    expect(channel.current_A).toBe(0);
    expect(ina228Status(ina) & Ina228Flag.OverTemperature).toBe(Ina228Flag.OverTemperature);
  });

  it('the latch holds for hours, and is released by the read of its cause: with the pins still high the current flows again', () => {
    const { channel, ina, seen, later } = stopped(1);
    channel.defects = { shortBehindSwitch_A: 60 };
    later(0.01);
    channel.defects = undefined;
    seen.charge_C = 0;
    later(4 * 3600);
    expect(channel.current_A).toBe(0);
    expect(seen.charge_C).toBe(0);
    ina228Status(ina);
    later(1);
    expect(channel.current_A).toBeCloseTo(1, 1);
  });

  it('with the pins written low before the read nothing flows, and the cause is known', () => {
    const { channel, ina, seen, later } = stopped(1);
    channel.defects = { shortBehindSwitch_A: 60 };
    later(0.01);
    seen.charge_C = 0;
    expect(channel.alert.read()).toBe(false);
    channel.dischargeSwitch.write(false);
    expect(ina228Status(ina) & Ina228Flag.OverCurrent).toBe(Ina228Flag.OverCurrent);
    later(10);
    expect(channel.alert.read()).toBe(true);
    expect(seen.charge_C).toBe(0);
  });

  it('while its cause lasts each read lets it through for less than 1 ms', () => {
    const { channel, ina, seen, later } = stopped(1);
    channel.defects = { shortBehindSwitch_A: 60 };
    for (let k = 0; k < 20; k++) {
      later(0.1);
      expect(channel.current_A).toBe(0);
      ina228Status(ina);
      seen.charge_C = 0;
      later(0.1);
      expect(seen.charge_C).toBeGreaterThan(0);
      expect(seen.charge_C).toBeLessThan(61e-3);
    }
  });
});

describe('no alert without a cause, at the worst legal noise', () => {
  it.each([
    ['3C down to the cut-off', 3, 4.25, 3.0],
    ['charge at 1C up to the cut-off', -1, 3.9, 4.3],
  ])('%s, with 100 mV and 10 %% to the limits', (_, current_A, rest_V, until_V) => {
    for (let seed = 0; seed < 5; seed++) {
      const { channel, cell, later } = stopped(current_A, rest_V, LIMITS, WORST, seed);
      let looks = 0;
      while (current_A > 0 ? cell.voltage_V > until_V : cell.voltage_V < until_V) {
        later(0.1);
        looks++;
      }
      expect(looks).toBeGreaterThan(1000);
      expect(channel.alert.read()).toBe(true);
      expect(Math.abs(channel.current_A)).toBeCloseTo(Math.abs(current_A), 1);
    }
  });

  it.each([
    ['the cut-off of the charge', 4.3],
    ['the cut-off of the discharge', 3.0],
  ])('a week of rest at %s', (_, rest_V) => {
    const { channel, later } = stopped(0, 3.9, LIMITS, WORST);
    channel.defects = { voltage: { stuck: rest_V } };
    for (let day = 0; day < 7; day++) later(86400);
    expect(channel.alert.read()).toBe(true);
    expect(channel.alertFell_ms).toBe(-1);
  });
});

describe('the bench in quiet times', () => {
  it('is the same in many short steps and in few', () => {
    const often = stopped(1);
    const seldom = stopped(1);
    for (let k = 0; k < 1000; k++) often.later(0.1);
    for (let k = 0; k < 100; k++) seldom.later(1);
    expect(often.cell.voltage_V).toBeCloseTo(seldom.cell.voltage_V, 4);
    expect(often.seen.charge_C).toBeCloseTo(seldom.seen.charge_C, 9);
  });

  it('takes one step a tick far from the limits', () => {
    const { channel, later } = stopped(1);
    let steps = 0;
    channel.onStep = () => steps++;
    for (let k = 0; k < 1000; k++) later(0.1);
    expect(steps).toBe(1000);
  });
});
