import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { forbidden, type Gate } from './constructs';

const page = readFileSync(path.join(__dirname, '../../docs/firmware-language.md'), 'utf8');

test.each(['types', 'bundle', 'lint'] satisfies Gate[])('docs/firmware-language.md lists what %s refuses', (gate) => {
  const names = forbidden.filter((construct) => construct.gate === gate).map(({ name }) => name);
  const [, listed] = new RegExp(`### By ${gate}\n\n\`\`\`text\n([^]*?)\n\`\`\``).exec(page) ?? [];
  expect(listed?.split('\n')).toEqual(names);
});
