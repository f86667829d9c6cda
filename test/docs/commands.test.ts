/**
 * Every command line of the documents is one that the program takes. Those in code blocks are given to the real command line, page by
 * page in a folder of their own: cells, boards and wiring are done for good, long work as far as the service that does it. Those within
 * text and tables are parsed by the real program. What a document claims that they print is checked elsewhere.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommanderError, type Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { fileText } from '../../sim/boards/fileText';
import { initBoard } from '../../sim/boards/init';
import { loadProduct } from '../../sim/boards/read';
import { createProgram } from '../../sim/cli/program';
import type { Services } from '../../sim/cli/services';
import { drawScenario } from '../../sim/faults/draw';
import { loadMission } from '../../sim/mission/mission';
import { loadProfile } from '../../sim/profiles/profile';
import { cli } from '../cli/harness';
import { pagePaths, readPage, ROOT } from './markdown';
import { calderaArguments, npmScript, ownCommands } from './shell';

const pages = pagePaths().map(readPage);
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

/** What a reader brings, where no command of the page makes it. */
const KEY = `${'0123456789abcdef'.repeat(4)}\n`;
const BROUGHT: Record<string, () => string> = {
  'my.key': () => KEY,
  'channel.key': () => KEY,
  'results/run-17/run-17.json': () => JSON.stringify(drawScenario(1, 1)),
  'my-channel.json': () => fileText(initBoard({ board: 'cycler' })),
};

const REACHED = 'the work itself begins here';

/** Services that look at what they are given, and then stop. */
const SERVICES: Record<keyof Services, true> = {
  simulate: true,
  volcano: true,
  missions: true,
  replay: true,
  reproduce: true,
  pack: true,
  faults: true,
  faultTrace: true,
  sweep: true,
  planSweep: true,
  worker: true,
  report: true,
  build: true,
  measureBuild: true,
  flash: true,
  hil: true,
  monitor: true,
  openDevice: true,
  dashboard: true,
};
const services = Object.fromEntries(
  Object.keys(SERVICES).map((name) => [
    name,
    (given: unknown) => {
      lookAt(given);
      throw new Error(REACHED);
    },
  ]),
) as unknown as Partial<Services>;

/** Finds what only the service itself would: a cell, board, configuration, mission or file of the project that is not there. */
function lookAt(given: unknown): void {
  if (typeof given !== 'object' || given === null) return;
  const { cell, board, config, mission } = given as Record<string, unknown>;
  if (typeof cell === 'string') loadProfile(cell);
  if (typeof board === 'string') loadProduct(board);
  if (typeof config === 'string') loadProduct(config);
  if (typeof mission === 'string') loadMission(mission);
  for (const value of Object.values(given))
    if (typeof value === 'string' && /^(docs|missions)\//.test(value) && !existsSync(join(ROOT, value)))
      throw new Error(`${value} is not there`);
}

/** What is wrong with a command line that is run, or nothing. */
async function wrongWhenRun(words: readonly string[]): Promise<string | undefined> {
  const args = calderaArguments(words);
  if (args === undefined) return wrongScript(words);
  for (const [index, word] of args.entries())
    if (word in BROUGHT && args[index - 1] !== '--out' && !existsSync(word)) {
      mkdirSync(dirname(word), { recursive: true });
      writeFileSync(word, BROUGHT[word]!());
    }
  const { code, stderr } = await cli(args, services);
  return code === 0 || (code === 1 && stderr.includes(REACHED)) ? undefined : stderr;
}

/** The same where it is only parsed. */
async function wrongWhenParsed(words: readonly string[]): Promise<string | undefined> {
  const args = calderaArguments(words);
  if (args === undefined) return wrongScript(words);
  if (args.length === 0 || args[0] === 'COMMAND') return undefined;
  const program = parser();
  try {
    await program.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    // In the text a command is often named without what it needs: `caldera flash`.
    const named = error instanceof CommanderError && /^commander\.(help|missing)/.test(error.code);
    return named ? undefined : (error as Error).message;
  }
}

function parser(): Command {
  const silent = { stdout: () => undefined, stderr: () => undefined, showsProgress: false };
  const terminal = { ...silent, signal: new AbortController().signal };
  const program = createProgram({ terminal, services: {} as Services, version: '0', exitCode: 0 });
  everyCommand(program).forEach((command) => command.action(() => undefined));
  return program;
}

const everyCommand = (command: Command): Command[] => command.commands.flatMap((own) => [own, ...everyCommand(own)]);

function wrongScript(words: readonly string[]): string | undefined {
  const script = npmScript(words);
  return script === undefined || script in scripts ? undefined : `package.json has no script ${script}`;
}

describe('command lines in code blocks', () => {
  const written = pages
    .map(({ path, blocks }) => ({
      path,
      lines: blocks.flatMap(({ line, text }) => ownCommands(text).map((words) => ({ line, words }))),
    }))
    .filter(({ lines }) => lines.length > 0);

  it('are found', () => {
    expect(written.map(({ path }) => path)).toContain('README.md');
    expect(written.flatMap(({ lines }) => lines).length).toBeGreaterThan(20);
  });

  it.each(written)('$path', async ({ path, lines }) => {
    await inFolder(async () => {
      const wrong = [];
      for (const { line, words } of lines) {
        const problem = await wrongWhenRun(words);
        if (problem !== undefined) wrong.push(`${path}:${line}: ${words.join(' ')}: ${problem}`);
      }
      expect(wrong).toEqual([]);
    });
  });
});

/** A new folder with the project's examples in it; the paths of a page's command lines begin there. */
async function inFolder(task: () => Promise<void>): Promise<void> {
  const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'caldera-docs-'))];
  for (const name of ['docs', 'missions']) symlinkSync(join(ROOT, name), join(folder, name), 'junction');
  process.chdir(folder);
  try {
    await task();
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
}

