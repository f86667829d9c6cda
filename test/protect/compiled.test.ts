import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolder } from '../../sim/build/build';
import { compiledNames, compiledRows } from '../../sim/safety/compile';

/** Alone in its file: a mutation run leaves it out, as it would notice every change of rows.ts, whatever the rows do. */
it.each([
  ['rows.ts', compiledRows],
  ['names.ts', compiledNames],
])('%s is what the compiler makes of the fault table, byte for byte', (file, compiled) => {
  expect(readFileSync(join(packageFolder(), 'firmware/protect', file), 'utf8')).toBe(compiled());
});
