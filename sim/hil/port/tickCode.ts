/**
 * A recorded tick as bytes for the device, and the checksum that the device must come to: over all that the firmware asked of its
 * board, with its arguments, in order. `portShim.ts` is the device's side of both.
 */
import { crc32 } from 'node:zlib';
import { NACK, type Answer, type Request } from '../board';
import { REQUEST } from '../frames';

/**
 * Begins each note of what was asked. The time is not noted: its answer is looked for in the bytes, so another order is noticed by
 * what follows.
 */
export const OP = {
  ...REQUEST,
  flashRead: 20,
  flashWrite: 22,
  flashErase: 23,
  storeWrite: 24,
  storeErase: 25,
  /** Ends a tick: how many bytes of answers it took. */
  end: 99,
} as const;

/** Before the bytes of a read. */
export const GIVEN = { bytes: 0, nack: 1, fill: 2, lastWritten: 3 } as const;
/** Shorter reads are given byte by byte. */
const FILL_FROM = 9;
/** In the first byte of a tick, beside the timer's number. */
export const TIMED = 128;
/** First byte of a tick, and the time since the tick before in two. */
export const TICK_HEADER = 3;
/** Notes are folded into a checksum when so many bytes of them have come together. */
export const NOTES_MAX = 64;
const NOTE_BYTES = 4;

export interface RecordedTick {
  /** Of the timer; 0: the boot code. */
  timer: number;
  /** Or something that is done between two ticks. */
  isTick: boolean;
  at_ms: number;
  /** Since the tick before. */
  wait_ms: number;
  requests: readonly Request[];
  answers: readonly Answer[];
}

type Note = [op: number, a: number, b: number, c: number];

/** Whether a tick can be timed: each answer lies ready, none has to be made. */
export function canBeTimed({ timer, requests, answers }: RecordedTick): boolean {
  return timer > 0 && !answers.includes(NACK) && !requests.some(([name]) => name.startsWith('flash'));
}

/** All that the device notes in a tick; in a timed one what is read and the kick of the watchdog are left out. */
export function notesOf(tick: RecordedTick, timed: boolean): Note[] {
  const notes: Note[] = [];
  for (const request of tick.requests) notes.push(...noteRequest(request, timed));
  // Of a timed tick one thing is left that is no answer.
  const taken = timed ? 1 : answerBytes(tick).length;
  notes.push([OP.end, taken, taken >> 8, taken >> 16]);
  return notes;
}

/** Of one request; none where it is not noted. */
export function noteRequest(request: Request, timed: boolean): Note[] {
  switch (request[0]) {
    case 'readReg':
      return timed ? [] : [[OP.readReg, request[1], request[2], request[3]]];
    case 'readFrom':
      return timed ? [] : [[OP.readFrom, request[1], request[2], 0]];
    case 'writeTo': {
      const bytes = Uint8Array.from(request.slice(2) as number[]);
      return [[OP.writeTo, request[1], bytes.length, 0], sum(OP.writeTo, bytes)];
    }
    case 'i2cSetup':
      return [[OP.i2cSetup, request[1] / 100, (request[1] / 100) >> 8, 0]];
    case 'pinMode':
      return [[OP.pinMode, request[1], 0, 0], sum(OP.pinMode, request[2])];
    case 'pinWrite':
      return [[OP.pinWrite, request[1], request[2], 0]];
    case 'pinRead':
      return timed ? [] : [[OP.pinRead, request[1], 0, 0]];
    case 'analogRead':
      return timed ? [] : [[OP.analogRead, request[1], 0, 0]];
    case 'getTime':
      return [];
    case 'setTimer':
      return [[OP.setTimer, request[1] + 128 * request[3], request[2], request[2] >> 8]];
    case 'clearTimer':
      return [[OP.clearTimer, request[1], 0, 0]];
    case 'print':
      return [sum(OP.print, request[1])];
    case 'enableWatchdog':
      return [[OP.enableWatchdog, request[1], 0, 0]];
    case 'kickWatchdog':
      return timed ? [] : [[OP.kickWatchdog, 0, 0, 0]];
    case 'flashRead':
      return [
        [OP.flashRead, request[1], request[1] >> 8, request[1] >> 16],
        [OP.flashRead, request[2], request[2] >> 8, 0],
      ];
    case 'flashWrite':
      return [[OP.flashWrite, request[1], request[1] >> 8, request[1] >> 16], sum(OP.flashWrite, request[2])];
    case 'flashErase':
      return [[OP.flashErase, request[1], request[1] >> 8, request[1] >> 16]];
    case 'storeWrite':
      return [sum(OP.storeWrite, request[1]), sum(OP.storeWrite, request[2])];
    case 'storeErase':
      return [sum(OP.storeErase, request[1])];
  }
}

