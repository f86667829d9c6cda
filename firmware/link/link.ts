/**
 * Resident: the device's end of the link (docs/link.md). One frame a line of printable ASCII:
 *
 *     #C1q 42 limits*51202163
 *
 * mark and version of the protocol, type, number, payload, CRC-32 of all before the `*`, decimal: the interpreter prints numbers
 * faster than it could write hexadecimal ones. A wire may be shared with an open console and with other programs: what is no
 * whole frame is dropped without a word.
 *
 * One slice of the link's work is done behind a tick at most: it finds a frame and checks it, or serves the one found before, or goes on
 * with the telemetry. So it does not matter how much arrives, and in what order.
 */
import type { Upload } from './upload';

/** Begins every frame: mark and version of the protocol. */
const MARK = '#C1';
/** Begins every request. */
const ASKED = '#C1q ';
/** Longest request with all around it [characters]; of more than that the last is kept. */
export const HELD = 1152;
/** Numbers of frames go round below this. */
const ROUND = 16777216;
/** A request numbered up to so many below the last one is an old one that comes late. */
const LATE = 1000;
/** A longer answer is not kept for a request that comes again: only readings are longer, and they are read again. */
export const KEPT_ANSWER = 256;

const LEAST_RATE_MS = 100;
const MOST_RATE_MS = 3600000;
const NEVER_MS = 1e15;
/** Wall clocks before 2001 have not been set. */
const FIRST_TIME_S = 1e9;

/** Types of frames, behind the version. A request's is q. */
export const ANSWER = 'a';
/** A line for a person: a row that trips, a cycle that ends. */
export const EVENT = 'e';

/** Numbers of the link, the array `Link.n`. */
export enum LinkNumber {
  /** Telemetry goes on when this is reached, and is sent every so many milliseconds from then on. */
  due_ms,
  rate_ms,
  /** When estimates are next sent along, and the slice of them in work; 0: none. */
  estimatesDue_ms,
  slice,
  /** Frames sent without having been asked for. */
  sent,
  /** Number and check of the last request; -1: there was none. */
  last,
  lastCheck,
  /** The request in work. */
  asked,
  /** Unix time when the device's clock was 0 [s]; 0: nobody has said. */
  zero_s,
  /** The longest tick since the last telemetry, and free JsVars: told by the device entry. */
  worst_ms,
  free,
  length,
}

/** The state of the link on the side of the device. `n` is indexed by `LinkNumber`. */
export interface Link {
  /** What has arrived and is not yet looked at. */
  text: string;
  /** A request that was found right; '': none. */
  request: string;
  /** The answer to the last request; '': it is to be made again. */
  answer: string;
  /** Telemetry in work. */
  out: string;
  /** What is being sent in pieces. */
  upload: Upload | undefined;
  n: Float64Array;
  /** CRC-32 as in zlib, unsigned. */
  checksum: (text: string) => number;
}

/** Sends no telemetry before `setRate` asks for it. @param checksum CRC-32 as in zlib, unsigned */
export function createLink(checksum: (text: string) => number): Link {
  const n = new Float64Array(LinkNumber.length);
  n[LinkNumber.last] = -1;
  n[LinkNumber.due_ms] = NEVER_MS;
  return { text: '', request: '', answer: '', out: '', upload: undefined, n: n, checksum: checksum };
}

/** Telemetry from now on every `rate_ms`; 0: none. */
export function setRate(link: Link, rate_ms: number, now_ms: number): void {
  const n = link.n;
  n[LinkNumber.rate_ms] = rate_ms;
  n[LinkNumber.due_ms] = rate_ms === 0 ? NEVER_MS : now_ms;
  n[LinkNumber.slice] = n[LinkNumber.estimatesDue_ms] = 0;
}

/** Takes what has arrived, whatever it is. No work is done here. */
export function receive(link: Link, arrived: string): void {
  const text = link.text + arrived;
  link.text = text.length > HELD ? text.slice(text.length - HELD) : text;
}

/** A frame to send; its line's end is for the wire. */
export function framed(link: Link, type: string, payload: string): string {
  const n = link.n;
  let number = n[LinkNumber.asked];
  if (type !== ANSWER) {
    number = n[LinkNumber.sent];
    n[LinkNumber.sent] = (number + 1) % ROUND;
  }
  const body = MARK + type + ' ' + number + ' ' + payload;
  return body + '*' + link.checksum(body);
}

/**
 * One slice of work on requests.
 * @param now_ms of the clock that nobody sets
 * @param serve answers a request; never throws
 * @returns a frame to send; '': none, but this tick's slice is used; undefined: there was nothing to do
 */
export function linkSlice(link: Link, now_ms: number, serve: (line: string) => string): string | undefined {
  const line = link.request;
  if (line === '') return link.text === '' ? undefined : take(link);
  link.request = '';
  const n = link.n;
  const text = line.slice(5);
  const value = parseInt(text, 10);
  const whole = '' + value === text;
  let answer = 'ok';
  if (whole && line.startsWith('rate ') && (value === 0 || (value >= LEAST_RATE_MS && value <= MOST_RATE_MS))) {
    setRate(link, value, now_ms);
  } else if (whole && line.startsWith('time ') && value >= FIRST_TIME_S && value < 4294967296)
    n[LinkNumber.zero_s] = value - now_ms / 1000;
  else answer = serve(line);
  link.answer = answer.length > KEPT_ANSWER ? '' : answer;
  return framed(link, ANSWER, answer);
}

/** Looks for one frame in what has arrived. @returns as `linkSlice` */
function take(link: Link): string | undefined {
  const text = link.text;
  const at = text.indexOf(ASKED);
  if (at < 0) {
    // Its begin may be half there.
    const tail = text.substring(text.length - ASKED.length + 1);
    link.text = tail.indexOf('#') < 0 ? '' : tail;
    return undefined;
  }
  const end = text.indexOf('\n', at);
  if (end < 0) return undefined;
  const line = text.slice(at, end);
  const star = line.lastIndexOf('*');
  const body = line.slice(0, star);
  const check = link.checksum(body);
  if (line.indexOf('' + check, star) !== star + 1) {
    // One that was cut off: another may begin in its line.
    link.text = text.slice(at + 1);
    return '';
  }
  link.text = text.slice(end + 1);
  const n = link.n;
  const number = parseInt(body.slice(ASKED.length), 10);
  if (!(number >= 0 && number < ROUND)) return '';
  const last = n[LinkNumber.last];
  const behind = (last - number + ROUND) % ROUND;
  if (last >= 0 && behind < LATE) {
    // Again, because its answer was lost: it is not done again.
    if (behind > 0 || check !== n[LinkNumber.lastCheck]) return '';
    if (link.answer !== '') return framed(link, ANSWER, link.answer);
  }
  n[LinkNumber.last] = n[LinkNumber.asked] = number;
  n[LinkNumber.lastCheck] = check;
  link.request = body.slice(body.indexOf(' ', ASKED.length) + 1);
  return '';
}
