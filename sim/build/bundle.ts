/** Bundles the firmware into the one file that is tested and flashed; refuses what the interpreter cannot run. */
import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { build, transform, type BuildFailure, type Message, type Plugin } from 'esbuild';
import { parse, type Program } from 'acorn';
import { joinCold } from './cold';
import { coldPart, CUT_MARK, KEEP_MARK, NAMES, nestParts, PART_MARK, takePartsOut } from './split';

export interface BundleOptions {
  /** The device entry, such as `firmware/main.ts`. */
  entry: string;
  minify: boolean;
  /** Modules whose functions the program calls only by way of Storage (split.ts), by the name of the part. */
  parts?: Readonly<Record<string, PartSource>>;
  /** Constants put in place of these names at build time, such as `VERSION`. */
  define?: Readonly<Record<string, string | number | boolean>>;
  /**
   * The function that is called most: all is then declared outside of any function, where each function takes a variable less, and
   * what is used most stands first. Default: one function around everything, which goes when it has run.
   */
  outermost?: string;
  /** Which functions are made anew at each call, and what makes them. Default: none. */
  cold?: { is: (source: string, name: string) => boolean; call: string; entry: string };
  /** All other properties are renamed to shorter ones. Default: none is. */
  keep?: ReadonlySet<string>;
}

export interface PartSource {
  entry: string;
  /** Those of its functions that are called. */
  calls: readonly string[];
}

export interface Bundle {
  /** ASCII; the same for the same sources, to the byte, whatever folder they lie in. */
  code: string;
  /** What the program evaluates in its own scope when it needs it, by name. */
  parts: Readonly<Record<string, string>>;
  /** What each renamed property is called now. */
  names: Readonly<Record<string, string>>;
  /** Of program and parts. */
  bytes: number;
  /** Of program and parts, in hex. */
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
  if (!existsSync(entry)) throw new BundleError(`${entry} is not there`);
  const result = await build({
    stdin: { contents: joined(entry, options), resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    write: false,
    // Without a wrapper: with its own, esbuild would replace `require('Storage')` by a loader.
    platform: 'node',
    format: 'cjs',
    ...LANGUAGE,
    define: Object.fromEntries(
      Object.entries(options.define ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    plugins: [onlyOwnFiles],
  }).catch((failure: BuildFailure) => refuse(failure.errors ?? [], folder, failure));
  // What esbuild only warns of is missing on the interpreter all the same.
  if (result.warnings.length > 0) refuse(result.warnings, folder, undefined);

  const whole = inFunction(
    nestParts(withConstants(result.outputFiles[0]!.text), { first: options.outermost, cold: options.cold }),
  );
  const { text, names } = options.minify ? await minified(whole, options.keep) : { text: whole, names: {} };
  const named = text.replace(EVALUATE, 'eval(');
  const { code, parts } = joinParts(takePartsOut(options.outermost === undefined ? named : outOfFunction(named)));
  const all = [code, ...Object.entries(parts).flat()];
  return {
    code,
    parts,
    names,
    bytes: Buffer.byteLength(all.join('')),
    sha256: createHash('sha256').update(all.join('\0')).digest('hex'),
  };
}

/** `eval` by another name, because esbuild would rename nothing that it can see. */
const EVALUATE = /\bevaluate\(/g;

/** The texts of cold functions become one part. */
function joinParts({ code, parts }: { code: string; parts: Record<string, string> }): {
  code: string;
  parts: Record<string, string>;
} {
  const texts: string[] = [];
  for (let index = 0; parts[coldPart(index)] !== undefined; index++) {
    texts.push(parts[coldPart(index)]!);
    delete parts[coldPart(index)];
  }
  if (texts.length === 0) return { code, parts };
  const { cold, code: placed } = joinCold(texts, { ...parts, [PROGRAM]: code });
  const { [PROGRAM]: program, ...others } = placed;
  return { code: program!, parts: { ...others, cold } };
}
const PROGRAM = '';

/** Inside of a function all names are shortened; `Math` would be the last that is found, were it not handed over. */
function inFunction(code: string): string {
  return `(function(Math){\n${code}\n${CUT_MARK}("${NAMES}", function () { return [${PINS.join()}]; });})(Math);\n`;
}

/** Pins are found by their names: no other thing may be called the same. */
const PINS = ['A', 'B', 'C', 'D'].flatMap((port) => Array.from({ length: port === 'D' ? 40 : 16 }, (_, k) => port + k));

/** The program without the function around it. */
function outOfFunction(code: string): string {
  const [only] = (parse(code, { ecmaVersion: 2020 }) as Program).body;
  if (only?.type !== 'ExpressionStatement' || only.expression.type !== 'CallExpression') throw new Error('no function');
  const { callee } = only.expression;
  if (callee.type !== 'FunctionExpression' || callee.params[0]?.type !== 'Identifier') throw new Error('no function');
  return `var ${callee.params[0].name}=Math;${code.slice(callee.body.start + 1, callee.body.end - 1)}\n`;
}

/** One module of them all; the marks say what belongs to a part. */
function joined(entry: string, { parts = {}, cold }: BundleOptions): string {
  const folder = path.dirname(entry);
  const from = (file: string): string => {
    const relative = path.relative(folder, path.resolve(file)).replace(/\.ts$/, '');
    return JSON.stringify(relative.startsWith('.') ? relative : `./${relative}`);
  };
  const lines = [`import ${from(entry)};`];
  if (cold) {
    lines.unshift(`import { ${cold.call} } from ${from(cold.entry)};`);
    lines.push(`${KEEP_MARK}(${cold.call});`);
  }
  for (const [name, { entry: file, calls }] of Object.entries(parts)) {
    lines.unshift(`import { ${calls.map((call) => `${call} as ${name}_${call}`).join(', ')} } from ${from(file)};`);
    lines.push(`${PART_MARK}("${name}", {${calls.map((call) => `"${call}": ${name}_${call}`).join(', ')}});`);
  }
  return lines.join('\n');
}

/**
 * Each constant left would be a variable on the device, and one more name to search for every other: with `const` inside a
 * function esbuild puts the value in its place, which it does not for the top level of the files it joins.
 */
function withConstants(code: string): string {
  // It does so for those that no other statement precedes.
  const constants: string[] = [];
  const rest = code.replace(/^var ([A-Z][A-Z0-9_]*) = (-?[\d.e-]+);$/gm, (_, name: string, value: string) => {
    constants.push(`const ${name} = ${value};`);
    return '';
  });
  constants.sort((a, b) => a.length - b.length);
  return (
    `${constants.join('\n')}\n${rest}`
      // The name inside a class expression is unknown to the interpreter; the variable of the same name is not.
      .replace(/\b(const|let|var) (\w+) = class \2 \{/g, '$1 $2 = class {')
  );
}

async function minified(
  code: string,
  keep: ReadonlySet<string> | undefined,
): Promise<{ text: string; names: Record<string, string> }> {
  const result = await transform(code, {
    ...LANGUAGE,
    minify: true,
    ...(keep && {
      mangleProps: /./,
      reserveProps: new RegExp(`^(${[...keep].join('|').replaceAll('$', '\\$')})$`),
      mangleCache: {},
    }),
  });
  const text = result.code
    // Shorter, and the same once it runs.
    .replace(CONST, 'let ')
    // The interpreter takes the end of a function's text for a value that is missing.
    .replace(/\breturn\}/g, 'return;}');
  return { text, names: (result.mangleCache ?? {}) as Record<string, string> };
}

const CONST = /\bconst (?=[\w$]+[=, ;])/g;

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
