import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder with reference data and measurements, beside the repository. */
const SHARED = join(__dirname, '..', '..', 'shared');

/** Path of a shared file, or undefined after saying loudly that what needs it is skipped. */
export function sharedFile(...parts: string[]): string | undefined {
  const path = join(SHARED, ...parts);
  if (existsSync(path)) return path;
  console.warn(`SKIPPED: ${join('..', 'shared', ...parts)} is not there; the tests that need it do not run.`);
  return undefined;
}