function sum(op: number, data: string | Uint8Array): Note {
  const crc = crc32(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
  return [op, crc, crc >>> 8, crc >>> 16];
}

/** The checksum of notes: CRC-32 in pieces, each begun with the checksum so far. */
export function checksum(notes: readonly Note[]): number {
  const bytes = new Uint8Array(NOTES_MAX);
  let count = 0;
  let crc = 0;
  const fold = (): void => {
    crc = crc32(bytes.subarray(0, count));
    for (let k = 0; k < NOTE_BYTES; k++) bytes[k] = crc >>> (8 * k);
    count = NOTE_BYTES;
  };
  for (const note of notes) {
    if (count === NOTES_MAX) fold();
    for (const value of note) bytes[count++] = value;
  }
  fold();
  return crc;
}

/** The tick for the device. */
export function encodeTick(tick: RecordedTick, timed: boolean): Buffer {
  const wait_ms = Math.min(0xffff, Math.round(tick.wait_ms));
  return Buffer.concat([
    Buffer.from([tick.timer | (timed ? TIMED : 0), wait_ms & 255, wait_ms >> 8]),
    timed ? answersAhead(tick) : answerBytes(tick),
  ]);
}

/** The answers of a timed tick, made ready before the time is taken: their number, then length and bytes, or what follows. */
export const AHEAD = { double: 255, level: 254 } as const;

function answersAhead({ answers }: RecordedTick): Buffer {
  const given = answers.filter((answer) => answer !== undefined);
  const pieces = given.map((answer) => {
    if (answer instanceof Uint8Array) return Buffer.from([answer.length, ...answer]);
    if (typeof answer === 'boolean') return Buffer.of(AHEAD.level, answer ? 1 : 0);
    const double = Buffer.alloc(9, AHEAD.double);
    double.writeDoubleLE(answer as number, 1);
    return double;
  });
  return Buffer.concat([Buffer.of(given.length & 255, given.length >> 8), ...pieces]);
}

function answerBytes({ requests, answers }: RecordedTick): Buffer {
  const pieces: Buffer[] = [];
  let written: Uint8Array | undefined;
  requests.forEach((request, index) => {
    const answer = answers[index];
    switch (request[0]) {
      case 'readReg':
      case 'readFrom':
        pieces.push(answer === NACK ? Buffer.of(GIVEN.nack) : Buffer.from([GIVEN.bytes, ...(answer as Uint8Array)]));
        return;
      case 'writeTo':
        pieces.push(Buffer.of(answer === NACK ? GIVEN.nack : GIVEN.bytes));
        return;
      case 'flashWrite':
        written = request[2];
        return;
      case 'flashRead':
        pieces.push(flashBytes(answer as Uint8Array, written));
        return;
      case 'pinRead':
        pieces.push(Buffer.of(answer ? 1 : 0));
        return;
      case 'analogRead':
      case 'getTime': {
        const double = Buffer.alloc(8);
        double.writeDoubleLE(answer as number);
        pieces.push(double);
        return;
      }
      default:
    }
  });
  return Buffer.concat(pieces);
}

/** Flash is mostly empty, or what was just written is looked at again: neither has to be sent. */
function flashBytes(bytes: Uint8Array, written: Uint8Array | undefined): Buffer {
  const first = bytes[0] ?? 0;
  if (bytes.length >= FILL_FROM && bytes.every((byte) => byte === first)) return Buffer.of(GIVEN.fill, first);
  if (written?.length === bytes.length && Buffer.compare(written, bytes) === 0) return Buffer.of(GIVEN.lastWritten);
  return Buffer.concat([Buffer.of(GIVEN.bytes), bytes]);
}
