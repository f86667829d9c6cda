import { describe, expect, it } from 'vitest';
import { Alarm, alarmEvidence, alarmSince_ms, Level, Reason } from '../../firmware/watch/alarms';
import { Driver, times } from './driver';

const SHORT = Alarm.SoftShort;

/** A whole charge at 0.2C to `to_mV`, longer by `extra_s`. */
function charge(driver: Driver, extra_s = 0, dip: (k: number) => number = () => 0): void {
  const last = 17000 + extra_s;
  driver.seconds(last, (k) => ({ current_mA: -200, voltage_mV: Math.min(4290, 3700 + 0.035 * k) - dip(k) }));
  driver.second({ current_mA: -200, voltage_mV: 4300 });
}
const discharge = (driver: Driver): void => driver.seconds(3400, () => ({ current_mA: 1000, voltage_mV: 3600 }));
const rest = (driver: Driver, top_mV: number): void => driver.seconds(300, () => ({ voltage_mV: top_mV }));

describe('charge that is missing', () => {
  it('alarms after two cycles of one balance, and keeps when it began', () => {
    const driver = new Driver();
    driver.cycle({});
    driver.now_ms = 5000;
    driver.cycle({ discharge: 970 });
    expect(driver.level(SHORT)).toBe(Level.Ok);
    driver.cycle({ discharge: 970 });
    expect(driver.level(SHORT)).toBe(Level.Alarm);
    expect(driver.reason(SHORT)).toBe(Reason.ChargeMissing);
    expect(alarmSince_ms(driver.watch.alarms, SHORT)).toBe(5000);
    expect(alarmEvidence(driver.watch.alarms, SHORT)).toBeCloseTo(2, 0);
  });

  it('warns of one cycle that lacks much, and does not take lost lithium for it', () => {
    const lost = new Driver();
    for (let k = 0; k < 10; k++) lost.cycle({ discharge: 940, before: 100 + 60 * k, after: 160 + 60 * k });
    expect(lost.level(SHORT)).toBe(Level.Ok);
    const leaked = new Driver();
    leaked.cycle({ discharge: 940 });
    expect(leaked.level(SHORT)).toBe(Level.Warn);
  });

  it('is released by three clean cycles in a row and no fewer', () => {
    const driver = new Driver();
    driver.cycle({ discharge: 950 });
    driver.cycle({ discharge: 950 });
    times(2, () => driver.cycle({}));
    driver.cycle({ discharge: 981 });
    times(2, () => driver.cycle({}));
    expect(driver.level(SHORT)).toBe(Level.Alarm);
    driver.cycle({});
    expect(driver.level(SHORT)).toBe(Level.Ok);
  });

  it('is not concluded from a lambda that is not sure, nor from a worn-out cell', () => {
    const driver = new Driver();
    times(3, () => driver.cycle({ discharge: 950, sigma: 50 }));
    times(3, () => driver.cycle({ charge: 150, discharge: 100, sigma: 1 }));
    times(3, () => driver.cycle({ discharge: 950, after: NaN }));
    expect(driver.level(SHORT)).toBe(Level.Ok);
  });

  it('warns where more comes out than the lithium explains', () => {
    const driver = new Driver();
    times(2, () => driver.cycle({ discharge: 1020 }));
    expect(driver.level(SHORT)).toBe(Level.Warn);
    expect(driver.reason(SHORT)).toBe(Reason.EfficiencyAbove100);
  });

  it('is found from charge to charge where lambda is not known', () => {
    const leaking = (missing_s: number): Level => {
      const driver = new Driver();
      for (let k = 0; k < 4; k++) {
        charge(driver, missing_s);
        rest(driver, 4250);
        discharge(driver);
        rest(driver, 3400);
        driver.cycle({ charge: (17001 + missing_s) / 18, discharge: 17001 / 18, before: NaN });
      }
      return driver.level(SHORT);
    };
    expect(leaking(0)).toBe(Level.Ok);
    expect(leaking(500)).toBe(Level.Alarm);
  });

  it('does not compare charges that ended differently', () => {
    const driver = new Driver();
    for (let k = 0; k < 6; k++) {
      charge(driver);
      rest(driver, k % 2 ? 4250 : 4200);
      discharge(driver);
      driver.cycle({ charge: 1000, discharge: 950, before: NaN });
    }
    expect(driver.level(SHORT)).toBe(Level.Ok);
  });
});

