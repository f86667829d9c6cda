import type { NodeDevice } from './nodeDevice';
import { sourceNames, type Names } from './readable';

/** How far a number of the firmware's state may be apart on Node and on the interpreter: see `firstDifference`. */
export const TOLERANCE = 1e-9;

/** A flat list of every number the firmware keeps, found by walking its state once, and the code that reads it again. */
export interface StateLayout {
  /** One path per number, by the names of the sources, in the order of the vector. */
  readonly names: readonly string[];
  /** Source of a function `(v)` that fills a Float64Array, and without one returns its length; run by both sides. */
  readonly readSource: string;
  /** Where it is on the device: an expression, those of what is left out, and names of properties that come and go. */
  readonly root: string;
  readonly except: readonly string[];
  readonly passing: readonly string[];
}

/** A number or several: `holder` is the path of the object it stands in. */
interface Entry {
  holder: string;
  step: string;
  kind: 'number' | 'text' | 'nothing' | 'array';
  count: number;
}

const FIELDS_MAX = 4000;

/**
 * Describes the state found below a global path such as `caldera.bms`: numbers and booleans as they are, strings by their
 * CRC-32, null and undefined as 0, typed arrays whole. Functions are left out, and so is all that is reached through `except`;
 * an object met twice is read once. The shape must stay: a part that later becomes null makes the reading fail.
 * @param except paths below `path`
 * @param passing names of properties that are left out, because they come and go
 * @param sources what the properties are called in the sources, where the build has renamed them
 */
function describeState(
  root: unknown,
  path: string,
  except: readonly (readonly string[])[] = [],
  passing: readonly string[] = [],
  sources: Names = {},
): StateLayout {
  const names: string[] = [];
  const entries: Entry[] = [];
  const seen = new Set<unknown>();
  for (const steps of except) collect(follow(root, steps), seen);

  function add(holder: string, step: string, kind: Entry['kind'], numbers: readonly string[]): void {
    names.push(...numbers);
    entries.push({ holder, step, kind, count: numbers.length });
    if (names.length > FIELDS_MAX) throw new Error(`more than ${FIELDS_MAX} numbers below ${path}: ${numbers[0]}`);
  }

  function visit(value: unknown, name: string, holder: string, step: string): void {
    if (typeof value === 'function') return;
    if (value === null || typeof value !== 'object') {
      const kind = typeof value === 'string' ? 'text' : value === null || value === undefined ? 'nothing' : 'number';
      add(holder, step, kind, [name]);
    } else if (ArrayBuffer.isView(value)) {
      add(
        holder,
        step,
        'array',
        Array.from(value as Uint8Array, (_, index) => `${name}[${index}]`),
      );
    } else if (!seen.has(value)) {
      seen.add(value);
      for (const [key, child] of Object.entries(value)) {
        if (passing.includes(key)) continue;
        if (Array.isArray(value)) visit(child, `${name}[${key}]`, holder + step, `[${key}]`);
        else visit(child, `${name}.${Object.hasOwn(sources, key) ? sources[key] : key}`, holder + step, `.${key}`);
      }
    }
  }

  if (root === null || typeof root !== 'object') throw new Error(`the firmware exposes no state at ${path}`);
  visit(root, path, path, '');
  return {
    names,
    readSource: `function(v){if(!v)return ${names.length};${assignments(entries)}}`,
    root: `global.${path}`,
    except: except.map((steps) => [`global.${path}`, ...steps].join('.')),
    passing,
  };
}

/**
 * The numbers of the firmware that runs on Node, without its configuration and wires, which do not change, and its self-test, which
 * ends.
 * @throws when it has not started
 */
export function firmwareState(node: NodeDevice, names: Names = {}): StateLayout {
  const caldera = node.caldera as { bms?: unknown; error?: string } | undefined;
  if (!caldera?.bms)
    throw new Error(`the firmware does not start on Node: ${caldera?.error ?? 'it exposes no caldera'}`);
  const built = (name: string): string => names[name] ?? name;
  const root = (node.evaluate('global.caldera') as Record<string, object>)[built('bms')]!;
  const except = [['config'], ['sense', 'wires']].map((steps) => steps.map(built));
  return describeState(root, `caldera.${built('bms')}`, except, [built('selfTest')], sourceNames(names));
}

function follow(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce((value: unknown, step) => (value as Record<string, unknown> | undefined)?.[step], root);
}

/** Statements that put the numbers into an array `v`. */
function assignments(entries: readonly Entry[]): string {
  let source = 'var o;';
  let holder = '';
  let index = 0;
  for (const entry of entries) {
    if (entry.holder !== holder) source += `o=global.${(holder = entry.holder)};`;
    const value = `o${entry.step}`;
    if (entry.kind === 'array') source += `v.set(${value},${index});`;
    else if (entry.kind === 'text') source += `v[${index}]=E.CRC32(${value});`;
    else source += `v[${index}]=${value}${entry.kind === 'nothing' ? '||0' : ''};`;
    index += entry.count;
  }
  return source;
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
