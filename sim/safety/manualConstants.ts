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

const ofProtect = (name: string): number => constant('firmware/protect/protect.ts', name);

/** Of a lasting over-current: how long all that is allowed takes to be lost without a current [s], and the largest ratio that counts. */
export const HEAT_S = ofProtect('LASTING_S') * ofProtect('TENTH_MORE');
export const MOST_OF_LASTING = ofProtect('MOST_OF_LASTING');

/** How long a current of `ratio` times the lasting limit may flow through a cell that had none before [s]. */
export const lasting_s = (ratio: number): number => HEAT_S / (Math.min(ratio, MOST_OF_LASTING) ** 2 - 1);
