import { describe, expect, it } from 'vitest';
import { Alarm, Level, Reason } from '../../firmware/watch/alarms';
import { Driver } from './driver';

const HEAT = Alarm.SelfHeating;
const CAPACITY_J_K = 13;

describe('self-heating', () => {
  it('is found at the onset rate of a calorimeter, 0.02 degC/min, where nothing is cooled', () => {
    const driver = new Driver({ cooling_W_K: 0 });
    driver.seconds(60 * 60, (k) => ({ temperature_C: 70 + (0.02 * k) / 60 }));
    expect(driver.level(HEAT)).toBe(Level.Alarm);
    expect(driver.reason(HEAT)).toBe(Reason.HeatUnexplained);
  });

  it('is not seen below half of that', () => {
    const driver = new Driver({ cooling_W_K: 0 });
    driver.seconds(4 * 3600, (k) => ({ temperature_C: 70 + (0.009 * k) / 60 }));
    expect(driver.level(HEAT)).toBe(Level.Ok);
  });

  it('is not what the losses explain, even when they are a fifth larger than thought', () => {
    const driver = new Driver({ cooling_W_K: 0 });
    const loss_W = 0.5;
    driver.seconds(1200, (k) => ({
      current_mA: 3000,
      loss_W,
      temperature_C: 45 + (1.2 * loss_W * k) / CAPACITY_J_K,
    }));
    driver.seconds(600, () => ({ temperature_C: 45 + (1.2 * loss_W * 1200) / CAPACITY_J_K }));
    expect(driver.level(HEAT)).toBe(Level.Ok);
  });

  it('is not a loss that is a fifth larger at a small current', () => {
    const driver = new Driver({ cooling_W_K: 0 });
    driver.seconds(600, (k) => ({ current_mA: 500, loss_W: 1, temperature_C: 25 + (1.2 * k) / CAPACITY_J_K }));
    expect(driver.level(HEAT)).toBe(Level.Ok);
  });

  it('is not what poorer cooling explains, by a fifth', () => {
    const driver = new Driver();
    driver.seconds(1800, () => ({}));
    const cooling_W_K = 0.08;
    driver.seconds(3600, (k) => ({
      current_mA: 500,
      loss_W: 1,
      temperature_C: 25 + (1 - Math.exp((-k * cooling_W_K) / CAPACITY_J_K)) / cooling_W_K,
    }));
    expect(driver.level(HEAT)).toBe(Level.Ok);
  });

  it('is not what warmer surroundings explain, known or not', () => {
    for (const known of [true, false]) {
      const driver = new Driver();
      driver.seconds(1800, () => ({ ambient_C: known ? 25 : NaN }));
      const tau_s = CAPACITY_J_K / 0.1;
      driver.seconds(1800, (k) => ({ temperature_C: 50 - 25 * Math.exp(-k / tau_s), ambient_C: known ? 50 : NaN }));
      expect(driver.level(HEAT)).toBe(Level.Ok);
    }
  });

  it('is found against cooling, as a cell that stays warmer than its surroundings', () => {
    const driver = new Driver();
    driver.seconds(1800, () => ({}));
    driver.seconds(600, (k) => ({ temperature_C: 25 + Math.min(3, k / 100) }));
    expect(driver.level(HEAT)).toBe(Level.Alarm);
  });

  it('takes the sensors as they are until a rest has zeroed them', () => {
    const driver = new Driver();
    driver.seconds(3 * 3600, () => ({ temperature_C: 27 }));
    expect(driver.level(HEAT)).toBe(Level.Ok);
  });

  it('is released ten minutes after it ended', () => {
    const driver = new Driver({ cooling_W_K: 0 });
    driver.seconds(200, (k) => ({ temperature_C: 60 + k / 100 }));
    expect(driver.level(HEAT)).toBe(Level.Alarm);
    driver.seconds(300, (k) => ({ temperature_C: 62 - k / 100 }));
    driver.seconds(240, () => ({ temperature_C: 59 }));
    expect(driver.level(HEAT)).toBe(Level.Alarm);
    driver.seconds(400, () => ({ temperature_C: 59 }));
    expect(driver.level(HEAT)).toBe(Level.Ok);
  });

  it('is a sudden rise that goes on, and not one bad reading', () => {
    const glitch = new Driver();
    glitch.seconds(600, (k) => ({ temperature_C: k % 60 === 30 ? 35 : k % 60 === 50 ? 10 : 25 }));
    expect(glitch.level(HEAT)).toBe(Level.Ok);
    const burning = new Driver();
    burning.seconds(60, () => ({}));
    burning.seconds(5, (k) => ({ temperature_C: 25 + 5 * k }));
    expect(burning.level(HEAT)).toBe(Level.Alarm);
    expect(burning.reason(HEAT)).toBe(Reason.HeatSudden);
  });

  it('is judged without current only, where the loss is not known', () => {
    const loaded = new Driver({ cooling_W_K: 0 });
    loaded.seconds(600, (k) => ({ current_mA: 500, loss_W: NaN, temperature_C: 25 + k / 100 }));
    expect(loaded.level(HEAT)).toBe(Level.Ok);
    const resting = new Driver({ cooling_W_K: 0 });
    resting.seconds(600, (k) => ({ loss_W: NaN, temperature_C: 25 + k / 100 }));
    expect(resting.level(HEAT)).toBe(Level.Alarm);
  });
});
