/** The library as a user has it: compiled with its declarations into a folder of its own; the examples of docs/library.md compiled against it and run. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bdfHeader, bdfRow } from '../../sim/results/bdf';
import { readPage, ROOT } from '../docs/markdown';

const EXAMPLES = ['cycling', 'steps', 'bench', 'recording'];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caldera-library-'));
  install(join(folder, 'node_modules/caldera-bms'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `npm install caldera-bms` would leave there, as far as the library goes. */
function install(target: string): void {
  mkdirSync(target, { recursive: true });
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.build.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const compiled = { ...options, declaration: true, noCheck: true, outDir: join(target, 'dist') };
  const { emitSkipped, diagnostics } = ts.createProgram([join(ROOT, 'sim/index.ts')], compiled).emit();
  expect(texts(diagnostics)).toEqual([]);
  expect(emitSkipped).toBe(false);
  const entry = { main: 'dist/sim/index.js', types: 'dist/sim/index.d.ts' };
  writeFileSync(join(target, 'package.json'), JSON.stringify({ name: 'caldera-bms', version: '0.0.0', ...entry }));
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'), 'junction');
}

const texts = (diagnostics: readonly ts.Diagnostic[]): string[] =>
  diagnostics.map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);

/** Compiles programs strictly against the declarations, beside them. @returns what is wrong with them */
function compile(programs: Readonly<Record<string, string>>, checkDeclarations: boolean): string[] {
  const files = Object.entries(programs).map(([name, text]) => {
    writeFileSync(join(folder, `${name}.ts`), text);
    return join(folder, `${name}.ts`);
  });
  const program = ts.createProgram(files, {
    strict: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    skipLibCheck: !checkDeclarations,
    outDir: folder,
  });
  const problems = texts(ts.getPreEmitDiagnostics(program));
  program.emit();
  return problems;
}

async function run(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: folder });
  return stdout.trim();
}

describe('the library', () => {
  const blocks = readPage('docs/library.md').blocks.filter(({ language }) => language === 'ts');

  it('has an example of each part', () => {
    expect(blocks.map(({ text }) => /export (?:async )?function (\w+)/.exec(text)?.[1])).toEqual(EXAMPLES);
  });

  it('compiles every example against its declarations', () => {
    expect(compile(Object.fromEntries(blocks.map(({ text }, k) => [EXAMPLES[k]!, text])), true)).toEqual([]);
  });

  it('refuses what its types do not have', () => {
    const wrong = "import { simulate } from 'caldera-bms';\nvoid simulate({ cell: 3 });\n";
    expect(compile({ wrong }, false).join()).toMatch(/number.*string/);
  });

  it.each([
    ['cycling', [/^true 333$/, /^1 \d/, /^2 \d/, /^3 \d/, /^null$/, /^true$/]],
    ['steps', [/^true true$/, /^true$/]],
    ['bench', [/^true true$/, /^OverTemperature 0$/]],
  ])('runs the example %s, which prints what the page says', async (name, printed) => {
    const lines = (await run(`void require('./${name}.js').${name}()`)).split('\n');
    expect(lines).toHaveLength(printed.length);
    printed.forEach((pattern, k) => expect(lines[k]).toMatch(pattern));
  });

  it('runs the example of a recording on one', async () => {
    const rows = [bdfHeader];
    for (let second = 0; second <= 600; second += 10)
      rows.push(
        bdfRow({
          time_s: second,
          voltage_V: 3.8 + (second < 300 ? 0 : 0.05),
          current_A: second < 300 ? 1 : 0,
          cycle: 1,
          step: second < 300 ? 1 : 2,
          temperature_C: 25,
        }),
      );
    writeFileSync(join(folder, 'recording.csv'), `${rows.join('\n')}\n`);
    const lines = (await run("void require('./recording.js').recording('recording.csv')")).split('\n');
    expect(lines).toEqual([expect.stringMatching(/BDF.* true$/i), 'true']);
  });
});
