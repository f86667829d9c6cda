/** What the firmware's language refuses and allows: the lists behind the tests of this folder and docs/firmware-language.md. */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';

export type Gate = 'types' | 'bundle' | 'lint';

export interface Construct {
  name: string;
  /** Body of a function, in TypeScript. */
  body: string;
}

export interface Forbidden extends Construct {
  /** The gate that refuses it. Others may, too. */
  gate: Gate;
  /** The line of the body that the gate names, from 1. */
  line: number;
}

/** Give the same result on the interpreter as on Node. */
export const allowed: Construct[] = readSections('allowed.txt');

/** Give another result on the interpreter than on Node, or do not run there at all. */
export const forbidden: Forbidden[] = [
  ...readSections('forbidden.txt').map(({ name, body }) => {
    const [, title, gate] = /^(.*) \[(\w+)\]$/.exec(name)!;
    const line = body.split('\n').findIndex((text) => text.endsWith('// refused')) + 1;
    return { name: title!, gate: gate as Gate, body, line };
  }),
  ...missing('', 'Map Set WeakMap BigInt Proxy Reflect Intl BigInt64Array RangeError'),
  ...missing('Object', 'freeze isFrozen seal is hasOwn'),
  ...missing('Number', 'isInteger isFinite isNaN isSafeInteger EPSILON MAX_SAFE_INTEGER parseInt'),
  ...missing('Math', 'acosh asinh atanh cbrt clz32 cosh expm1 fround hypot imul log10 log1p log2 sinh tanh trunc'),
  ...missing('Array', 'from of'),
  ...missing('[1]', 'flat flatMap at lastIndexOf reduceRight findLast keys entries copyWithin'),
  ...missing('String', 'fromCodePoint raw'),
  ...missing("'a'", 'at codePointAt localeCompare normalize search trimStart trimEnd'),
  ...missing('Float64Array', 'from of BYTES_PER_ELEMENT'),
  ...missing('new ArrayBuffer(8)', 'slice'),
  ...missing('new DataView(new ArrayBuffer(8))', 'getBigInt64'),
  ...missing('Promise', 'race any allSettled'),
  ...missing('Promise.resolve(1)', 'finally'),
];

/** Built-ins the interpreter lacks. */
function missing(owner: string, names: string): Forbidden[] {
  return names.split(' ').map((name) => {
    const whole = owner === '' ? name : `${owner}.${name}`;
    return { name: whole, gate: 'types', body: `return typeof ${whole};`, line: 1 };
  });
}

/** Sections of a text file, each `## name` and what follows up to the next. */
function readSections(file: string): Construct[] {
  const text = readFileSync(path.join(__dirname, file), 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return { name: section.slice(0, end), body: section.slice(end + 1).trimEnd() };
    });
}
