/** Numbers that the manual quotes from the firmware's sources, where they stand as `const NAME = number;`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../build/build';

/** @throws Error when the file has no such constant: the manual would say what is no longer so */
export function constant(file: string, name: string): number {
  const source = readFileSync(join(packageFolder(), file), 'utf8');
  const found = new RegExp(`^(?:export )?const ${name} = (-?[\\d.]+);$`, 'm').exec(source);
  if (!found) throw new Error(`${file} has no constant ${name}`);
  return Number(found[1]);
}

/** How long a current of `ratio` times the lasting limit may flow through a cell that had none before [s]. */
export function lasting_s(ratio: number): number {
  const heat =
    constant('firmware/protect/protect.ts', 'LASTING_S') * constant('firmware/protect/protect.ts', 'TENTH_MORE');
  return heat / (Math.min(ratio, constant('firmware/protect/protect.ts', 'MOST_OF_LASTING')) ** 2 - 1);
}
