import { describe, expect, it } from 'vitest';
import { createEstimator } from '../../firmware/estimate/create';
import type { Estimator } from '../../firmware/estimate/estimator';
import { setWarmth } from '../../firmware/estimate/polarization';
import { Factor, State } from '../../firmware/estimate/state';
import type { Sense } from '../../firmware/sense/sense';
import { Alarm, alarmLevel, Level } from '../../firmware/watch/alarms';
import { observeLimit, observeSecond, watchSettings } from '../../firmware/watch/observe';
import { Slot } from '../../firmware/watch/state';
import { createWatch } from '../../firmware/watch/watch';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';

const cell = cellModelOf(loadProfile('afl-l1'));
const CYCLES = 60;

/** Level of drying after cycles in each of which h, the scale of 1 / i_L, and k, that of kappa, are what they become. */
function dryingAfter(scales: (part: number) => [h: number, k: number]): Level {
  const e = known();
  const watch = createWatch(watchSettings(cell));
  for (let cycle = 0; cycle <= CYCLES; cycle++) {
    [e.x[State.h], e.x[State.k]] = scales(cycle / CYCLES);
    observeLimit(watch, e);
  }
  return alarmLevel(watch.alarms, Alarm.Drying);
}

/** At 25 degC, sure of its limiting current. */
function known(): Estimator {
  const e = createEstimator(cell, 1e5, 60);
  setWarmth(e.f, e.m, e.x, 25);
  e.f[Factor.n] = 1 / 15;
  e.x[State.hh] = 0.01;
  return e;
}

describe('drying', () => {
  it('is no wandering of what is learned between limiting current and kappa, which voltage cannot tell apart', () => {
    expect(dryingAfter((part) => [1 + 1.5 * part, 1 / (1 + 1.5 * part)])).toBe(Level.Ok);
  });

  it('is a limiting current that falls at the same kappa', () => {
    expect(dryingAfter((part) => [1 + part, 1])).toBe(Level.Alarm);
    expect(dryingAfter((part) => [1 + part, 1 + 0.3 * part])).toBe(Level.Alarm);
  });

  it('is no kappa that was taken too small at first', () => {
    expect(dryingAfter((part) => [1, 0.6 + part])).toBe(Level.Ok);
  });
});

describe('plating', () => {
  it('goes by the same limiting current', () => {
    const e = known();
    const watch = createWatch(watchSettings(cell));
    const sense = { at_ms: 0, voltage_mV: 3800, temperature_C: 25 } as Sense;
    const number = (h: number, k: number): number => {
      [e.x[State.h], e.x[State.k]] = [h, k];
      observeSecond(watch, e, sense, -cell.area_cm2, 1);
      return watch.x[Slot.platingNumber]!;
    };
    expect(number(2, 0.5)).toBeCloseTo(2 / 15, 12);
    e.x[State.h] = 1;
    e.x[State.k] = 0.8;
    for (let cycle = 0; cycle < 5; cycle++) observeLimit(watch, e);
    expect(number(1, 0.8)).toBeCloseTo(1 / 15, 12);
    expect(number(2, 0.4)).toBeCloseTo(1 / 15, 12);
    expect(number(1.5, 0.8)).toBeCloseTo(1.5 / 15, 12);
    expect(number(1, 1.5)).toBeCloseTo(1 / 15, 12);
  });
});
