import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readJson } from '../sim/readJson';

const folder = mkdtempSync(join(tmpdir(), 'caldera-json-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a mistake in a JSON file is named by line and column', () => {
  it.each([
    ['a decimal comma', '{\n  "area_cm2": 1,5\n}', 'line 2, column 17'],
    ['a word', '{\n  "a": 1,\n  "b": wide\n}', 'line 3, column 8: Unexpected token'],
    ['a comma too many', '[1,\n 2,\n]', 'line 3, column 1: Unexpected token'],
    ['an end too early', '{\n  "a": ', 'line 2, column 8: Unexpected end'],
    ['nothing', '', 'line 1, column 1: Unexpected end'],
  ])('%s', (_, text, where) => {
    const file = join(folder, 'cell.json');
    writeFileSync(file, text);
    expect(() => readJson(file, 'cell file')).toThrow(`cell file ${file} is not JSON: ${where}`);
    expect(() => readJson(file, 'cell file')).not.toThrow(/position|\n/);
  });
});
