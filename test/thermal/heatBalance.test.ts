import { describe, expect, it } from 'vitest';
import { InputError } from '../../sim/errors';
import { HeatBalance } from '../../sim/thermal/heatBalance';
import { checkThermalProfile, loadThermalProfile, thermalProfileNames } from '../../sim/thermal/profile';
import routine from '../../sim/thermal/routine.json';

const AREA_CM2 = 333;

describe('heat is conserved', () => {
  it.each(thermalProfileNames())('%s, adiabatic: the cell warms by what its reactants gave', (name) => {
    const profile = loadThermalProfile(name);
    const balance = new HeatBalance(profile, { area_cm2: AREA_CM2, temperature_C: 130 });
    for (let k = 0; k < 200; k++) {
      balance.step(0, 10);
      const released_K = profile.reactions.reduce(
        (sum, { rise_K }, j) => sum + rise_K * (1 - balance.remaining[j]!),
        0,
      );
      expect(Math.abs(balance.temperature_C - 130 - released_K)).toBeLessThan(1e-8);
    }
    expect(balance.runaway_C).not.toBeNull();
    const whole_K = profile.reactions.reduce((sum, { rise_K }) => sum + rise_K, 0);
    expect(balance.temperature_C).toBeCloseTo(130 + whole_K, 3);
    expect(balance.reacted_J).toBeCloseTo(balance.heatCapacity_J_K * whole_K, 1);
  });

  it('cooled through a runaway: what went out is hA times the time integral of the temperature difference', () => {
    const balance = new HeatBalance(loadThermalProfile('tri-salt'), {
      area_cm2: AREA_CM2,
      temperature_C: 150,
      ambient_C: 25,
      cooling_W_K: 0.05,
    });
    // Long steps cross the runaway; the trapezoid over short ones is an independent account of the cooling.
    let integral_K_s = 0;
    for (let k = 0; k < 40_000; k++) {
      const before_K = balance.temperature_C - 25;
      balance.step(1, 0.02);
      integral_K_s += ((before_K + balance.temperature_C - 25) / 2) * 0.02;
    }
    expect(balance.runaway_C).not.toBeNull();
    expect(balance.removed_J).toBeCloseTo(0.05 * integral_K_s, -1);
    expect(balance.removed_J / (0.05 * integral_K_s)).toBeCloseTo(1, 3);
    expect(balance.generated_J).toBeCloseTo(40_000 * 0.02, 6);
    const stored_J = balance.heatCapacity_J_K * (balance.temperature_C - 150);
    expect(stored_J).toBeCloseTo(balance.reacted_J + balance.generated_J - balance.removed_J, 6);
  });

  it('without reactions the temperature follows the exponential to the balance of heating and cooling', () => {
    const cold = { ...loadThermalProfile('routine'), reactions: [] };
    const balance = new HeatBalance(cold, { area_cm2: AREA_CM2, ambient_C: 25, cooling_W_K: 0.1 });
    const tau_s = balance.heatCapacity_J_K / 0.1;
    balance.step(2, tau_s);
    expect(balance.temperature_C).toBeCloseTo(25 + 20 * (1 - Math.exp(-1)), 9);
    balance.step(2, 40 * tau_s);
    expect(balance.temperature_C).toBeCloseTo(45, 9);
  });
});

describe('wrong input is refused in one line', () => {
  const changed = (change: (json: typeof routine) => void): unknown => {
    const json = structuredClone(routine);
    change(json);
    return json;
  };
  it.each([
    [changed((j) => (j.parameters.fitted.seiRate_per_s = -1)), /seiRate_per_s is -1 1\/s; allowed: 0 to 50 1\/s/],
    [changed((j) => (j.parameters.assumed.seiActivation_J_mol = NaN)), /seiActivation_J_mol is NaN J\/mol; allowed/],
    [
      changed((j) => Object.assign(j.parameters.fitted, { seiRate: 1 })),
      /unknown field "parameters.fitted.seiRate"; allowed/,
    ],
    [changed((j) => Object.assign(j.parameters.fitted, { seiRise_K: 1 })), /seiRise_K is given twice/],
    [changed((j) => Object.assign(j.parameters, { guessed: {} })), /unknown group parameters.guessed; allowed/],
    [changed((j) => Object.assign(j, { onset: 1 })), /unknown field "onset"; allowed/],
    [changed((j) => (j.measured.onset_C = 2000)), /ascending order/],
    [changed((j) => Reflect.deleteProperty(j.parameters.fitted, 'cathodeRise_K')), /cathodeRise_K is missing; allowed/],
    [[], /the profile is \[\]; allowed: a JSON object/],
  ])('profile %#', (json, message) => {
    const check = () => checkThermalProfile(json, 'mine.json');
    expect(check).toThrow(InputError);
    expect(check).toThrow(message);
  });

  it('names and files', () => {
    expect(() => loadThermalProfile('none')).toThrow(/"none" is unknown; allowed: routine, tri-salt/);
    expect(() => loadThermalProfile('no-such-file.json')).toThrow(InputError);
  });

  it.each([
    [{ area_cm2: 0 }, /area_cm2 is 0 cm2; allowed: above 0/],
    [{ area_cm2: 1, cooling_W_K: -1 }, /cooling_W_K is -1 W\/K/],
    [{ area_cm2: 1, temperature_C: NaN }, /temperature_C is NaN degC/],
    [{ area_cm2: 1, subStep_K: 0 }, /subStep_K is 0 K/],
  ])('heat balance %#', (options, message) => {
    expect(() => new HeatBalance(loadThermalProfile('routine'), options)).toThrow(message);
  });

  it('a step that is not a number', () => {
    const balance = new HeatBalance(loadThermalProfile('routine'), { area_cm2: 1 });
    expect(() => balance.step(NaN, 1)).toThrow(/heat_W is NaN W/);
    expect(() => balance.step(0, -1)).toThrow(/dt_s is -1 s/);
  });
});
