import { describe, expect, it } from 'vitest';
import { Cell } from '../../sim/cell/cell';
import { withoutPhysics } from '../../sim/cell/physics';
import { loadProfile } from '../../sim/profiles/profile';
import { Lab } from '../../sim/reproduce/lab';
import { rows004 } from '../../sim/reproduce/papers/004';
import { reproduce } from '../../sim/reproduce/row';

describe('paper 004, review of dead lithium', () => {
  const lab = new Lab();
  it.each(rows004.map((row) => [row.quantity, row] as const))('%s', (_, row) =>
    expect(reproduce(row, lab)).toMatchObject({ pass: true }),
  );

  it('fails where the physics is switched off: the rows rest on it', () => {
    const without = new Lab(
      (cell, temperature_C) =>
        new Cell(withoutPhysics(loadProfile(cell), ['temperature', 'charge-rate', 'slow-strip']), temperature_C),
    );
    const failed = rows004.filter((row) => !reproduce(row, without).pass).map(({ quantity }) => quantity);
    expect(failed.join()).toMatch(/smooth deposit/);
    expect(failed.join()).toMatch(/plating current/);
  });
});
