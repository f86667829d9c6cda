import { PARAMETER_ROWS, type ParameterRow, type Parameters } from '../../cell/parameters';
import { loadProfile } from '../../profiles/profile';
import type { ResidueRule } from '../../profiles/terms';
import type { Values } from '../design/options';

/** Absolute values of the parameters that a run changes (`parameters.KEY`, `times.KEY`); undefined: none. @throws InputError */
export function parametersOf(values: Values): Record<string, number> | undefined {
  const names = Object.keys(values).filter((name) => name.includes('.'));
  if (names.length === 0) return undefined;
  const own = loadProfile((values.cell as string | undefined) ?? 'afl-l1', values.residue as ResidueRule | undefined);
  const changed: Record<string, number> = {};
  for (const name of names) {
    const [group, key] = name.split('.') as [string, string];
    const { symbol, min, max } = (PARAMETER_ROWS as readonly ParameterRow[]).find((row) => row.key === key)!;
    const was = own.parameters[symbol as keyof Parameters];
    changed[key] =
      group === 'times' ? Math.min(max, Math.max(min, was * (values[name] as number))) : (values[name] as number);
  }
  return changed;
}
