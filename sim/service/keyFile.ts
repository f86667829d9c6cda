/** The commissioning key, as `--key-file` names it. */
import { InputError } from '../errors';
import { readText } from '../readText';

/** @returns 64 hexadecimal digits. @throws InputError for a file that cannot be read or holds something else */
export function readKeyFile(file: string): string {
  const text = readText(file, '--key-file:').trim();
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new InputError(`--key-file: ${file} does not hold a key; allowed: 64 hexadecimal digits and nothing else`);
  return text;
}
