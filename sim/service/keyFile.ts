/** The commissioning key, as `--key-file` names it. */
import { readFileSync } from 'node:fs';
import { InputError } from '../errors';

/** @returns 64 hexadecimal digits. @throws InputError for a file that cannot be read or holds something else */
export function readKeyFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'latin1').trim();
  } catch (error) {
    throw new InputError(
      `--key-file: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}); allowed: a file with the key`,
    );
  }
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new InputError(`--key-file: ${file} does not hold a key; allowed: 64 hexadecimal digits and nothing else`);
  return text;
}
