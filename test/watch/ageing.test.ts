import { describe, expect, it } from 'vitest';
import { Alarm, alarmEvidence, alarmText, Level, Reason } from '../../firmware/watch/alarms';
import { Driver } from './driver';

describe('drying', () => {
  const DRY = Alarm.Drying;
  const limits = (...values: number[]): Driver => {
    const driver = new Driver();
    for (const limit of [5000, 5200, 4800, 5000, ...values]) driver.cycle({ limit });
    return driver;
  };

  it('warns and alarms as the limiting current falls, and releases when it is back', () => {
    expect(limits(4600, 4400, 4300).level(DRY)).toBe(Level.Ok);
    expect(limits(...new Array<number>(6).fill(3500)).level(DRY)).toBe(Level.Warn);
    const dry = limits(...new Array<number>(8).fill(2800));
    expect(dry.level(DRY)).toBe(Level.Alarm);
    expect(alarmEvidence(dry.watch.alarms, DRY)).toBeCloseTo(56, -1);
    for (let k = 0; k < 2; k++) dry.cycle({ limit: 4300 });
    expect(dry.level(DRY)).toBe(Level.Alarm);
    for (let k = 0; k < 5; k++) dry.cycle({ limit: 4700 });
    expect(dry.level(DRY)).toBe(Level.Ok);
  });

  it('is not found from one bad estimate, or from none', () => {
    expect(limits(2500, 5000, 5000, 2600, 5000).level(DRY)).toBe(Level.Ok);
    expect(limits(NaN, 0, -1, NaN, Infinity).level(DRY)).toBe(Level.Ok);
  });
});

describe('plating too fast', () => {
  const PLATING = Alarm.LowTemperaturePlating;
  const plate = (driver: Driver, number: number, share: number): void =>
    driver.seconds(18000 * share, () => ({ current_mA: -200, platingNumber: number }));

  it('warns, then alarms with the charge that was plated so', () => {
    const driver = new Driver();
    plate(driver, 0.2, 0.001);
    expect(driver.level(PLATING)).toBe(Level.Ok);
    plate(driver, 0.2, 0.01);
    expect(driver.level(PLATING)).toBe(Level.Warn);
    plate(driver, 0.2, 0.015);
    expect(driver.level(PLATING)).toBe(Level.Alarm);
  });

  it('is released by plating smoothly, not by time', () => {
    const driver = new Driver();
    plate(driver, 0.2, 0.05);
    driver.seconds(5000, () => ({}));
    driver.seconds(3000, () => ({ current_mA: 1000 }));
    plate(driver, 0.16, 0.2);
    plate(driver, 0.1, 0.09);
    expect(driver.level(PLATING)).toBe(Level.Alarm);
    plate(driver, 0.1, 0.02);
    expect(driver.level(PLATING)).toBe(Level.Ok);
  });

  it('does not heed a number without a charge', () => {
    const driver = new Driver();
    driver.seconds(5000, () => ({ current_mA: 1000, platingNumber: 0.9 }));
    expect(driver.level(PLATING)).toBe(Level.Ok);
  });
});

it('every reason has words of its own', () => {
  const texts = Array.from({ length: Reason.PlatingTooFast + 1 }, (_, reason) => alarmText(reason));
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts) expect(text).not.toMatch(/^reason/);
});
