import { withoutPhysics } from '../cell/physics';
import { loadProfile, type CellProfile } from '../profiles/profile';
import type { CyclingOptions } from '../results/types';

/** The cell profile that the options ask for. @throws InputError */
export const profileOf = ({
  cell,
  residue,
  without = [],
}: Pick<CyclingOptions, 'cell' | 'residue' | 'without'>): CellProfile =>
  withoutPhysics(loadProfile(cell, residue), without);
