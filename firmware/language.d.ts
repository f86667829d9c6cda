/**
 * The built-ins the firmware may use: all it has in place of TypeScript's `lib`.
 *
 * Every member exists in Espruino 2v29 and does there what it does on Node; test/language holds each of them against the
 * interpreter. Left out although the interpreter has them, because they give other results there: `Math.round` (rounds
 * -0.5 to -1), `toFixed` (gives "2" for 2.5), `Array.sort` (not stable), `split` with a limit (ignores it), `replace` with a
 * function (on a string pattern, inserts its source), assigning to an array's `length` (throws), `Error.name` (undefined),
 * `Number.MIN_VALUE`. Left out because the firmware is a function of state and sample: `Date`, `Math.random`.
 */

interface Object {
  toString(): string;
  hasOwnProperty(key: string): boolean;
}
interface ObjectConstructor {
  keys(object: object): string[];
  values<T>(object: { [key: string]: T }): T[];
  entries<T>(object: { [key: string]: T }): [string, T][];
  fromEntries<T>(entries: readonly (readonly [string, T])[]): { [key: string]: T };
  assign<T extends object, U>(target: T, source: U): T & U;
  create(prototype: object | null): any;
  getPrototypeOf(object: object): any;
}
declare var Object: ObjectConstructor;

interface Function {
  apply(self: any, args?: any): any;
  call(self: any, ...args: any[]): any;
  bind(self: any, ...args: any[]): any;
}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments {
  [index: number]: any;
  length: number;
}

interface Boolean {}
interface BooleanConstructor {
  (value?: any): boolean;
}
declare var Boolean: BooleanConstructor;

interface Number {
  toString(radix?: number): string;
}
interface NumberConstructor {
  /** Unlike on Node, blanks around the digits give NaN: trim first. */
  (value?: any): number;
  readonly MAX_VALUE: number;
  readonly NaN: number;
  readonly NEGATIVE_INFINITY: number;
  readonly POSITIVE_INFINITY: number;
}
declare var Number: NumberConstructor;
declare var NaN: number;
declare var Infinity: number;
declare function isNaN(value: number): boolean;
declare function isFinite(value: number): boolean;
declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;

/** Results may differ from Node's in the last binary places. */
interface Math {
  readonly E: number;
  readonly LN10: number;
  readonly LN2: number;
  readonly LOG10E: number;
  readonly LOG2E: number;
  readonly PI: number;
  readonly SQRT1_2: number;
  readonly SQRT2: number;
  abs(x: number): number;
  acos(x: number): number;
  asin(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  ceil(x: number): number;
  cos(x: number): number;
  exp(x: number): number;
  floor(x: number): number;
  log(x: number): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
  pow(base: number, exponent: number): number;
  sign(x: number): number;
  sin(x: number): number;
  sqrt(x: number): number;
  tan(x: number): number;
}
declare var Math: Math;

interface String {
  readonly length: number;
  readonly [index: number]: string;
  charAt(index: number): string;
  charCodeAt(index: number): number;
  concat(...texts: string[]): string;
  endsWith(text: string): boolean;
  includes(text: string): boolean;
  indexOf(text: string, from?: number): number;
  lastIndexOf(text: string): number;
  padEnd(length: number, fill?: string): string;
  padStart(length: number, fill?: string): string;
  repeat(count: number): string;
  replace(pattern: string, by: string): string;
  replaceAll(pattern: string, by: string): string;
  slice(start: number, end?: number): string;
  split(separator: string): string[];
  startsWith(text: string): boolean;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toUpperCase(): string;
  trim(): string;
  [Symbol.iterator](): IterableIterator<string>;
}
interface StringConstructor {
  /** Floats are printed with about 11 significant digits. */
  (value?: any): string;
  fromCharCode(...codes: number[]): string;
}
declare var String: StringConstructor;

/** No members: Espruino matches many patterns differently (no `{2}`, lookaround, `\\b`, lazy or optional parts). */
interface RegExp {}

interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  concat(...items: (T | readonly T[])[]): T[];
  every(test: (value: T, index: number, array: readonly T[]) => unknown): boolean;
  filter(test: (value: T, index: number, array: readonly T[]) => unknown): T[];
  find(test: (value: T, index: number, array: readonly T[]) => unknown): T | undefined;
  findIndex(test: (value: T, index: number, array: readonly T[]) => unknown): number;
  forEach(action: (value: T, index: number, array: readonly T[]) => void): void;
  includes(value: T): boolean;
  indexOf(value: T, from?: number): number;
  join(separator?: string): string;
  map<U>(transform: (value: T, index: number, array: readonly T[]) => U): U[];
  reduce(combine: (sum: T, value: T, index: number, array: readonly T[]) => T): T;
  reduce<U>(combine: (sum: U, value: T, index: number, array: readonly T[]) => U, start: U): U;
  slice(start?: number, end?: number): T[];
  some(test: (value: T, index: number, array: readonly T[]) => unknown): boolean;
  [Symbol.iterator](): IterableIterator<T>;
}
interface Array<T> extends ReadonlyArray<T> {
  [index: number]: T;
  fill(value: T, start?: number, end?: number): this;
  pop(): T | undefined;
  push(...items: T[]): number;
  reverse(): T[];
  shift(): T | undefined;
  splice(start: number, deleteCount?: number, ...items: T[]): T[];
  unshift(...items: T[]): number;
}
interface ArrayConstructor {
  new <T>(length: number): T[];
  isArray(value: any): value is any[];
}
declare var Array: ArrayConstructor;

interface ArrayBuffer {
  readonly byteLength: number;
}
interface ArrayBufferConstructor {
  new (byteLength: number): ArrayBuffer;
}
declare var ArrayBuffer: ArrayBufferConstructor;

