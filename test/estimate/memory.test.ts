import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import type { Estimator } from '../../firmware/estimate/estimator';
import { createEstimator } from '../../firmware/estimate/create';
import { Estimated, Why } from '../../firmware/estimate/estimates';
import { Lithium } from '../../firmware/estimate/inventory';
import { recallEstimator, rememberEstimator } from '../../firmware/estimate/memory';
import { State } from '../../firmware/estimate/state';
import { eraseAhead } from '../../firmware/record/erase';
import { keepParts } from '../../firmware/record/keep';
import { Kind, type Checksum } from '../../firmware/record/layout';
import { openRecords } from '../../firmware/record/open';
import { recallParts } from '../../firmware/record/recall';
import { NorFlash } from '../../sim/chips/flash';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { loadProfile } from '../../sim/profiles/profile';
import { Random } from '../../sim/random';
import { CycledCell, LONGEST_GAP_S, MOST_CURRENT_MA, PARTS } from './cycledCell';

const HOUR_MS = 3_600_000;
const known = new CycledCell();
known.cycles(3);

const newborn = (profile = 'afl-l1'): Estimator =>
  createEstimator(cellModelOf(loadProfile(profile)), MOST_CURRENT_MA, LONGEST_GAP_S);

const PAGE = 4096;
const PAGES = 4;

/** The cell goes on with an estimator that knows no more than what was recorded, and with a clock that starts anew. */
function reboot(cell: CycledCell): void {
  const flash = new NorFlash(0, PAGE, PAGES, new Random(1, 'flash'));
  const area = { flash, begin: 0, pageBytes: PAGE, pages: PAGES };
  const checksum: Checksum = (bytes) => crc32(bytes as Uint8Array);
  const records = openRecords(area, checksum);
  while (eraseAhead(records));
  expect(keepParts(records, Kind.State, [rememberEstimator(cell.estimator, cell.now_ms)])).toBe(true);
  const kept = recallParts(openRecords(area, checksum), Kind.State);
  cell.now_ms = 5000;
  const fresh = newborn();
  expect(kept && recallEstimator(fresh, kept[0]!, cell.now_ms)).toBe(true);
  Object.assign(cell.estimator, fresh);
}

describe('the record of an estimator', () => {
  test('a reboot at any moment keeps the inventory, and one clean cycle later all is valid and right', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PARTS), fc.double({ min: 0, max: 0.95, noNaN: true }), (part, at) => {
        const cell = known.clone();
        const lasts_s = part === 'charge' ? 6900 : part === 'discharge' ? 3500 : 300;
        let rebooted = false;
        cell.look = () => {
          if (rebooted || cell.part !== part || cell.since_s < at * lasts_s) return;
          rebooted = true;
          const before = structuredClone(cell.estimator);
          const age_ms = cell.now_ms - (before.known.at_ms[Estimated.Lambda_mAh] as number);
          reboot(cell);
          const after = cell.estimator;
          expect(after.cycles).toBe(before.cycles);
          for (const pool of [State.I, State.D, State.S, State.A, State.rho, State.h, State.k, State.pace] as const)
            expect(after.x[pool], State[pool]).toBe(before.x[pool]);
          for (const stored of [Lithium.lambda, Lithium.cathode, Lithium.newCathode, Lithium.ratio] as const)
            expect(after.v[stored], Lithium[stored]).toBe(before.v[stored]);
          for (const what of [Estimated.EtaConc_mV, Estimated.EtaFast_mV, Estimated.ToKnee_mAh])
            expect(Why[cell.why(what)]).toBe('Gap');
          for (const what of [Estimated.Lambda_mAh, Estimated.Sei_mAh, Estimated.Capacity_mAh]) {
            expect(after.known.why[what]).toBe(before.known.why[what]);
            expect(after.known.value[what]).toBe(before.known.value[what]);
            expect(after.known.sigma[what]).toBe(before.known.sigma[what]);
          }
          expect(cell.now_ms - (after.known.at_ms[Estimated.Lambda_mAh] as number)).toBeCloseTo(age_ms, 6);
        };
        cell.cycle();
        expect(rebooted).toBe(true);
        cell.cycle();
        cell.cycle();
        cell.closeCycle();
        for (let what = 0; what < Estimated.length; what++)
          expect(`${Estimated[what]} ${Why[cell.why(what)]}`).toBe(`${Estimated[what]} Valid`);
        expect(cell.eta.rms_mV).toBeLessThan(6);
        expect(Math.abs(cell.amount(Estimated.Lambda_mAh) - cell.atEnd.lambda)).toBeLessThan(0.03);
        expect(Math.abs(cell.amount(Estimated.Active_mAh) - cell.atEnd.active)).toBeLessThan(0.03);
        expect(cell.estimator.cycles).toBeGreaterThanOrEqual(known.estimator.cycles + 3);
      }),
      { numRuns: 25 },
    );
  });

  test('what is remembered, recalled and remembered again is the same, but for what a reboot makes unknown', () => {
    const first = rememberEstimator(known.estimator, known.now_ms);
    const fresh = newborn();
    expect(recallEstimator(fresh, first, 7 * HOUR_MS)).toBe(true);
    const between = rememberEstimator(fresh, 7 * HOUR_MS);
    // By the first clock again.
    expect(recallEstimator(fresh, between, known.now_ms)).toBe(true);
    const second = rememberEstimator(fresh, known.now_ms);
    const changed = [...first.keys()].filter((k) => Math.abs((first[k] as number) - (second[k] as number)) > 1e-6);
    // The variance of the active lithium, the top anchor, and why the four estimates of the present are not valid.
    expect(changed.length).toBeLessThanOrEqual(6);
  });

  test('another cell, another length, another form and what is no number are refused and change nothing', () => {
    const good = rememberEstimator(known.estimator, known.now_ms);
    const refusedBy = (estimator: Estimator, numbers: Float64Array): void => {
      const before = structuredClone(estimator);
      expect(recallEstimator(estimator, numbers, 0)).toBe(false);
      expect(estimator).toEqual(before);
    };
    refusedBy(newborn('afl-l2'), good);
    refusedBy(newborn('homs-lfp'), good);
    for (const length of [0, 1, good.length - 1]) refusedBy(newborn(), good.slice(0, length));
    refusedBy(newborn(), Float64Array.from([...good, 0]));
    for (let k = 0; k < good.length; k++) {
      for (const nonsense of [NaN, Infinity, -Infinity]) {
        const bad = good.slice();
        bad[k] = nonsense;
        refusedBy(newborn(), bad);
      }
    }
    const otherForm = good.slice();
    otherForm[0] = 0;
    refusedBy(newborn(), otherForm);
  });
});
