/** The worked examples of docs/porting.md, done as a newcomer would: text taken from the page, nothing else. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../cli/harness';
import { readPage, ROOT, type Block } from './markdown';
import { ownCommands } from './shell';

type Json = Record<string, unknown>;

const { blocks } = readPage('docs/porting.md');
const ofLanguage = (language: string): Block[] => blocks.filter((block) => block.language === language);
const argumentsOf = ({ text }: Block): string[][] => ownCommands(text).map((words) => words.slice(1));

let folder: string;
const before = process.cwd();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caldera-porting-'));
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

/** The first with the fields of the second put in, object by object. */
function merged(into: Json, change: Json): Json {
  const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
  const put = ([key, value]: [string, unknown]): [string, unknown] => [
    key,
    isObject(value) ? merged(into[key] as Json, value) : value,
  ];
  return { ...into, ...Object.fromEntries(Object.entries(change).map(put)) };
}

describe('another board', () => {
  const FILE = 'my-board.json';
  const changes = ofLanguage('json').map(({ text }) => JSON.parse(text) as Json);
  const [start, after] = ofLanguage('sh').map(argumentsOf);

  const change = (index: number): void =>
    writeFileSync(FILE, JSON.stringify(merged(JSON.parse(readFileSync(FILE, 'utf8')) as Json, changes[index]!)));

  it('is made, refused, corrected, drawn and listed as the page says', async () => {
    process.chdir(folder);
    expect(changes).toHaveLength(2);
    for (const args of start!) expect(await cli(args)).toMatchObject({ code: 0, stderr: '' });
    change(0);
    const refused = await cli(['config', 'check', FILE]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr.trim()).toBe(ofLanguage('text')[0]!.text);
    change(1);
    const said = [];
    for (const args of after!) {
      const { code, stdout } = await cli(args);
      expect(code).toBe(0);
      said.push(stdout);
    }
    expect(said[0]).toContain('its self-test passes');
    const picture = readFileSync('my-board.svg', 'utf8');
    for (const pin of ['D32', 'D33', 'D36', 'D39', 'D18', 'D19']) expect(picture).toContain(pin);
    expect(said[2]).toContain('10 mΩ');
  });
});

describe('another current monitor', () => {
  const files = ofLanguage('ts').map(({ text }) => {
    const [first, ...rest] = text.split('\n');
    return { path: /^\/\/ (\S+)$/.exec(first!)![1]!, text: `${rest.join('\n')}\n` };
  });

  /** A checkout with what these files need. */
  beforeAll(() => {
    const copied = [
      'firmware',
      'hal',
      'sim/build/lint',
      'sim/chips',
      'sim/clock.ts',
      'sim/random.ts',
      'test/language',
      'package.json',
    ];
    const settings = [
      'tsconfig.json',
      'tsconfig.firmware.json',
      'eslint.config.mjs',
      'vitest.config.mts',
      'test/nativeModules.mjs',
    ];
    for (const name of [...copied, ...settings]) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const { path, text } of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });

  it('has a driver, a model and a test', () => {
    expect(files.map(({ path }) => path)).toEqual([
      'hal/chips/ina238.ts',
      'sim/chips/ina238.ts',
      'test/chips/ina238.test.ts',
    ]);
  });

  const SCRIPTS: Record<string, string> = {
    vitest: 'vitest/vitest.mjs',
    tsc: 'typescript/bin/tsc',
    eslint: 'eslint/bin/eslint.js',
  };

  it.each(argumentsOf(ofLanguage('sh')[2]!).map((words) => ({ command: words.join(' '), words })))(
    '$command',
    async ({ words: [program, ...args] }) => {
      const script = join(ROOT, 'node_modules', SCRIPTS[program!]!);
      const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: folder });
      if (program === 'vitest') expect(stdout).toContain('4 passed');
      else expect(stdout).toBe('');
    },
  );
});
