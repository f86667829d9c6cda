import { describe, expect, it } from 'vitest';
import { createPlant } from '../../sim/cell/createPlant';
import { loadProfile } from '../../sim/profiles/profile';
import { RESIDUE_RULES } from '../../sim/profiles/terms';
import { memberCount, variantCells } from '../../sim/profiles/variants';
import { Lab } from '../../sim/reproduce/lab';
import { reproduce, type Reproduced, type Row } from '../../sim/reproduce/row';
import { PAPERS } from '../../sim/reproduce/rows';

const run = (rows: readonly Row[], lab = new Lab()): Reproduced[] => rows.map((row) => reproduce(row, lab));
const failing = (rows: readonly Reproduced[]): string[] =>
  rows.filter(({ pass, contradictory }) => !pass && !contradictory).map(({ quantity }) => quantity);

describe('the papers as a whole', () => {
  const rows = Object.values(PAPERS).flatMap((paper) => run(paper));
  const share = (of: (row: Reproduced) => boolean): number => rows.filter(of).length / rows.length;

  it('are at least eighty numbers, nine tenths met, a third predicted', () => {
    expect(rows.length).toBeGreaterThanOrEqual(80);
    expect(share(({ pass }) => pass)).toBeGreaterThanOrEqual(0.9);
    expect(share(({ basis }) => basis === 'predicted')).toBeGreaterThanOrEqual(1 / 3);
  });

  it('name every number once', () => {
    const names = rows.map(({ paper, quantity }) => `${paper} ${quantity}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('paper 000 fails nowhere but where it contradicts itself', () => {
    expect(failing(rows.filter(({ paper }) => paper === '000'))).toEqual([]);
  });

  it('give the same to the last bit on every run', () => {
    expect(run(PAPERS['000']!)).toEqual(rows.filter(({ paper }) => paper === '000'));
  });
});

const labOf = (suffix: string, rule?: (typeof RESIDUE_RULES)[number]): Lab =>
  new Lab((cell, temperature_C) =>
    createPlant('reduced', loadProfile(variantCells.includes(cell) ? `${cell}${suffix}` : cell, rule), temperature_C),
  );

describe('paper 000 with other parameters that were fitted as well', () => {
  it.each(Array.from({ length: memberCount }, (_, k) => k + 1))('member %d misses two numbers at most', (n) => {
    expect(failing(run(PAPERS['000']!, labOf(`#${n}`))).length).toBeLessThanOrEqual(2);
  });

  it.each(RESIDUE_RULES)('residue rule %s misses one number at most', (rule) => {
    expect(failing(run(PAPERS['000']!, labOf('', rule))).length).toBeLessThanOrEqual(1);
  });

  it('there are at least eight members, and they differ', () => {
    expect(memberCount).toBeGreaterThanOrEqual(8);
    const sets = Array.from({ length: memberCount }, (_, k) =>
      JSON.stringify(loadProfile(`afl-l1#${k + 1}`).parameters),
    );
    expect(new Set(sets).size).toBe(memberCount);
  });
});

describe('the detailed plant', () => {
  const lab = new Lab((cell, temperature_C) => createPlant('detailed', loadProfile(cell), temperature_C));
  const rows = run(PAPERS['000']!, lab);

  it('meets four fifths of paper 000 and has both volcanoes right', () => {
    expect(rows.filter(({ pass }) => pass).length / rows.length).toBeGreaterThanOrEqual(0.8);
    for (const { quantity, pass } of rows) if (quantity.includes('longest-lived')) expect(pass, quantity).toBe(true);
  });
});
