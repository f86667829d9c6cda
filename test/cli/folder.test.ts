import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../sim/errors';
import { toCsv } from '../../sim/results/csv';
import { openResultFolder } from '../../sim/results/folder';

let base: string;
beforeEach(() => (base = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-folder-'))));
afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

const config = { command: 'simulate', version: '0', options: {}, interrupted: false };
const at = (...parts: string[]): string => path.join(base, ...parts);

describe('result folder', () => {
  it('shows nothing before commit and everything after', () => {
    const folder = openResultFolder(at('new', 'r'));
    folder.write('a.csv', 'x');
    folder.lines('b.csv').line('1');
    expect(fs.readdirSync(at('new', 'r')).filter((name) => !name.startsWith('.'))).toEqual([]);
    folder.commit(config);
    expect(fs.readdirSync(at('new', 'r')).sort()).toEqual(['a.csv', 'b.csv', 'config.json']);
    expect(fs.readFileSync(at('new', 'r', 'b.csv'), 'utf8')).toBe('1\n');
  });

  it('leaves nothing after discard, not even the directories it made', () => {
    const folder = openResultFolder(at('new', 'deep', 'r'));
    folder.write('a.csv', 'x');
    folder.lines('b.csv').line('1');
    folder.discard();
    folder.discard();
    expect(fs.readdirSync(base)).toEqual([]);
  });

  it('replaces an earlier result and keeps files that are not part of it', () => {
    const first = openResultFolder(at('r'));
    first.write('old.csv', 'old');
    first.write('both.csv', 'old');
    first.commit(config);
    fs.writeFileSync(at('r', 'notes.txt'), 'mine');

    const failed = openResultFolder(at('r'));
    failed.write('both.csv', 'half');
    failed.discard();
    expect(fs.readFileSync(at('r', 'both.csv'), 'utf8')).toBe('old');

    const second = openResultFolder(at('r'));
    second.write('both.csv', 'new');
    second.commit(config);
    expect(fs.readdirSync(at('r')).sort()).toEqual(['both.csv', 'config.json', 'notes.txt']);
    expect(fs.readFileSync(at('r', 'both.csv'), 'utf8')).toBe('new');
  });

  it.each([
    ['other files', { 'thesis.tex': 'mine' }],
    [
      'a config.json of someone else',
      { 'config.json': '{"madeBy":"me","files":["thesis.tex"]}', 'thesis.tex': 'mine' },
    ],
    ['a broken config.json', { 'config.json': '{' }],
    ['a config.json that is no object', { 'config.json': 'null' }],
  ])('refuses a folder with %s and leaves it as it was', (_, files) => {
    fs.mkdirSync(at('r'));
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(at('r', name), text);
    expect(() => openResultFolder(at('r'))).toThrow(InputError);
    expect(fs.readdirSync(at('r')).sort()).toEqual(Object.keys(files).sort());
  });

  it('never removes outside the folder, whatever an earlier config.json lists', () => {
    fs.mkdirSync(at('r'));
    fs.writeFileSync(at('precious'), 'mine');
    fs.writeFileSync(
      at('r', 'config.json'),
      JSON.stringify({ madeBy: 'caldera', files: ['../precious', 'config.json'] }),
    );
    openResultFolder(at('r')).commit(config);
    expect(fs.existsSync(at('precious'))).toBe(true);
  });

  it('clears what a killed run left', () => {
    fs.mkdirSync(at('r', '.writing-999999999-abc'), { recursive: true });
    openResultFolder(at('r')).commit(config);
    expect(fs.readdirSync(at('r'))).toEqual(['config.json']);
  });

  it('refuses a place that cannot be written', () => {
    for (const place of ['/dev/null/r', '/proc/r'])
      expect(() => openResultFolder(place)).toThrow(/^--out: .*cannot be written/);
  });
});

describe('CSV', () => {
  it('flattens, quotes and leaves null empty', () => {
    expect(toCsv([{ n: 1, part: { a: null, b: 2 }, text: 'a,"b"' }])).toBe('n,part.a,part.b,text\n1,,2,"a,""b"""\n');
    expect(toCsv([])).toBe('');
  });

  it('has a column for what only some rows have', () => {
    expect(toCsv([{ n: 1 }, { n: 2, strip: 3 }])).toBe('n,strip\n1,\n2,3\n');
  });
});
