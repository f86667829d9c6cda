/** Programs for a real interpreter, from files in the firmware's language. */
import { build } from 'esbuild';
import * as path from 'node:path';
import { runScript } from '../../sim/hil/interpreter';

/** The file and what it imports as one script that runs in Espruino; modules of the interpreter stay what they are. */
export async function deviceScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(__dirname, entry)],
    bundle: true,
    write: false,
    target: 'es2015',
    supported: { 'nullish-coalescing': true },
    platform: 'node',
    external: ['Storage'],
    format: 'cjs',
    charset: 'ascii',
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, alwaysStrict: false } },
    banner: { js: '(function(){' },
    footer: { js: '})();' },
  });
  return outputFiles[0]!.text;
}

/** What the interpreter prints in lines that begin with `@`. */
export async function printedLines(interpreter: string, script: string): Promise<string[]> {
  const { stdout } = await runScript(interpreter, script, 30_000);
  const lines = [...stdout.matchAll(/^@(.*?)\r?$/gm)].map(([, text]) => text!);
  if (lines.length === 0) throw new Error(`the interpreter says: ${stdout.slice(-400)}`);
  return lines;
}

/** A text of bytes as a literal that the interpreter takes for bytes. */
export function bytesLiteral(text: string): string {
  const escaped = text.replace(/[^ !#-[\]-~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `"${escaped}"`;
}
