import { PARAMETER_ROWS, type ParameterRow, type Parameters } from '../cell/parameters';
import { withoutPhysics } from '../cell/physics';
import { number } from '../checkJson';
import { InputError } from '../errors';
import { loadProfile, type CellProfile } from '../profiles/profile';
import type { CyclingOptions } from '../results/types';

/** The cell profile that the options ask for. @throws InputError */
export const profileOf = ({
  cell,
  residue,
  parameters = {},
  without = [],
}: Pick<CyclingOptions, 'cell' | 'residue' | 'parameters' | 'without'>): CellProfile =>
  withoutPhysics(withParameters(loadProfile(cell, residue), parameters), without);

/** The same with other values of these parameters, by key. @throws InputError for one that does not exist or is out of range */
export function withParameters(profile: CellProfile, changed: Readonly<Record<string, number>>): CellProfile {
  const entries = Object.entries(changed);
  if (entries.length === 0) return profile;
  const parameters = { ...profile.parameters };
  for (const [key, value] of entries) {
    const row = (PARAMETER_ROWS as readonly ParameterRow[]).find((one) => one.key === key);
    if (row === undefined)
      throw new InputError(`${profile.name}: unknown parameter "${key}"; see "caldera cells show"`);
    parameters[row.symbol as keyof Parameters] = number(value, row, profile.name);
  }
  return { ...profile, parameters };
}
