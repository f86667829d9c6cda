import { describe, expect, it } from 'vitest';
import { DetailedCell } from '../../../sim/cell/detailed/cell';
import { checkDetailed, DETAILED_ROWS, detailedParameters } from '../../../sim/cell/detailed/parameters';
import { InputError } from '../../../sim/errors';
import { loadProfile, profileNames } from '../../../sim/profiles/profile';

describe('parameters of the detailed plant', () => {
  it.each(profileNames())('%s: has them all, within their ranges', (name) => {
    const profile = loadProfile(name);
    const parameters = detailedParameters(profile);
    for (const { symbol, min, max } of DETAILED_ROWS) {
      expect(parameters[symbol]).toBeGreaterThanOrEqual(min);
      expect(parameters[symbol]).toBeLessThanOrEqual(max);
    }
    expect(Number.isFinite(new DetailedCell(profile).voltage_V)).toBe(true);
  });

  it('are the same for a half cell and for variants of a profile', () => {
    const profile = loadProfile('afl-l1');
    const own = detailedParameters(profile);
    expect(detailedParameters(loadProfile('afl-l1-half'))).toEqual(own);
    const parameters = { ...profile.parameters, ilim: 30 };
    expect(detailedParameters({ ...profile, name: 'afl-l1#3', parameters })).toEqual(own);
  });

  it('follow the reduced ones in any other profile', () => {
    const profile = loadProfile('afl-l1');
    const own = detailedParameters(profile);
    const { ilim, s0 } = profile.parameters;
    const parameters = { ...profile.parameters, ilim: 2 * ilim, s0: 3 * s0 };
    const derived = detailedParameters({ ...profile, name: 'mine', parameters });
    expect(derived.D0).toBeCloseTo(2 * own.D0, 12);
    expect(derived.s0).toBeCloseTo(3 * own.s0, 12);
    expect({ ...derived, D0: own.D0, kappa0: own.kappa0, s0: own.s0 }).toEqual(own);
  });

  it('are refused with field, value, unit and range', () => {
    const values = Object.fromEntries(
      DETAILED_ROWS.map(({ key, symbol }) => [key, detailedParameters(loadProfile('afl-l1'))[symbol]]),
    );
    const bad = { ...values, layerPorosity: 1.2 };
    expect(() => checkDetailed(bad, 'mine')).toThrow(InputError);
    expect(() => checkDetailed(bad, 'mine')).toThrow('mine: layerPorosity is 1.2 1; allowed: 0.01 to 0.95 1');
    expect(() => checkDetailed({ ...values, gap_um: NaN }, 'mine')).toThrow('gap_um is NaN um; allowed: 5 to 2000 um');
  });
});
