import { describe, expect, it } from 'vitest';
import { DirectRun } from '../../sim/campaign/directRun';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import { loadProfile, profileNames } from '../../sim/profiles/profile';
import { LONG } from '../long';

const CYCLES = LONG ? 500 : 150;

describe.each(profileNames())('%s', (name) => {
  it(`keeps its lithium to 1e-9 mAh/cm2 over ${CYCLES} cycles, or until no further cycle can come`, () => {
    const profile = loadProfile(name);
    const options = { charge_C: 0.2, discharge_C: 1, temperature_C: 25, sampleEvery_s: Infinity };
    const run = new DirectRun(profile, options);
    let worst_mAh_cm2 = 0;
    for (let n = 0; n < CYCLES && run.stopped === undefined; n++) {
      run.advance();
      worst_mAh_cm2 = Math.max(worst_mAh_cm2, Math.abs(run.cell.lithium_mAh_cm2));
    }
    expect(worst_mAh_cm2).toBeLessThan(1e-9);
  });
});

it('rounding does not gather in many short steps either: ten million at 10 Hz', () => {
  const cell = new Cell(loadProfile('afl-l1'));
  runStep(cell, -0.6, { capacity_mAh_cm2: 2, longest_s: 1e6 });
  for (let k = 0; k < 1e7; k++) cell.advance(k % 20_000 < 10_000 ? 1.5 : -1.5, 0.1);
  cell.settle();
  expect(Math.abs(cell.lithium_mAh_cm2)).toBeLessThan(1e-10);
});
