/** Drives the watchers of a 1 Ah cell, second by second, with readings as a test wants them. */
import { alarmLevel, alarmReason, type Alarm, type Level, type Reason } from '../../firmware/watch/alarms';
import { watchDefaults, type WatchSettings } from '../../firmware/watch/settings';
import { createWatch, watchCycle, watchSecond, type Watch } from '../../firmware/watch/watch';

export interface Reading {
  dt_s: number;
  voltage_mV: number;
  current_mA: number;
  temperature_C: number;
  ambient_C: number;
  loss_W: number;
  platingNumber: number;
  valid: boolean;
}

const CALM: Reading = {
  dt_s: 1,
  voltage_mV: 3800,
  current_mA: 0,
  temperature_C: 25,
  ambient_C: 25,
  loss_W: 0,
  platingNumber: 0,
  valid: true,
};

export class Driver {
  readonly watch: Watch;
  now_ms = 0;

  constructor(settings: Partial<WatchSettings> = {}) {
    this.watch = createWatch({ ...watchDefaults(1000, 4300), ...settings });
  }

  second(own: Partial<Reading>): void {
    const r = { ...CALM, ...own };
    this.now_ms += 1000 * r.dt_s;
    this.at(this.now_ms, r);
  }

  at(at_ms: number, own: Partial<Reading>): void {
    const r = { ...CALM, ...own };
    watchSecond(
      this.watch,
      at_ms,
      r.dt_s,
      r.voltage_mV,
      r.current_mA,
      r.temperature_C,
      r.ambient_C,
      r.loss_W,
      r.platingNumber,
      r.valid,
    );
  }

  /** So many seconds; `reading` of the second's number. */
  seconds(count: number, reading: (k: number) => Partial<Reading>): void {
    for (let k = 0; k < count; k++) this.second(reading(k));
  }

  /** A cycle with everything in order but what is given. Amounts in mAh. */
  cycle(
    own: Partial<{ charge: number; discharge: number; before: number; after: number; sigma: number; limit: number }>,
  ) {
    const c = { charge: 1000, discharge: 990, before: 100, after: 110, sigma: 5, limit: 5000, ...own };
    watchCycle(this.watch, this.now_ms, c.charge, c.discharge, c.before, c.after, c.sigma, c.limit, 0.05 * c.limit);
  }

  level(alarm: Alarm): Level {
    return alarmLevel(this.watch.alarms, alarm);
  }

  reason(alarm: Alarm): Reason {
    return alarmReason(this.watch.alarms, alarm);
  }
}

export function times(count: number, work: () => void): void {
  for (let k = 0; k < count; k++) work();
}
