import { beforeAll, describe, expect, it } from 'vitest';
import { missSample } from '../../firmware/estimate/estimate';
import { Why } from '../../firmware/estimate/estimates';
import { burstAffordable, foresee, PROMISE_SIGMAS, setBurst } from '../../firmware/steer/forecast';
import { createForecast, Foreseen, type Forecast } from '../../firmware/steer/foreseen';
import { Limit } from '../../firmware/steer/limits';
import type { Plant } from '../../sim/cell/plant';
import { believedCell } from '../../sim/profiles/drawn';
import { loadProfile } from '../../sim/profiles/profile';
import { CycledCell } from '../estimate/cycledCell';

/** mW/cm2 at xC: x times the nominal capacity at 3.7 V. */
const power = (rate: number): number => rate * 3 * 3.7;
const FREE_MA = 1e9;
/** Enough for a run of the burst and one of the present power. */
const RUNS_S = 30;

/** A cell of which power is taken, and the forecast beside its estimator. */
class Flown extends CycledCell {
  forecast: Forecast = createForecast();
  most_mA = FREE_MA;

  /** @returns whether the cell has served it all */
  fly(rate: number, time_s: number): boolean {
    for (let t = 0; t < time_s; t++) {
      this.step(power(rate) / this.plant.voltage_V / this.plant.nominal_mAh_cm2, 1);
      this.foresee(rate);
      if (this.plant.voltage_V < this.plant.profile.dischargeCutoff_V) return false;
    }
    return true;
  }

  foresee(rate: number): void {
    foresee(this.forecast, this.estimator, power(rate) * this.plant.area_cm2, this.most_mA, this.now_ms);
  }

  setBurst(rate: number, time_s: number): void {
    setBurst(this.forecast, this.estimator, power(rate) * this.plant.area_cm2, time_s);
  }

  foreseen(what: Foreseen): number {
    return this.forecast.value[what]!;
  }
}

/** How long the plant itself would serve a power from now. */
function truth_s(plant: Plant, rate: number): number {
  plant.settle();
  const cell = plant.clone();
  for (let t = 0; ; t += 0.5) {
    cell.advance(power(rate) / cell.voltage_V, 0.5);
    if (cell.voltage_V < plant.profile.dischargeCutoff_V) return t;
  }
}

function charged(known = loadProfile('afl-l1')): Flown {
  const cell = new Flown({ known, truth: loadProfile('afl-l1') });
  cell.cycles(0);
  cell.charge();
  cell.rest('top');
  cell.begin('discharge');
  return cell;
}

describe('forecast at constant power', () => {
  let cell: Flown;
  beforeAll(() => {
    cell = charged();
    cell.setBurst(5, 100);
    cell.fly(5, 30);
    cell.fly(1, 1500);
  });

  it('foresees a burst that the electrolyte ends', () => {
    const real_s = truth_s(cell.plant, 5);
    expect(Math.abs(cell.foreseen(Foreseen.BurstLasts_s) / real_s - 1)).toBeLessThan(0.15);
    expect(cell.foreseen(Foreseen.BurstLimitedBy)).toBe(Limit.Saturation);
    const least_s = cell.foreseen(Foreseen.BurstLasts_s) - PROMISE_SIGMAS * cell.foreseen(Foreseen.BurstLastsSigma_s);
    expect(least_s).toBeLessThan(real_s);
    expect(least_s).toBeGreaterThan(20);
  });

  it('foresees how long the cruise can go on', () => {
    const real_s = truth_s(cell.plant, 1);
    const error_s = cell.foreseen(Foreseen.SecondsLeft_s) - real_s;
    expect(Math.abs(error_s)).toBeLessThan(0.12 * real_s);
    expect(Math.abs(error_s)).toBeLessThan(3 * cell.foreseen(Foreseen.SecondsLeftSigma_s));
  });

  it('promises a burst that is short enough, and no longer one than the cell serves', () => {
    const real_s = truth_s(cell.plant, 5);
    cell.setBurst(5, 30);
    expect(burstAffordable(cell.forecast)).toBe(false);
    cell.fly(1, RUNS_S);
    expect(burstAffordable(cell.forecast)).toBe(true);
    cell.setBurst(5, real_s);
    cell.fly(1, RUNS_S);
    expect(burstAffordable(cell.forecast)).toBe(false);
    cell.setBurst(0, 0);
    cell.fly(1, RUNS_S);
    expect(burstAffordable(cell.forecast)).toBe(false);
  });

  it('knows a limit of the current', () => {
    cell.setBurst(5, 30);
    cell.most_mA = 5000;
    cell.fly(1, RUNS_S);
    expect(cell.foreseen(Foreseen.BurstLimitedBy)).toBe(Limit.Configured);
    expect(burstAffordable(cell.forecast)).toBe(false);
    cell.most_mA = FREE_MA;
  });

  it('promises nothing while the estimator is not to be trusted, nor before the next run', () => {
    cell.setBurst(5, 20);
    cell.fly(1, RUNS_S);
    expect(burstAffordable(cell.forecast)).toBe(true);
    cell.now_ms += 60_000;
    missSample(cell.estimator, cell.now_ms);
    cell.foresee(1);
    expect(cell.forecast.why).toBe(Why.Gap);
    expect(burstAffordable(cell.forecast)).toBe(false);
    expect(cell.foreseen(Foreseen.SecondsLeft_s)).toBe(0);
    expect(cell.foreseen(Foreseen.BurstLasts_s)).toBe(0);
  });
});

