import { loadProfile, type CellProfile } from '../profiles/profile';
import type { CyclingOptions } from '../results/types';

/** The cell profile that the options ask for. @throws InputError */
export const profileOf = ({ cell, residue }: Pick<CyclingOptions, 'cell' | 'residue'>): CellProfile =>
  loadProfile(cell, residue);
