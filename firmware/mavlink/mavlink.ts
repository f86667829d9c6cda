/**
 * What a drone pack tells its flight controller: MAVLink 2 frames on a UART, one after the other (docs/drone-link.md). It only ever
 * sends; what arrives is not looked at.
 *
 *   BATTERY_STATUS twice a second, HEARTBEAT once, BATTERY_INFO and SMART_BATTERY_INFO every ten seconds or when what is allowed changes
 *
 * One call a tick does one slice of at most 25 Leibniz steps: a frame is made of its template, which holds all that never changes, and
 * what does; then its CRC is computed, some words a call; then it is sent whole. Nothing is allocated but the view that is handed to the
 * UART.
 *
 * Framing: https://mavlink.io/en/guide/serialization.html. Layouts: common.xml; open.ts has the templates.
 */
import type { UartOut } from '../../hal/bus';
import type { PackSense } from '../sense/pack';
import { Told } from './told';

/** In the order of their urgency. */
export enum Message {
  BatteryStatus,
  Heartbeat,
  BatteryInfo,
  SmartBatteryInfo,
  length,
}

/** Numbers of `Mavlink.n`. */
export enum At {
  /** Next word of the frame that the CRC looks at, and where it ends; equal: no frame is under way. */
  next,
  end,
  crc,
  /** Sequence number of the next frame; its low byte is sent. */
  sequence,
  /** When each message is due [ms], from here on. */
  due_ms,
  /** What was allowed when the flight controller was told last [mA]. */
  allowed_mA = due_ms + Message.length,
  length,
}

/** The fields that every tick looks at stand first: the interpreter searches in order. */
export interface Mavlink {
  n: Float64Array;
  /** The frame under way, from byte STX on, as numbers of each size: payloads begin where all are aligned. */
  words: Uint16Array;
  /** CRC of a byte, and of a byte with another after it. */
  byteCrc: Uint16Array;
  wordCrc: Uint16Array;
  bytes: Uint8Array;
  uart: UartOut;
  longs: Int32Array;
  floats: Float32Array;
  told: Float64Array;
  /** Its first two numbers, in the same memory. */
  consumed: Float64Array;
  /** Of each message what never changes, from its length to CRC_EXTRA, which stands where the CRC will; last BATTERY_STATUS with faults. */
  templates: Uint8Array[];
}

/** Places in `bytes`: begin of a frame, of its length, and of its payload. */
export const STX = 2;
export const LENGTH = 3;
export const PAYLOAD = 12;
/** The CRC takes the length first, the rest by words from here on. */
const FIRST_WORD = 2;
const SEQUENCE = 6;

/** Most words a slice: BATTERY_STATUS has 25. Longer messages end with a small one, which has an odd byte to add and is sent. */
const CRC_WORDS = 13;
const LONG_WORDS = 40;
const STATUS_MS = 500;
const HEARTBEAT_MS = 1000;
const INFO_MS = 10000;
/** Older voltages and currents are not told. */
const STALE_MS = 1000;
/** This many cells have places of their own in BATTERY_STATUS, of which the last four lie apart. */
export const FIRST_CELLS = 10;
export const MOST_CELLS = 14;
const MOST_MV = 65534;
/** A change of the allowed current by this part of it is told at once, but not more often than this. */
const CHANGE = 0.05;
const SOONEST_MS = 1000;

/** One slice. To be called once a tick. */
export function runMavlink(m: Mavlink, sense: PackSense, now_ms: number): void {
  const n = m.n;
  const end = n[At.end];
  let k = n[At.next];
  if (k === end) {
    begin(m, n, sense, now_ms);
    return;
  }
  // CRC-16/MCRF4XX, two bytes a turn.
  const words = m.words;
  const low = m.byteCrc;
  const high = m.wordCrc;
  let left = end - k;
  if (left > CRC_WORDS) left = end < LONG_WORDS ? CRC_WORDS : CRC_WORDS - 1;
  let crc = n[At.crc];
  while (left--) {
    crc ^= words[k++];
    crc = high[crc & 255] ^ low[crc >> 8];
  }
  n[At.next] = k;
  if (k < end) {
    n[At.crc] = crc;
    return;
  }
  const bytes = m.bytes;
  k = PAYLOAD + bytes[LENGTH];
  // One byte is left, CRC_EXTRA, or none.
  if (k % 2 === 0) words[k / 2] = low[(crc ^ bytes[k]) & 255] ^ (crc >> 8);
  else {
    bytes[k] = crc;
    bytes[k + 1] = crc >> 8;
  }
  m.uart.write(bytes.subarray(STX, k + 2));
}

