import { describe, expect, test } from 'vitest';
import { keep, keepParts } from '../../firmware/record/keep';
import { Kind, SLOTS_AT } from '../../firmware/record/layout';
import { recall, recallNumbers, recallParts, recallWords } from '../../firmware/record/recall';
import { writeSetup } from './device';
import { boot, fresh, norFlash } from './media';

describe('what is handed over', () => {
  test('is a copy', () => {
    const medium = norFlash();
    const r = fresh(medium);
    writeSetup(r, 3);
    const found = recall(r, Kind.Setup) as Uint8Array;
    medium.model.cells.fill(0);
    expect(found[0]).toBe(3);
  });

  test('is undefined when it is of another form', () => {
    const r = fresh(norFlash());
    keep(r, Kind.Setup, new Int32Array([1, 2, 3]));
    expect(recallNumbers(r, Kind.Setup)).toBeUndefined();
    expect(recallParts(r, Kind.Setup)).toBeUndefined();
    expect(recallWords(r, Kind.Setup)).toEqual(new Int32Array([1, 2, 3]));
    expect(recallNumbers(r, Kind.State)).toBeUndefined();
    expect(recallWords(r, Kind.State)).toBeUndefined();
    for (const numbers of [[3, 1, 2], [-1], [0.5, 1], [NaN], [1e9], [1, 7, 2, 1]]) {
      keep(r, Kind.State, Float64Array.from(numbers));
      expect(recallParts(r, Kind.State)).toBeUndefined();
      expect(recallNumbers(r, Kind.State)).toEqual(Float64Array.from(numbers));
    }
  });

  test('parts of any number and length', () => {
    const r = fresh(norFlash());
    for (const lengths of [[0], [1, 0, 3], [200]]) {
      const parts = lengths.map((length, n) => Float64Array.from({ length }, (_, k) => n + k / 9));
      expect(keepParts(r, Kind.State, parts)).toBe(true);
      expect(recallParts(r, Kind.State)).toEqual(parts);
    }
  });

  test('what cannot be a record is not kept', () => {
    const r = fresh(norFlash());
    const longest = 4096 - SLOTS_AT - 8;
    expect(keep(r, Kind.Setup, new Uint8Array(0))).toBe(false);
    expect(keep(r, Kind.Setup, new Uint8Array(6))).toBe(false);
    expect(keep(r, Kind.Setup, new Uint8Array(longest + 4))).toBe(false);
    expect(recall(r, Kind.Setup)).toBeUndefined();
    expect(keep(r, Kind.Setup, new Uint8Array(longest).fill(9))).toBe(true);
    expect(recall(r, Kind.Setup)).toEqual(new Uint8Array(longest).fill(9));
  });

  test('a record of another length begins a page of its own', () => {
    const medium = norFlash();
    const r = fresh(medium);
    for (let n = 1; n < 9; n++) {
      keep(r, Kind.Setup, new Int32Array(n).fill(n));
      expect(recallWords(r, Kind.Setup)).toEqual(new Int32Array(n).fill(n));
      expect(recallWords(boot(medium), Kind.Setup)).toEqual(new Int32Array(n).fill(n));
    }
  });

  test('a view of a larger buffer is kept as it is seen', () => {
    const r = fresh(norFlash());
    keep(r, Kind.Setup, new Int32Array([1, 2, 3, 4]).subarray(1, 3));
    expect(recallWords(r, Kind.Setup)).toEqual(new Int32Array([2, 3]));
  });
});