describe('what bursts teach', () => {
  /** An electrolyte that limits more, and shows it less, than the firmware believes. */
  const nominal = loadProfile('afl-l1');
  const { ilim, kap } = nominal.parameters;
  const known = { ...nominal, parameters: { ...nominal.parameters, ilim: ilim * 1.15, kap: kap * 1.2 } };
  const error = (cell: Flown): number => {
    cell.charge();
    cell.rest('top');
    cell.fly(5, 30);
    cell.fly(1, 1500);
    return cell.foreseen(Foreseen.BurstLasts_s) / truth_s(cell.plant, 5) - 1;
  };

  it('comes nearer to the truth and surer of it with a landing', () => {
    const cell = new Flown({ known, truth: nominal });
    cell.cycles(0);
    cell.setBurst(5, 90);
    const before = error(cell);
    const unsure = cell.foreseen(Foreseen.ScaleSigma);
    expect(cell.fly(5, 90)).toBe(true);
    cell.step(0, 1);
    cell.foresee(0);
    cell.rest('bottom');
    const after = error(cell);
    expect(cell.foreseen(Foreseen.ScaleSigma)).toBeLessThan(0.5 * unsure);
    expect(Math.abs(after)).toBeLessThan(0.12);
    expect(Math.abs(after)).toBeLessThan(Math.abs(before));
  });

  it('keeps its promises to a firmware that is wrong by a fifth', () => {
    const cell = new Flown({ known: believedCell(nominal, 3), truth: nominal });
    cell.cycles(0);
    cell.setBurst(5, 60);
    let promised = 0;
    for (let mission = 0; mission < 14; mission++) {
      cell.charge();
      cell.rest('top');
      cell.fly(5, 60);
      cell.fly(1, 1200);
      const promise = burstAffordable(cell.forecast);
      const served = cell.fly(5, 60);
      expect(served || !promise).toBe(true);
      if (promise) promised++;
      if (!served) break;
      cell.foresee(0);
      cell.rest('bottom');
    }
    expect(promised).toBeGreaterThan(3);
  });
});

describe('cost', () => {
  it('touches few numbers in a second', () => {
    const cell = charged();
    cell.setBurst(5, 60);
    cell.fly(1, 300);
    let touched = 0;
    const counted = (array: Float64Array): Float64Array =>
      new Proxy(array, {
        get(target, key) {
          touched++;
          const found = Reflect.get(target, key) as unknown;
          return typeof found === 'function' ? (found as () => unknown).bind(target) : found;
        },
        set(target, key, value) {
          touched++;
          return Reflect.set(target, key, value);
        },
      });
    const { estimator, forecast } = cell;
    for (const name of ['x', 'f', 'm', 'v', 'ocv', 'sum'] as const) estimator[name] = counted(estimator[name]);
    forecast.run = counted(forecast.run);
    forecast.value = counted(forecast.value);
    for (const rate of [1, 5, 0]) {
      let all = 0;
      for (let second = 0; second < 60; second++) {
        touched = 0;
        cell.foresee(rate);
        expect(touched).toBeLessThan(125);
        all += touched;
      }
      expect(all / 60).toBeLessThan(75);
    }
  });
});
