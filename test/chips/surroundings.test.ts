import { describe, expect, it } from 'vitest';
import { CYCLER } from '../../hal/boards/cycler';
import { ina228DieTemperature_C } from '../../hal/chips/ina228';
import { ina228Open } from '../../hal/chips/ina228Open';
import { Channel } from '../../sim/bench/channel';
import { Cell } from '../../sim/cell/cell';
import { INA228_TYPICAL } from '../../sim/chips/ina228';
import { loadProfile } from '../../sim/profiles/profile';
import { balanceOf } from '../../sim/thermal/selfHeat';

const profile = loadProfile('afl-l1');

function bench(temperature_C: number, seed = 1) {
  const channel = new Channel(CYCLER, new Cell(profile, temperature_C), seed);
  const ina = ina228Open(channel.bus, CYCLER.ina228, {
    highest_mA: 5000,
    lowest_mA: -5000,
    highest_mV: 4500,
    lowest_mV: 0,
    hottest_C: 100,
  });
  const later = (time_s: number): void => channel.advanceTo(channel.now_ms() + 1000 * time_s);
  const board_C = (): number => {
    later(1);
    return ina228DieTemperature_C(ina);
  };
  return { channel, later, board_C };
}

describe('the surroundings of a channel, as the current monitor on its board feels them', () => {
  it.each([-10, 25, 45])('are those that the cell was built in: %s degC', (temperature_C) => {
    const { channel, board_C } = bench(temperature_C);
    expect(channel.ambient_C).toBe(temperature_C);
    expect(Math.abs(board_C() - temperature_C - INA228_TYPICAL.selfHeating_C)).toBeLessThan(1.01);
  });

  it('do not follow the cell', () => {
    const { channel, board_C } = bench(25);
    const before_C = board_C();
    channel.cell.temperature_C = 60;
    expect(board_C()).toBe(before_C);
  });

  it('change when they are set, also with a cell whose temperature is held', () => {
    const { channel, board_C } = bench(25);
    const before_C = board_C();
    channel.ambient_C = -5;
    expect(board_C()).toBeCloseTo(before_C - 30, 2);
    expect(channel.cell.temperature_C).toBe(25);
  });

  it('are those of the heat balance, also as it changes, and cool the cell', () => {
    const { channel, later, board_C } = bench(25);
    const before_C = board_C();
    channel.balance = balanceOf(profile, 35, 0.1);
    expect(channel.ambient_C).toBe(35);
    expect(board_C()).toBeCloseTo(before_C + 10, 2);
    channel.balance.ambient_C = 10;
    expect(board_C()).toBeCloseTo(before_C - 15, 2);
    channel.ambient_C = 0;
    expect(channel.balance.ambient_C).toBe(0);
    later(3600);
    expect(board_C()).toBeCloseTo(before_C - 25, 2);
    expect(channel.cell.temperature_C).toBeLessThan(35);
  });

  it('are read with an error of the specimen, within +-1 degC, the same at every reading', () => {
    const errors = Array.from({ length: 40 }, (_, seed) => {
      const { board_C } = bench(25, seed);
      const error_C = board_C() - 25 - INA228_TYPICAL.selfHeating_C;
      expect(board_C() - 25 - INA228_TYPICAL.selfHeating_C).toBe(error_C);
      return error_C;
    });
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1.01);
    expect(Math.min(...errors)).toBeLessThan(-0.5);
    expect(Math.max(...errors)).toBeGreaterThan(0.5);
  });
});
