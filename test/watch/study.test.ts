import { describe, expect, it } from 'vitest';
import { growingShort } from '../../sim/study/watchers/shorts';
import { calorimeter, hotUse, runaway, runawayCases } from '../../sim/study/watchers/heat';
import { cleanCells, cleanRun } from '../../sim/study/watchers/clean';
import { drying } from '../../sim/study/watchers/ageing';
import { loadProfile } from '../../sim/profiles/profile';
import { watchSettingsOf } from '../../sim/study/watchers/settingsOf';

describe('on simulated cells', () => {
  it('a soft short is found within two cycles of its leak passing 2 % of the charge current', () => {
    for (const cell of ['afl-l1', 'homs-lfp'])
      for (const perCycle of [0.01, 0.1]) {
        const { found, delay } = growingShort({ cell, charge_C: 0.5, discharge_C: 2, perCycle, seed: 4 });
        expect(found).toBe(true);
        expect(delay).toBeLessThanOrEqual(2);
      }
  });

  it("so is that of a solid electrolyte's bare copper, in the charge in which it grows", () => {
    const own = { cell: 'copper-solid-ncm811', charge_C: 0.1, discharge_C: 0.1, perCycle: null, seed: 1 };
    expect(growingShort(own)).toMatchObject({ found: true, delay: 0 });
  });

  it('self-heating is found at least 5 K below thermal runaway, in the calorimeter and in use', () => {
    for (const thermal of ['routine', 'tri-salt'] as const)
      for (const [told, least_K] of [
        ['surroundings known', 10],
        ['guarded', 35],
      ] as const)
        expect(calorimeter(thermal, told, 7).delay).toBeGreaterThan(least_K);
    for (const one of runawayCases().filter(({ what }) => /20C|poorly cooled$/.test(what)))
      expect(runaway(one).delay ?? 99).toBeGreaterThan(5);
  });

  it('and not at 3C in 45 degC ambient', () => {
    const hot = { what: '', cell: 'tri-salt-pouch', ambient_C: 45, cooling_W_K_Ah: 0.1, swing_K: 0, seed: 9 };
    for (const ambientKnown of [true, false])
      expect(hotUse({ ...hot, charge_C: 0.5, discharge_C: 3, cycles: 2, ambientKnown })).toMatchObject({
        falseAlarms: 0,
        falseWarnings: 0,
        looked: 2,
      });
  });

  it('nothing is found on clean cells', () => {
    expect(cleanCells()).toHaveLength(13);
    for (const cell of ['afl-l2', 'criec-ncm811'])
      expect(cleanRun(cell, 4, 77, true, 1, 25)).toMatchObject({ falseAlarms: 0, falseWarnings: 0 });
  });

  it('drying is found', () => {
    expect(drying('routine-pouch', 0.5, 1, 40, 5).found).toBe(true);
  });

  it('settings follow from profiles: no self-discharge by the flat curve of LFP', () => {
    expect(watchSettingsOf(loadProfile('homs-lfp')).restSlope_mV).toBe(0);
    const { restSlope_mV, topSlope_mV } = watchSettingsOf(loadProfile('afl-l1'));
    expect(restSlope_mV).toBeGreaterThan(450);
    expect(topSlope_mV).toBeGreaterThan(restSlope_mV);
  });
});