describe('a charge that takes too much', () => {
  it('alarms within a tenth of the capacity once two charges are known', () => {
    const driver = new Driver();
    times(3, () => {
      charge(driver);
      rest(driver, 4250);
      discharge(driver);
      rest(driver, 3400);
    });
    driver.seconds(18800, () => ({ current_mA: -200, voltage_mV: 3900 }));
    expect(driver.level(SHORT)).toBe(Level.Ok);
    driver.seconds(600, () => ({ current_mA: -200, voltage_mV: 3900 }));
    expect(driver.reason(SHORT)).toBe(Reason.ChargeTooLong);
    expect(driver.level(SHORT)).toBe(Level.Alarm);
  });

  it('alarms in the first charge beyond what the cathode can give', () => {
    const driver = new Driver();
    driver.seconds(22600, () => ({ current_mA: -200, voltage_mV: 3900 }));
    expect(driver.level(SHORT)).toBe(Level.Ok);
    driver.seconds(200, () => ({ current_mA: -200, voltage_mV: 3900 }));
    expect(driver.level(SHORT)).toBe(Level.Alarm);
  });

  it('begins anew after a gap', () => {
    const driver = new Driver();
    driver.seconds(20000, () => ({ current_mA: -200, voltage_mV: 3900 }));
    driver.second({ dt_s: 100 });
    driver.seconds(20000, () => ({ current_mA: -200, voltage_mV: 3900 }));
    expect(driver.level(SHORT)).toBe(Level.Ok);
  });
});

describe('dips while plating', () => {
  const dips =
    (count: number): ((k: number) => number) =>
    (k) =>
      k > 4000 && k % 100 === 0 && k <= 4000 + 100 * count ? 4 : 0;

  it('warn from three on and alarm from ten on', () => {
    const level = (count: number): Level => {
      const driver = new Driver();
      charge(driver, 0, dips(count));
      return driver.level(SHORT);
    };
    expect([level(2), level(4), level(12)]).toEqual([Level.Ok, Level.Warn, Level.Alarm]);
  });

  it('are not taken from steps of the current or from nucleation', () => {
    const driver = new Driver();
    driver.seconds(100, (k) => ({ current_mA: -200, voltage_mV: 3800 - 5 * k }));
    driver.seconds(5000, (k) => ({ current_mA: k % 50 < 25 ? -200 : -300, voltage_mV: k % 50 < 25 ? 3700 : 3720 }));
    expect(driver.level(SHORT)).toBe(Level.Ok);
  });
});

describe('self-discharge at rest', () => {
  const resting = (voltage_mV: (s: number) => number, own = {}): Driver => {
    const driver = new Driver(own);
    driver.seconds(16000, (k) => ({ voltage_mV: voltage_mV(k) }));
    return driver;
  };

  it('is a fall that does not slow down', () => {
    // 0.4 % of 1C over 470 mV a capacity.
    const driver = resting((s) => 4250 - (4 / 1000) * 470 * (s / 3600));
    expect(driver.level(SHORT)).toBe(Level.Alarm);
    expect(driver.reason(SHORT)).toBe(Reason.SelfDischarge);
    expect(alarmEvidence(driver.watch.alarms, SHORT)).toBeCloseTo(4, 0);
  });

  it('is not a relaxation, be it exponential or by the root of time', () => {
    expect(resting((s) => 4250 + 40 * Math.exp(-s / 400)).level(SHORT)).toBe(Level.Ok);
    expect(resting((s) => 4250 + 100 / Math.sqrt(1 + s / 20)).level(SHORT)).toBe(Level.Ok);
    expect(resting((s) => 4250 - 5 * Math.log(1 + s / 10)).level(SHORT)).toBe(Level.Ok);
  });

  it('is not looked for on a flat open-circuit curve', () => {
    expect(resting((s) => 4250 - 0.001 * s, { restSlope_mV: 0 }).level(SHORT)).toBe(Level.Ok);
  });
});
