import { beforeAll, describe, expect, it } from 'vitest';
import { missSample } from '../../firmware/estimate/estimate';
import {
  Allowed,
  clipCurrent,
  createCurrentLimits,
  Limit,
  limitCurrents,
  limitText,
  type CurrentLimits,
} from '../../firmware/steer/limits';
import { CycledCell } from '../estimate/cycledCell';

const SETTINGS = {
  most_mA: 20_000,
  mostCharge_mA: 2000,
  safe_mA: 500,
  safeCharge_mA: 200,
  coldest_C: -20,
  hottest_C: 60,
};

function limited(cell: CycledCell, settings = SETTINGS, temperature_C = 25): CurrentLimits {
  const limits = createCurrentLimits(settings);
  for (let turn = 0; turn < Allowed.length; turn++) limitCurrents(limits, cell.estimator, temperature_C);
  return limits;
}

describe('current limits', () => {
  let cell: CycledCell;
  beforeAll(() => {
    cell = new CycledCell();
    cell.cycles(0);
    cell.charge();
    cell.rest('top');
    cell.begin('discharge');
    for (let t = 0; t < 1200; t++) cell.step(1, 1);
  });

  it('are those of the electrolyte where nothing else limits, more for ten seconds than for long', () => {
    const limits = limited(cell);
    const atLimit_mA = cell.plant.limitingCurrent_mA_cm2 * cell.plant.area_cm2;
    expect(limits.why[Allowed.Lasting]).toBe(Limit.Saturation);
    expect(limits.most_mA[Allowed.Lasting]).toBeGreaterThan(0.5 * atLimit_mA);
    expect(limits.most_mA[Allowed.Lasting]).toBeLessThan(atLimit_mA);
    expect(limits.most_mA[Allowed.Short]).toBeGreaterThan(1.2 * limits.most_mA[Allowed.Lasting]!);
  });

  it('keep the cell off its cut-off for ten seconds, and not by far', () => {
    const short_mA = limited(cell).most_mA[Allowed.Short]!;
    const after = (current_mA: number): number => {
      cell.plant.settle();
      const plant = cell.plant.clone();
      for (let t = 0; t < 10; t++) plant.advance(current_mA / plant.area_cm2, 1);
      return plant.voltage_V;
    };
    expect(after(short_mA)).toBeGreaterThan(3);
    expect(after(1.5 * short_mA)).toBeLessThan(3);
  });

  it('fall towards the end', () => {
    const before = limited(cell);
    const later = cell.clone();
    for (let t = 0; t < 1500; t++) later.step(1, 1);
    const after = limited(later);
    for (const which of [Allowed.Short, Allowed.Lasting])
      expect(after.most_mA[which]).toBeLessThan(0.8 * before.most_mA[which]!);
  });

  it('hold back a charge that would be rough, and one at its voltage', () => {
    expect(limited(cell).why[Allowed.Charge]).toBe(Limit.Plating);
    const full = cell.clone();
    full.charge(0.5);
    const limits = limited(full);
    expect(limits.why[Allowed.Charge]).toBe(Limit.Voltage);
    expect(limits.most_mA[Allowed.Charge]).toBeLessThan(600);
  });

  it('never exceed the configuration, less of it in cold and heat, none beyond', () => {
    const small = { ...SETTINGS, most_mA: 1000, mostCharge_mA: 300 };
    const warm = limited(cell, small);
    expect([...warm.most_mA]).toEqual([1000, 1000, 300]);
    expect([...warm.why]).toEqual([Limit.Configured, Limit.Configured, Limit.Configured]);
    for (const temperature_C of [-15, 55]) {
      const edge = limited(cell, small, temperature_C);
      expect([...edge.most_mA]).toEqual([500, 500, 150]);
      expect(edge.why[Allowed.Short]).toBe(Limit.Temperature);
    }
    for (const temperature_C of [-25, 70, NaN])
      expect([...limited(cell, small, temperature_C).most_mA]).toEqual([0, 0, 0]);
  });

  it('are the safe ones where the state is not known', () => {
    const lost = cell.clone();
    missSample(lost.estimator, lost.now_ms + 60_000);
    const limits = limited(lost);
    expect([...limits.most_mA]).toEqual([500, 500, 200]);
    expect([...limits.why]).toEqual([Limit.Unknown, Limit.Unknown, Limit.Unknown]);
    expect([...createCurrentLimits(SETTINGS).most_mA]).toEqual([500, 500, 200]);
    expect([...limited(lost, SETTINGS, 65).most_mA]).toEqual([0, 0, 0]);
  });

  it('clip a wish and say why', () => {
    const limits = limited(cell, { ...SETTINGS, most_mA: 1000, mostCharge_mA: 300 });
    expect(clipCurrent(limits, 900, true)).toBe(900);
    expect(limits.clippedBy).toBe(Limit.None);
    expect(clipCurrent(limits, 1500, true)).toBe(1000);
    expect(limits.clippedBy).toBe(Limit.Configured);
    expect(clipCurrent(limits, -400, true)).toBe(-300);
    expect(clipCurrent(limits, -200, false)).toBe(-200);
    expect(limits.clippedBy).toBe(Limit.None);
    expect(clipCurrent(limits, NaN, false)).toBe(0);
    expect(limitText(Limit.Saturation)).toContain('limiting current');
  });
});
