import { describe, expect, it } from 'vitest';
import { Electrolyte, NODES } from '../../../sim/cell/detailed/electrolyte';
import { detailedParameters } from '../../../sim/cell/detailed/parameters';
import { Particle, SHELLS } from '../../../sim/cell/detailed/particle';
import { loadProfile } from '../../../sim/profiles/profile';

const parameters = { ...detailedParameters(loadProfile('afl-l1')), t1: 0 };

describe('the electrolyte', () => {
  it('in steady state has a diffusivity that is linear in the way, as Kirchhoff has it', () => {
    const electrolyte = new Electrolyte(parameters);
    for (let k = 0; k < 200; k++) electrolyte.step(5, 60);
    const z = [...electrolyte.y].map((y) => Math.exp(-parameters.aD * (y - 1)));
    const perVolume = (z[NODES - 1]! - z[0]!) / (NODES - 1);
    expect(perVolume).toBeGreaterThan(0);
    z.forEach((value, k) => expect(Math.abs(value - z[0]! - k * perVolume)).toBeLessThan(2e-3));
    const length_um = parameters.L / NODES / parameters.eps ** parameters.brug;
    expect(perVolume / (5 * electrolyte.zPerCurrentLength * (1 - parameters.t0) * length_um)).toBeCloseTo(1, 2);
  });

  it('saturates at the copper just at its limiting current', () => {
    const reached = (share: number): number => {
      const electrolyte = new Electrolyte(parameters);
      const limit = electrolyte.saturatingCurrent(0);
      for (let k = 0; k < 2000; k++) electrolyte.step(share * limit, 5);
      return electrolyte.concentration(electrolyte.copperZ) / electrolyte.saturated;
    };
    expect(reached(0.98)).toBeLessThan(1);
    expect(reached(0.98)).toBeGreaterThan(0.9);
    expect(reached(1.02)).toBeGreaterThan(1);
  });

  it('is enriched at the copper by stripping, depleted by plating, and holds its salt', () => {
    const electrolyte = new Electrolyte(parameters);
    electrolyte.step(4, 30);
    expect(electrolyte.y[0]).toBeGreaterThan(1);
    expect(electrolyte.y[NODES - 1]).toBeLessThan(1);
    for (let k = 0; k < 3000; k++) electrolyte.step(k % 7 < 3 ? -4 : 3, 0.1 + (k % 11) * 20);
    expect(Math.abs(electrolyte.salt - 1)).toBeLessThan(1e-11);
    for (let k = 0; k < 40; k++) electrolyte.step(-4, 30);
    expect(electrolyte.y[0]).toBeLessThan(1);
  });

  it('of ordinary electrolyte, without pores, lets more through', () => {
    const ordinary = new Electrolyte({ ...parameters, eps: 1 });
    expect(ordinary.saturatingCurrent(0)).toBeGreaterThan(new Electrolyte(parameters).saturatingCurrent(0));
    expect(ordinary.resistance_ohm_cm2).toBeLessThan(new Electrolyte(parameters).resistance_ohm_cm2);
  });
});

describe('a particle of the cathode', () => {
  it('has its surface ahead of its mean by a fifteenth of rate x radius^2 / diffusivity', () => {
    const particle = new Particle();
    for (let k = 0; k < 1000; k++) particle.step(1e-3, 1e-3);
    // Rate 1 per radius^2 / diffusivity.
    expect(particle.surface * 15).toBeGreaterThan(0.97);
    expect(particle.surface * 15).toBeLessThan(1.03);
    expect([...particle.difference].every((value, k, all) => k === 0 || value > all[k - 1]!)).toBe(true);
  });

  it('gains and loses nothing but what passes its surface', () => {
    const particle = new Particle();
    for (let k = 0; k < 10_000; k++) particle.step(Math.sin(k) * 1e-2, 10 ** ((k % 5) - 4));
    const mean = particle.difference.reduce((sum, value) => sum + value, 0) / SHELLS;
    expect(Math.abs(mean)).toBeLessThan(1e-13);
  });

  it('evens out at rest', () => {
    const particle = new Particle();
    particle.step(0.1, 0.01);
    expect(particle.surface).toBeGreaterThan(0.1);
    for (let k = 0; k < 10; k++) particle.step(0, 1);
    expect(Math.abs(particle.surface)).toBeLessThan(1e-6);
  });
});
