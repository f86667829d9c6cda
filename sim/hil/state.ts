/** A flat list of every number the firmware keeps, found by walking its state once, and the code that reads it again. */
export interface StateLayout {
  /** One path per number, in the order of the vector. */
  readonly names: readonly string[];
  /** Source of a function `(v)` that fills a Float64Array, and without one returns its length; run by both sides. */
  readonly readSource: string;
}

const FIELDS_MAX = 4000;

/**
 * Describes the state found below a global path such as `caldera.bms`: numbers and booleans as they are, strings by their
 * CRC-32, null and undefined as 0, typed arrays whole. Functions are left out, and so is all that is reached through `except`;
 * an object met twice is read once. The shape must stay: a part that later becomes null makes the reading fail.
 */
export function describeState(root: unknown, path: string, except: readonly unknown[] = []): StateLayout {
  const names: string[] = [];
  const lines: string[] = [`var o0=global.${path};`];
  const seen = new Set<unknown>();
  for (const value of except) collect(value, seen);
  let locals = 1;

  function visit(value: unknown, name: string, access: string): void {
    const index = names.length;
    if (index > FIELDS_MAX) throw new Error(`more than ${FIELDS_MAX} numbers below ${path}: ${name}`);
    if (typeof value === 'function') return;
    if (value === null || typeof value !== 'object') {
      names.push(name);
      if (typeof value === 'string') lines.push(`v[${index}]=E.CRC32(${access});`);
      else if (typeof value === 'number' || typeof value === 'boolean') lines.push(`v[${index}]=${access};`);
      else lines.push(`v[${index}]=${access}||0;`);
    } else if (ArrayBuffer.isView(value)) {
      const { length } = value as Uint8Array;
      for (let i = 0; i < length; i++) names.push(`${name}[${i}]`);
      lines.push(`v.set(${access},${index});`);
    } else if (!seen.has(value)) {
      seen.add(value);
      const local = `o${locals++}`;
      lines.push(`var ${local}=${access};`);
      for (const [key, child] of Object.entries(value)) {
        const step = Array.isArray(value) ? `[${key}]` : `.${key}`;
        visit(child, `${name}${step}`, `${local}${step}`);
      }
    }
  }

  if (root === null || typeof root !== 'object') throw new Error(`the firmware exposes no state at ${path}`);
  visit(root, path, 'o0');
  return { names, readSource: `function(v){if(!v)return ${names.length};${lines.join('')}}` };
}

function collect(value: unknown, into: Set<unknown>): void {
  if (value === null || typeof value !== 'object' || into.has(value)) return;
  into.add(value);
  for (const child of Object.values(value)) collect(child, into);
}

/** Index of the first number that differs by more than `tolerance` (relative above 1, absolute below), or -1. */
export function firstDifference(a: Float64Array, b: Float64Array, tolerance: number): number {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    if (x === y || (x !== x && y !== y)) continue;
    if (!(Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x), Math.abs(y)))) return i;
  }
  return -1;
}

/** The largest difference of two vectors, relative above 1, absolute below. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    if (x === y || (x !== x && y !== y)) continue;
    largest = Math.max(largest, Math.abs(x - y) / Math.max(1, Math.abs(x), Math.abs(y)));
  }
  return largest;
}
