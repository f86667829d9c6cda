/** The three gates, each as a function from a construct to the lines it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ESLint } from 'eslint';
import * as ts from 'typescript';
import { BundleError, bundleFirmware } from '../../sim/build/bundle';
import type { Construct } from './constructs';

export interface Refusal {
  file: string;
  line: number;
  message: string;
}

const ROOT = path.join(__dirname, '../..');

/** The construct as a module of the firmware; its body starts on line 2. */
export const asModule = ({ body }: Construct): string => `export function run() {\n${body}\n}\n`;
export const BODY_STARTS = 2;

/** All constructs in one program under tsconfig.firmware.json, each a file of firmware/. @returns the refusals of each */
export function types(constructs: readonly Construct[]): Refusal[][] {
  const file = (index: number): string => path.join(ROOT, `firmware/construct-${index}.ts`);
  const sources = new Map(constructs.map((construct, index) => [file(index), asModule(construct)]));
  const { config, error } = ts.readConfigFile(path.join(ROOT, 'tsconfig.firmware.json'), ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target, ...rest) => {
    const source = sources.get(path.resolve(name));
    return source === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, source, target);
  };
  const program = ts.createProgram([path.join(ROOT, 'firmware/language.d.ts'), ...sources.keys()], options, host);
  const whole = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  if (whole.length > 0) throw new Error(ts.formatDiagnostics(whole, host));
  return constructs.map((_, index) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(file(index))!).map((diagnostic) => ({
      file: path.relative(ROOT, diagnostic.file!.fileName),
      line: diagnostic.file!.getLineAndCharacterOfPosition(diagnostic.start!).line + 1,
      message: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    })),
  );
}

const eslint = new ESLint({ cwd: ROOT });

/** @param filePath relative to the repository, which decides the rules */
export async function lint(source: string, filePath = 'firmware/construct.ts'): Promise<Refusal[]> {
  const [result] = await eslint.lintText(source, { filePath: path.join(ROOT, filePath) });
  return result!.messages.map(({ line, message }) => ({ file: path.relative(ROOT, result!.filePath), line, message }));
}

export async function bundle(source: string): Promise<Refusal[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'caldera-bundle-'));
  try {
    const entry = path.join(folder, 'construct.ts');
    writeFileSync(entry, source);
    await bundleFirmware({ entry, minify: true });
    return [];
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return error.message.split('\n').map((text) => {
      const [, file, line, message] = /^(.*):(\d+):\d+: (.*)$/.exec(text)!;
      return { file: path.basename(file!), line: Number(line), message: message! };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