describe('command lines within text and tables', () => {
  const written = pages
    .map(({ path, spans }) => ({
      path,
      lines: spans.flatMap(({ line, text }) => ownCommands(text).map((words) => ({ line, words }))),
    }))
    .filter(({ lines }) => lines.length > 0);

  it.each(written)('$path', async ({ path, lines }) => {
    const wrong = [];
    for (const { line, words } of lines) {
      const problem = await wrongWhenParsed(words);
      if (problem !== undefined) wrong.push(`${path}:${line}: ${words.join(' ')}: ${problem}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('options within text and tables', () => {
  const known = new Set(everyCommand(parser()).flatMap(({ options }) => options.map(({ long }) => long)));
  /** Of every command; of the fits and studies; of Espruino. */
  const OTHERS = ['--help', '--version', '--write', '--quick', '--members', '--telnet'];

  it.each(pages)('$path', ({ path, spans }) => {
    const unknown = spans
      .map(({ line, text }) => ({ line, option: /^--[a-z][a-z-]*/.exec(text)?.[0] }))
      .filter(({ option }) => option !== undefined && !known.has(option) && !OTHERS.includes(option));
    expect(unknown.map(({ line, option }) => `${path}:${line}: no command has ${option}`)).toEqual([]);
  });
});

it('the README has a row for every command', () => {
  const { spans } = readPage('README.md');
  const missing = parser()
    .commands.map((command) => command.name())
    .filter((name) => !spans.some(({ text }) => text === name));
  expect(missing).toEqual([]);
});

describe('what the check sees', () => {
  it.each([
    [
      'caldera cells && npm start # and so on',
      [
        ['caldera', 'cells'],
        ['npm', 'start'],
      ],
    ],
    ['$ caldera hil --scenario "a stuck \\\n  b" > x', [['caldera', 'hil', '--scenario', 'a stuck b']]],
    ["caldera monitor --send 'key $(cat k)' | tee log", [['caldera', 'monitor', '--send', 'key $(cat k)']]],
    ['openssl rand -hex 32 > channel.key\ncalderas', []],
  ])('reads %s', (text, commands) => {
    expect(ownCommands(text)).toEqual(commands);
  });

  it('knows how the program is called', () => {
    expect(calderaArguments(['npx', 'caldera', 'cells'])).toEqual(['cells']);
    expect(calderaArguments(['npm', 'run', 'caldera', '--', 'cells', 'list'])).toEqual(['cells', 'list']);
    expect(calderaArguments(['npm', 'run', 'bench'])).toBeUndefined();
    expect(npmScript(['npm', 'run', '--silent', 'build'])).toBe('build');
    expect(npmScript(['npm', 'ci'])).toBeUndefined();
  });

  it.each([
    ['caldera fly', /unknown command|too many arguments/],
    ['caldera simulate --speed 3', /unknown option/],
    ['caldera simulate --discharge 1D', /'1D' is not valid/],
    ['caldera simulate --cell afl-l9', /afl-l9/],
    ['caldera flash --port /dev/ttyUSB0 --config nothing.json', /nothing.json/],
    ['caldera sweep docs/examples/nothing.yaml', /is not there/],
    ['npm run nothing', /no script nothing/],
  ])('refuses %s', async (text, problem) => {
    expect(await wrongWhenRun(ownCommands(text)[0]!)).toMatch(problem);
  });

  it.each([
    ['caldera fly', /unknown command|too many arguments/],
    ['caldera hil --simulate', /unknown option/],
    ['caldera reproduce --papers 009', /'009' is not valid/],
  ])('refuses %s in the text', async (text, problem) => {
    expect(await wrongWhenParsed(ownCommands(text)[0]!)).toMatch(problem);
  });
});
