/** Bundles the firmware into the one file that is tested and flashed; refuses what the interpreter cannot run. */
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { build, transform, type BuildFailure, type Message, type Plugin } from 'esbuild';

export interface BundleOptions {
  /** The device entry, such as `firmware/main.ts`. */
  entry: string;
  minify: boolean;
  /** Functions of the entry that are called from outside: a part that `require` loads on the device. Default: the entry is a program. */
  calls?: readonly string[];
  /** Constants put in place of these names at build time, such as `VERSION`. */
  define?: Readonly<Record<string, string | number | boolean>>;
  /** Properties to rename to shorter ones. Data that goes to a wire or a store must not match. */
  mangleProps?: RegExp;
}

export interface Bundle {
  /** ASCII; the same for the same sources, to the byte, whatever folder they lie in. */
  code: string;
  bytes: number;
  /** Of the code, in hex. */
  sha256: string;
}

/** What the firmware says that cannot be bundled: one `file:line:column: why` per line. */
export class BundleError extends Error {}

/**
 * Syntax that Espruino 2v29 lacks and esbuild can refuse. What esbuild would lower instead, or passes through, is left to the
 * lint rules (sim/build/lint); test/language holds the two together against the interpreter.
 */
const MISSING_SYNTAX = [
  'array-spread',
  'async-await',
  'bigint',
  'default-argument',
  'destructuring',
  'generator',
  'new-target',
  'rest-argument',
];

const LANGUAGE = {
  target: 'es2015',
  charset: 'ascii' as const,
  legalComments: 'none' as const,
  logLevel: 'silent' as const,
  // Stated here so that no tsconfig.json near the sources has a say.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false, alwaysStrict: false } },
  supported: {
    ...Object.fromEntries(MISSING_SYNTAX.map((feature) => [feature, false])),
    'nullish-coalescing': true, // newer than es2015, but the interpreter has it
  },
};

/** @throws BundleError naming file and line of every fault */
export async function bundleFirmware(options: BundleOptions): Promise<Bundle> {
  const entry = path.resolve(options.entry);
  const folder = path.dirname(entry);
  const calls = options.calls;
  const result = await build({
    ...(calls === undefined
      ? { entryPoints: [entry] }
      : { stdin: { contents: publish(entry, calls), resolveDir: folder } }),
    absWorkingDir: folder,
    bundle: true,
    write: false,
    // One function around everything, by hand: with its own wrapper esbuild would replace `require('Storage')` by a loader.
    platform: 'node',
    format: 'cjs',
    // A name is searched for through all that the function holds, in order: what is most used is first.
    banner: { js: '(function(Math,exported){' },
    footer: { js: `})(Math,${calls === undefined ? '0' : 'exports'});` },
    ...LANGUAGE,
    define: Object.fromEntries(
      Object.entries(options.define ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    plugins: [onlyOwnFiles],
  }).catch((failure: BuildFailure) => refuse(failure.errors ?? [], folder, failure));
  // What esbuild only warns of is missing on the interpreter all the same.
  if (result.warnings.length > 0) refuse(result.warnings, folder, undefined);

  const whole = result.outputFiles[0]!.text;
  const code = options.minify ? await minified(whole, options) : whole;
  return {
    code,
    bytes: Buffer.byteLength(code),
    sha256: createHash('sha256').update(code).digest('hex'),
  };
}

/** What every bundle begins with. */
const WRAPPER = /^\(function\(Math,exported\)\{/m;

/** A module that hands the functions over. */
function publish(entry: string, calls: readonly string[]): string {
  const from = `./${path.basename(entry, '.ts')}`;
  return `import {${calls.join(',')}} from '${from}';${calls.map((call) => `exported.${call}=${call};`).join('')}`;
}

/**
 * Each constant left would be a variable on the device, and one more name to search for every other: with `const` inside a
 * function esbuild puts the value in its place, which it does not for the top level of the files it joins.
 */
async function minified(code: string, options: BundleOptions): Promise<string> {
  // It does so for those that no other statement precedes.
  const constants: string[] = [];
  const rest = code.replace(/^var ([A-Z][A-Z0-9_]*) = (-?[\d.e-]+);$/gm, (_, name: string, value: string) => {
    constants.push(`const ${name} = ${value};`);
    return '';
  });
  constants.sort((a, b) => a.length - b.length);
  const inlined = rest
    .replace(WRAPPER, (head) => `${head}\n${constants.join('\n')}`)
    // The name inside a class expression is unknown to the interpreter; the variable of the same name is not.
    .replace(/\b(const|let|var) (\w+) = class \2 \{/g, '$1 $2 = class {');
  const result = await transform(inlined, {
    ...LANGUAGE,
    minify: true,
    ...(options.mangleProps && { mangleProps: options.mangleProps }),
  });
  return result.code;
}

/** Modules that are part of the interpreter. */
const INTERPRETER_MODULES = ['Storage', 'Flash', 'crypto'];

const onlyOwnFiles: Plugin = {
  name: 'only own files',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path }) => {
      if (kind === 'entry-point') return undefined;
      if (kind === 'require-call' && INTERPRETER_MODULES.includes(path)) return { path, external: true };
      return {
        errors: [{ text: `"${path}" is not on the device; allowed: files of firmware/ and hal/, by relative path` }],
      };
    });
  },
};

function refuse(messages: readonly Message[], folder: string, cause: unknown): never {
  if (messages.length === 0) throw cause;
  const lines = messages.map(({ text, location }) => {
    if (!location) return text;
    const file = path.relative(process.cwd(), path.resolve(folder, location.file));
    return `${file}:${location.line}:${location.column + 1}: ${text.replace(TARGET_REMARK, 'the interpreter')}`;
  });
  throw new BundleError(lines.join('\n'), { cause });
}

/** How esbuild names the settings above, in "Transforming ... to <this> is not supported yet". */
const TARGET_REMARK = /the configured target environment \(.*?\)/;
