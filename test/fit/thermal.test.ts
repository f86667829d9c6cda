import { describe, expect, it } from 'vitest';
import { InputError } from '../../sim/errors';
import { fitThermal, type FreeThermalParameter } from '../../sim/fit/thermal';
import { runArc } from '../../sim/thermal/arc';
import { loadThermalProfile, thermalProfileNames, type ThermalProfile } from '../../sim/thermal/profile';

/** The reactions' parameters that a profile calls fitted. */
const fittedValues = ({ reactions }: ThermalProfile) => ({
  seiRate_per_s: reactions[0]!.rate_per_s,
  lithiumRate_per_s: reactions[1]!.rate_per_s,
  cathodeRise_K: reactions[2]!.rise_K,
});

describe.each(thermalProfileNames())('thermal fit, %s', (name) => {
  const profile = loadThermalProfile(name);
  const fit = fitThermal(profile);

  it('meets the three temperatures, and its values are those that the profile calls fitted', () => {
    for (const key of ['onset_C', 'triggering_C', 'max_C'] as const)
      expect(Math.abs(fit.model[key] - profile.measured![key]), key).toBeLessThan(0.05);
    for (const [key, value] of Object.entries(fittedValues(profile)))
      expect(fit.values[key as FreeThermalParameter] / value, key).toBeCloseTo(1, 3);
    const called = Object.keys(profile.basis).filter((key) => profile.basis[key] === 'fitted');
    expect(called.sort()).toEqual(Object.keys(fit.values).sort());
  });

  it('does not depend on where the profile stands', () => {
    const moved = profile.reactions.map((reaction, j) =>
      j === 2 ? { ...reaction, rise_K: 1 } : { ...reaction, rate_per_s: 0.3 * reaction.rate_per_s },
    );
    expect(fitThermal({ ...profile, reactions: moved }).values).toEqual(fit.values);
  });

  it('sensitivities are those of the calorimeter itself', () => {
    const options = { step_K: 0.1, wait_min: 1 };
    const faster = profile.reactions.map((r, j) => (j === 1 ? { ...r, rate_per_s: 1.1 * r.rate_per_s } : r));
    const moved_K =
      runArc({ ...profile, reactions: faster }, options).triggering_C! - runArc(profile, options).triggering_C!;
    expect(fit.sensitivity.lithiumRate_per_s!.triggering_C).toBeCloseTo(moved_K, 9);
    expect(moved_K).toBeLessThan(-0.3);
  });

  it('no assumed parameter is determined: moved by 10 %, the others make up for it', () => {
    for (const [key, { worst_K }] of Object.entries(fit.exchange)) expect(worst_K, key).toBeLessThan(0.1);
  });
});

it('refuses what cannot be fitted', () => {
  const profile = loadThermalProfile('routine');
  expect(() => fitThermal({ ...profile, measured: null })).toThrow(InputError);
  const tooHot = profile.reactions.map((reaction) => ({ ...reaction, rise_K: 2000 }));
  expect(() => fitThermal({ ...profile, reactions: tooHot })).toThrow(/cathodeRise_K would be below 0/);
});
