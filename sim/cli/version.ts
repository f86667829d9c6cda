import * as fs from 'node:fs';
import * as path from 'node:path';
import { packageFolder } from '../build/build';

/** The version of this package. */
export function packageVersion(): string {
  const text = fs.readFileSync(path.join(packageFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
