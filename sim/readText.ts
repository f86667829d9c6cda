/** Reading a file that a user names. */
import { readFileSync } from 'node:fs';
import { InputError } from './errors';

/** The text of a file; `what` names its kind in errors. @throws InputError when it cannot be read */
export function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(
      `${what} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}; allowed: a readable file`,
    );
  }
}