/** Begins the most urgent message that is due. Few local names: each costs the interpreter more than a step. */
function begin(m: Mavlink, n: Float64Array, sense: PackSense, now_ms: number): void {
  let message = 0;
  while (n[At.due_ms + message] > now_ms) if (++message === Message.length) return;
  const bytes = m.bytes;
  const told = m.told;
  if (message === Message.BatteryStatus) {
    n[At.due_ms] += STATUS_MS;
    if (told[Told.faults] === 0) bytes.set(m.templates[0], LENGTH);
    else {
      bytes.set(m.templates[Message.length], LENGTH);
      bytes[PAYLOAD + 50] = told[Told.faults];
    }
    m.longs.set(m.consumed, PAYLOAD / 4);
    bytes[PAYLOAD + 35] = told[Told.remaining_pct];
    m.longs[(PAYLOAD + 36) / 4] = told[Told.left_s];
    bytes[PAYLOAD + 40] = told[Told.chargeState];
    // The template says "not known" of what is left out.
    if (now_ms - sense.at_ms < STALE_MS) sensed(m.words, bytes, sense);
  } else {
    n[At.due_ms + message] += message === Message.Heartbeat ? HEARTBEAT_MS : INFO_MS;
    bytes.set(m.templates[message], LENGTH);
    if (message === Message.Heartbeat) bytes[PAYLOAD + 7] = told[Told.systemState];
    else info(m, message);
  }
  // What could not be sent in time is not made up for.
  if (n[At.due_ms + message] < now_ms) n[At.due_ms + message] = now_ms;
  bytes[SEQUENCE] = n[At.sequence]++;
  n[At.crc] = m.byteCrc[bytes[LENGTH] ^ 255] ^ 255;
  n[At.next] = FIRST_WORD;
  n[At.end] = (PAYLOAD + 1 + bytes[LENGTH]) >> 1;
}

/** What the sensors say, in BATTERY_STATUS. */
function sensed(words: Uint16Array, bytes: Uint8Array, sense: PackSense): void {
  if (sense.isWarmthKnown) words[(PAYLOAD + 8) / 2] = 100 * sense.hottest_C;
  // As the front end counts it, and as wide. -1 would say "not measured"; PX4 understands that of -1 A.
  const current_cA = sense.current_mA / 10;
  words[(PAYLOAD + 30) / 2] =
    current_cA < 0 && (current_cA === -1 || current_cA === -100) ? current_cA - 1 : current_cA;
  if (sense.cells_mV.length > FIRST_CELLS || sense.lowest_mV < 1) unusualCells(words, bytes, sense);
  else words.set(sense.cells_mV, (PAYLOAD + 10) / 2);
}

/** More cells than the first field holds; or one so empty that it needs care: 0 and less would say something else. */
function unusualCells(words: Uint16Array, bytes: Uint8Array, sense: PackSense): void {
  const cells_mV = sense.cells_mV;
  const at = (PAYLOAD + 10) / 2;
  if (cells_mV.length > MOST_CELLS) {
    // There is no place for so many: the whole, in two parts if need be.
    const stack_mV = Math.max(0, sense.stack_mV);
    words[at] = Math.min(MOST_MV, stack_mV);
    if (stack_mV > MOST_MV) words[at + 1] = stack_mV - MOST_MV;
    return;
  }
  for (let k = 0; k < cells_mV.length; k++) {
    const cell_mV = Math.max(k < FIRST_CELLS ? 0 : 1, cells_mV[k]);
    if (k < FIRST_CELLS) words[at + k] = cell_mV;
    else {
      bytes[PAYLOAD + 21 + 2 * k] = cell_mV;
      bytes[PAYLOAD + 22 + 2 * k] = cell_mV >> 8;
    }
  }
}

/** What changes of the two messages of what the pack can do. A current of 0 would say "not given". */
function info(m: Mavlink, message: Message): void {
  const told = m.told;
  const words = m.words;
  const allowed_mA = Math.max(1, told[Told.allowed_mA]);
  const full_mAh = told[Told.full_mAh];
  const cycles = told[Told.cycles];
  if (message === Message.BatteryInfo) {
    m.n[At.allowed_mA] = allowed_mA;
    m.floats[(PAYLOAD + 24) / 4] = allowed_mA / 1000;
    m.floats[(PAYLOAD + 36) / 4] = full_mAh < 0 ? NaN : full_mAh / 1000;
    words[(PAYLOAD + 40) / 2] = cycles;
    m.bytes[PAYLOAD + 47] = told[Told.health_pct];
  } else {
    m.longs[(PAYLOAD + 4) / 4] = full_mAh;
    words[(PAYLOAD + 8) / 2] = cycles;
    words[(PAYLOAD + 90) / 2] = allowed_mA;
    words[(PAYLOAD + 92) / 2] = allowed_mA / 65536;
  }
}

/**
 * To be called once a second: BATTERY_STATUS begins when it is known how much is left, because a flight stack takes "not known" for
 * empty; and what is allowed is told when it has changed by much.
 */
export function tellChanges(m: Mavlink, now_ms: number): void {
  const n = m.n;
  if (n[At.due_ms] === Infinity && m.told[Told.remaining_pct] >= 0) n[At.due_ms] = now_ms;
  const was_mA = n[At.allowed_mA];
  const change_mA = m.told[Told.allowed_mA] - was_mA;
  if (change_mA < CHANGE * was_mA && change_mA > -CHANGE * was_mA) return;
  for (let message = Message.BatteryInfo; message <= Message.SmartBatteryInfo; message++)
    if (n[At.due_ms + message] > now_ms + SOONEST_MS) n[At.due_ms + message] = now_ms;
}
