import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DetailedCell } from '../../../sim/cell/detailed/cell';
import { runStep } from '../../../sim/cell/step';
import { loadProfile, profileNames } from '../../../sim/profiles/profile';

const LITHIUM_MAH_CM2 = 1e-9;
/** Rounding in the solution of the diffusion equation gathers a little faster than that of the lithium. */
const SALT = 1e-8;

describe('lithium and salt are only ever moved', () => {
  it.each(profileNames())('%s: in any protocol', (name) => {
    const profile = loadProfile(name);
    const protocol = fc.array(
      fc.record({
        i: fc.double({ min: -6, max: 15, noNaN: true }),
        dt_s: fc.double({ min: 0.1, max: 300, noNaN: true }),
        steps: fc.integer({ min: 1, max: 50 }),
        short: fc.boolean(),
        rests: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(protocol, fc.double({ min: -20, max: 60, noNaN: true }), (parts, temperature_C) => {
        const cell = new DetailedCell(profile, temperature_C);
        runStep(cell, -1, { capacity_mAh_cm2: 2, longest_s: 1e5 });
        for (const { i, dt_s, steps, short, rests } of parts) {
          for (let k = 0; k < steps; k++) {
            if (short) cell.advance(rests ? 0 : i, dt_s / 60);
            else cell.step(rests ? 0 : i, dt_s);
          }
          expect(Math.abs(cell.lithium_mAh_cm2)).toBeLessThan(LITHIUM_MAH_CM2);
          expect(Math.abs(cell.salt - 1)).toBeLessThan(SALT);
          for (const output of [cell.voltage_V, cell.etaConc_V, cell.etaFast_V, cell.saturation])
            expect(Number.isFinite(output)).toBe(true);
        }
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it.each(profileNames())('%s: over 500 cycles', (name) => {
    const cell = new DetailedCell(loadProfile(name));
    const { kind, chargeCutoff_V, dischargeCutoff_V } = cell.profile;
    const i = cell.nominal_mAh_cm2;
    const full = (): boolean => kind === 'full' && cell.voltage_V >= chargeCutoff_V;
    const empty = (): boolean =>
      kind === 'full' ? cell.voltage_V <= dischargeCutoff_V : cell.voltage_V >= dischargeCutoff_V;
    for (let n = 0; n < 500; n++) {
      for (let k = 0; k < 12 && !full(); k++) cell.step(-0.5 * i, 600);
      cell.step(0, 300);
      for (let k = 0; k < 60 && !empty(); k++) cell.step(i, cell.active < 0.2 * i ? 15 : 240);
      cell.step(0, 300);
    }
    expect(cell.inactive).toBeGreaterThan(0.001);
    expect(Math.abs(cell.lithium_mAh_cm2)).toBeLessThan(LITHIUM_MAH_CM2);
    expect(Math.abs(cell.salt - 1)).toBeLessThan(SALT);
  });

  it('at 10 Hz, side reactions gathered', () => {
    const cell = new DetailedCell(loadProfile('afl-l1'));
    for (let k = 0; k < 200_000; k++) cell.advance(k % 4000 < 3000 ? -3 : 8.9, 0.1);
    expect(Math.abs(cell.lithium_mAh_cm2)).toBeLessThan(1e-10);
  });
});