/** What all typed arrays have. An index out of range reads undefined and writes nothing. */
interface TypedArray {
  readonly length: number;
  readonly buffer: ArrayBuffer;
  readonly byteLength: number;
  readonly byteOffset: number;
  [index: number]: number;
  fill(value: number, start?: number, end?: number): this;
  forEach(action: (value: number, index: number) => void): void;
  indexOf(value: number, from?: number): number;
  join(separator?: string): string;
  reduce<U>(combine: (sum: U, value: number, index: number) => U, start: U): U;
  set(values: TypedArray | readonly number[], offset?: number): void;
  slice(start?: number, end?: number): this;
  subarray(start?: number, end?: number): this;
  [Symbol.iterator](): IterableIterator<number>;
}
interface TypedArrayConstructor<T> {
  new (length: number): T;
  new (values: TypedArray | readonly number[]): T;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): T;
}
interface Int8Array extends TypedArray {}
interface Uint8Array extends TypedArray {}
interface Uint8ClampedArray extends TypedArray {}
interface Int16Array extends TypedArray {}
interface Uint16Array extends TypedArray {}
interface Int32Array extends TypedArray {}
interface Uint32Array extends TypedArray {}
interface Float32Array extends TypedArray {}
interface Float64Array extends TypedArray {}
declare var Int8Array: TypedArrayConstructor<Int8Array>;
declare var Uint8Array: TypedArrayConstructor<Uint8Array>;
declare var Uint8ClampedArray: TypedArrayConstructor<Uint8ClampedArray>;
declare var Int16Array: TypedArrayConstructor<Int16Array>;
declare var Uint16Array: TypedArrayConstructor<Uint16Array>;
declare var Int32Array: TypedArrayConstructor<Int32Array>;
declare var Uint32Array: TypedArrayConstructor<Uint32Array>;
declare var Float32Array: TypedArrayConstructor<Float32Array>;
declare var Float64Array: TypedArrayConstructor<Float64Array>;

/** Unlike on Node, an offset out of range does not throw. */
interface DataView {
  readonly buffer: ArrayBuffer;
  readonly byteLength: number;
  readonly byteOffset: number;
  getInt8(offset: number): number;
  getUint8(offset: number): number;
  getInt16(offset: number, littleEndian?: boolean): number;
  getUint16(offset: number, littleEndian?: boolean): number;
  getInt32(offset: number, littleEndian?: boolean): number;
  getUint32(offset: number, littleEndian?: boolean): number;
  getFloat32(offset: number, littleEndian?: boolean): number;
  getFloat64(offset: number, littleEndian?: boolean): number;
  setInt8(offset: number, value: number): void;
  setUint8(offset: number, value: number): void;
  setInt16(offset: number, value: number, littleEndian?: boolean): void;
  setUint16(offset: number, value: number, littleEndian?: boolean): void;
  setInt32(offset: number, value: number, littleEndian?: boolean): void;
  setUint32(offset: number, value: number, littleEndian?: boolean): void;
  setFloat32(offset: number, value: number, littleEndian?: boolean): void;
  setFloat64(offset: number, value: number, littleEndian?: boolean): void;
}
interface DataViewConstructor {
  new (buffer: ArrayBuffer, byteOffset?: number, byteLength?: number): DataView;
}
declare var DataView: DataViewConstructor;

interface Error {
  message: string;
}
interface ErrorConstructor {
  new (message?: string): Error;
}
declare var Error: ErrorConstructor;

interface JSON {
  /** More lenient than on Node: accepts a trailing comma and text after the value. */
  parse(text: string): any;
  /** Floats keep about 11 significant digits: write scaled integers. */
  stringify(value: any): string;
}
declare var JSON: JSON;

interface Promise<T> {
  then<U>(done: (value: T) => U | Promise<U>, failed?: (reason: any) => U | Promise<U>): Promise<U>;
  catch<U>(failed: (reason: any) => U | Promise<U>): Promise<T | U>;
}
interface PromiseConstructor {
  new <T>(run: (resolve: (value: T) => void, reject: (reason: any) => void) => void): Promise<T>;
  all<T>(promises: readonly Promise<T>[]): Promise<T[]>;
  resolve<T>(value: T): Promise<T>;
  reject(reason: any): Promise<never>;
}
declare var Promise: PromiseConstructor;

// What TypeScript needs to type `for … of`; the interpreter has none of it, and a lint rule refuses the name `Symbol`.
interface Symbol {}
interface SymbolConstructor {
  readonly iterator: unique symbol;
}
declare var Symbol: SymbolConstructor;
interface IteratorYieldResult<T> {
  done?: false;
  value: T;
}
interface IteratorReturnResult<T> {
  done: true;
  value: T;
}
type IteratorResult<T, R = any> = IteratorYieldResult<T> | IteratorReturnResult<R>;
interface Iterator<T, R = any, N = any> {
  next(value?: N): IteratorResult<T, R>;
}
interface Iterable<T, R = any, N = any> {
  [Symbol.iterator](): Iterator<T, R, N>;
}
interface IterableIterator<T, R = any, N = any> extends Iterator<T, R, N> {
  [Symbol.iterator](): IterableIterator<T, R, N>;
}

// Helpers of the type checker alone.
type Partial<T> = { [K in keyof T]?: T[K] };
type Required<T> = { [K in keyof T]-?: T[K] };
type Readonly<T> = { readonly [K in keyof T]: T[K] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type ReturnType<T extends (...args: any) => any> = T extends (...args: any) => infer R ? R : any;
type Parameters<T extends (...args: any) => any> = T extends (...args: infer P) => any ? P : never;
