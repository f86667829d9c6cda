/** What a run depends on besides its scenario: the sources that make it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders, from this one: the firmware and its drivers, and all of the simulator that a run may use. */
const FOLDERS = [
  ...['../../firmware', '../../hal', '.', '../bench', '../build', '../campaign', '../cell', '../chips', '../hil'],
  ...['../profiles', '../service', '../thermal'],
];

/** A digest of them. */
export function sourcesDigest(): string {
  const hash = createHash('sha256');
  for (const folder of FOLDERS)
    for (const file of readdirSync(join(__dirname, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(ts|js|json)$/.test(file)) hash.update(file).update(readFileSync(join(__dirname, folder, file)));
  return hash.digest('hex').slice(0, 16);
}
