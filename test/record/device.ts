/** What a device writes, made of numbers that tell which record they belong to, and whether they are whole. */
import { append } from '../../firmware/record/append';
import { EventWord, logEvent } from '../../firmware/record/event';
import { keep, keepParts } from '../../firmware/record/keep';
import { Kind, type Records } from '../../firmware/record/layout';
import { nextRecords, recall, recallParts, recallWords } from '../../firmware/record/recall';
import { Trace, createSamples, keepTrace, takeSample } from '../../firmware/record/samples';

const COUNT_NUMBERS = 10;
const ESTIMATOR = 130;
const STEERING = 50;
const SETUP_BYTES = 256;

export function writeCount(r: Records, n: number): boolean {
  return append(
    r,
    Kind.Count,
    Int32Array.from({ length: COUNT_NUMBERS + 2 }, (_, k) => n * 11 + k),
  );
}

export function writeState(r: Records, n: number): boolean {
  return keepParts(r, Kind.State, [
    Float64Array.from({ length: ESTIMATOR }, (_, k) => n + k / 7),
    Float64Array.from({ length: STEERING }, (_, k) => -n - k / 3),
  ]);
}

export function writeSetup(r: Records, n: number): boolean {
  return keep(
    r,
    Kind.Setup,
    Uint8Array.from({ length: SETUP_BYTES }, (_, k) => n + k),
  );
}

export function writeEvent(r: Records, n: number): boolean {
  return logEvent(r, n & 255, n, -n, 3 * n, n & 0x3fffff);
}

const samples = createSamples();

/** Samples whose oldest has the voltage `n`. */
export function writeTrace(r: Records, n: number): boolean {
  for (let k = 0; k < 100; k++) takeSample(samples, n + k, Int16Array.of(n + k, k - n, n));
  return keepTrace(r, samples, n + 99);
}

/** The number of the record that is recalled; undefined when there is none. @throws when it is not as it was written */
export function readCount(r: Records): number | undefined {
  const numbers = recallWords(r, Kind.Count);
  if (numbers === undefined) return undefined;
  return same(numbers, (numbers[0] as number) / 11, COUNT_NUMBERS, (n, k) => n * 11 + k);
}

export function readState(r: Records): number | undefined {
  const parts = recallParts(r, Kind.State);
  if (parts === undefined) return undefined;
  const [estimator, steering] = parts as [Float64Array, Float64Array];
  if (parts.length !== 2) throw new Error(`${parts.length} parts`);
  same(steering, estimator[0] as number, STEERING, (n, k) => -n - k / 3);
  return same(estimator, estimator[0] as number, ESTIMATOR, (n, k) => n + k / 7);
}

/** Of its number 8 bits. */
export function readSetup(r: Records): number | undefined {
  const bytes = recall(r, Kind.Setup);
  return bytes && same(bytes, bytes[0] as number, SETUP_BYTES, (n, k) => (n + k) & 255);
}

/** The numbers of the events, oldest first. */
export function readEvents(r: Records): number[] {
  return readLog(r, Kind.Event).map((slot) => {
    const words = new Int32Array(slot.buffer);
    const n = words[EventWord.time_s] as number;
    const cAndId = words[EventWord.cAndId] as number;
    same([words[EventWord.a] as number, words[EventWord.b] as number, cAndId >> 8, cAndId & 255], n, 4, (_, k) =>
      k === 0 ? -n : k === 1 ? 3 * n : k === 2 ? n & 0x3fffff : n & 255,
    );
    return n;
  });
}

export function readTraces(r: Records): number[] {
  return readLog(r, Kind.Trace).map((slot) => {
    const all = new Int16Array(slot.buffer);
    const oldest = all[Trace.oldest] as number;
    const n = all[oldest] as number;
    const inOrder = Array.from({ length: 300 }, (_, k) => all[(oldest + k) % 300] as number);
    same(inOrder, n, 300, (_, k) => (k % 3 === 0 ? n + k / 3 : k % 3 === 1 ? (k - 1) / 3 - n : n));
    return n;
  });
}

/** In portions, as a log is fetched. */
export function readLog(r: Records, kind: Kind): Uint8Array[] {
  const cursor = { opened: 0, slot: -1 };
  const all: Uint8Array[] = [];
  for (;;) {
    const some = nextRecords(r, kind, cursor, 40);
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function same(
  numbers: ArrayLike<number>,
  n: number,
  length: number,
  expected: (n: number, k: number) => number,
): number {
  if (numbers.length !== length) throw new Error(`${numbers.length} numbers, not ${length}`);
  for (let k = 0; k < length; k++)
    if (numbers[k] !== expected(n, k)) throw new Error(`record ${n}: number ${k} is ${numbers[k]}`);
  return n;
}

/** The kinds of writes of a device. */
export const WRITES: readonly {
  kind: keyof typeof Kind;
  write: (r: Records, n: number) => boolean;
  read: (r: Records) => number | undefined;
}[] = [
  { kind: 'Setup', write: writeSetup, read: readSetup },
  { kind: 'State', write: writeState, read: readState },
  { kind: 'Count', write: writeCount, read: readCount },
  { kind: 'Event', write: writeEvent, read: (r) => readEvents(r).at(-1) },
  { kind: 'Trace', write: writeTrace, read: (r) => readTraces(r).at(-1) },
];
