/**
 * Makes what `runMavlink` works with: the templates of the four messages, the tables of their CRC. Not resident.
 *
 * Fields stand in the order of the wire: base fields by falling size, then extensions as they were added (common.xml). Numbers are
 * little-endian, as the controller's own.
 */
import type { UartOut } from '../../hal/bus';
import { At, FIRST_CELLS, LENGTH, Message, MOST_CELLS, PAYLOAD, STX, type Mavlink } from './mavlink';
import { ChargeState, MavFault } from './told';

/** What never changes of a pack. Numbers of 0 are not known; voltages and currents are whole. */
export interface MavlinkPack {
  /** Of the vehicle, 1 to 255: flight stacks listen to the batteries of their own system only. */
  systemId: number;
  /** 1 for the first: there is a receiver that takes 0 for none. */
  batteryId: number;
  cells: number;
  design_mAh: number;
  /** Of a cell. */
  chargeTo_mV: number;
  dischargeTo_mV: number;
  nominal_mV: number;
  /** Largest currents of the pack. */
  discharge_mA: number;
  charge_mA: number;
  /** ASCII; at most 15 and 49 characters are sent. */
  serial: string;
  name: string;
}

const MAGIC = 0xfd;
const COMPONENT_BATTERY = 180;
const TYPE_BATTERY = 36;
const AUTOPILOT_INVALID = 8;
const MAVLINK_VERSION = 3;
const FUNCTION_ALL = 1;
/** Lithium metal is none of those that there are. */
const CHEMISTRY_UNKNOWN = 0;
const UNKNOWN_WORD = 65535;
const UNKNOWN_WARMTH = 32767;
const MOST_BYTES = 140;

/** Lengths of the payloads. BATTERY_STATUS ends with the charge state, which is never 0, or with cells or faults after it. */
const FAULTY_BYTES = 51;
const HEARTBEAT_BYTES = 9;
const INFO_BYTES = 140;
const SMART_BYTES = 109;

/**
 * The sender of a pack, for `runMavlink`. Each message is due now, but for BATTERY_STATUS: that waits for `tellChanges`.
 * @param uart set up, for the flight controller alone
 * @param told what is told, kept by another
 */
export function openMavlink(pack: MavlinkPack, uart: UartOut, told: Float64Array, now_ms: number): Mavlink {
  const bytes = new Uint8Array(PAYLOAD + MOST_BYTES + 4);
  bytes[STX] = MAGIC;
  const n = new Float64Array(At.length);
  n.fill(now_ms, At.due_ms, At.due_ms + Message.length);
  n[At.due_ms] = Infinity;
  const byteCrc = crcTable();
  const wordCrc = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) wordCrc[byte] = byteCrc[byteCrc[byte] & 255] ^ (byteCrc[byte] >> 8);
  return {
    n: n,
    words: new Uint16Array(bytes.buffer),
    byteCrc: byteCrc,
    wordCrc: wordCrc,
    bytes: bytes,
    uart: uart,
    longs: new Int32Array(bytes.buffer),
    floats: new Float32Array(bytes.buffer),
    told: told,
    consumed: new Float64Array(told.buffer, 0, 2),
    templates: [
      template(pack, 147, 154, statusPayload(pack, 0)),
      template(pack, 0, 50, heartbeatPayload()),
      template(pack, 372, 26, infoPayload(pack)),
      template(pack, 370, 75, smartPayload(pack)),
      template(pack, 147, 154, statusPayload(pack, MavFault.CellFail)),
    ],
  };
}

/** From the frame's length to the message's CRC_EXTRA. Zeros at the end of a payload are not sent. */
function template(pack: MavlinkPack, id: number, extra: number, payload: DataView): Uint8Array {
  let length = payload.byteLength;
  while (length > 1 && payload.getUint8(length - 1) === 0) length--;
  const head = PAYLOAD - LENGTH;
  const bytes = new Uint8Array(head + length + 1);
  bytes[0] = length;
  bytes[4] = pack.systemId;
  bytes[5] = COMPONENT_BATTERY;
  bytes[6] = id;
  bytes[7] = id >> 8;
  for (let k = 0; k < length; k++) bytes[head + k] = payload.getUint8(k);
  bytes[head + length] = extra;
  return bytes;
}

/** CRC-16/MCRF4XX, which MAVLink calls X.25: polynomial 0x1021 reflected, begins with 0xffff. */
function crcTable(): Uint16Array {
  const table = new Uint16Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
    table[byte] = crc;
  }
  return table;
}

/** BATTERY_STATUS, 147, as long as nothing is known. */
function statusPayload(pack: MavlinkPack, faults: MavFault): DataView {
  const more = pack.cells > FIRST_CELLS && pack.cells <= MOST_CELLS ? pack.cells - FIRST_CELLS : 0;
  const payload = new DataView(new ArrayBuffer(FAULTY_BYTES));
  payload.setInt16(8, UNKNOWN_WARMTH, true);
  for (let cell = 0; cell < 10; cell++) payload.setUint16(10 + 2 * cell, UNKNOWN_WORD, true);
  payload.setInt16(30, -1, true);
  payload.setUint8(32, pack.batteryId);
  payload.setUint8(33, FUNCTION_ALL);
  payload.setUint8(34, CHEMISTRY_UNKNOWN);
  payload.setUint8(40, ChargeState.Ok);
  // The smallest voltage of the cells beyond the tenth, so that the length never changes.
  for (let k = 0; k < more; k++) payload.setUint16(41 + 2 * k, 256 + 1, true);
  // All there are fit into the first byte of their field.
  payload.setUint8(50, faults);
  return payload;
}

/** HEARTBEAT, 0. */
function heartbeatPayload(): DataView {
  const payload = new DataView(new ArrayBuffer(HEARTBEAT_BYTES));
  payload.setUint8(4, TYPE_BATTERY);
  payload.setUint8(5, AUTOPILOT_INVALID);
  payload.setUint8(8, MAVLINK_VERSION);
  return payload;
}

/** BATTERY_INFO, 372: volts of a cell, amperes and ampere-hours of the pack. */
function infoPayload(pack: MavlinkPack): DataView {
  const payload = new DataView(new ArrayBuffer(INFO_BYTES));
  payload.setFloat32(0, pack.dischargeTo_mV / 1000, true);
  payload.setFloat32(12, pack.chargeTo_mV / 1000, true);
  payload.setFloat32(16, pack.charge_mA / 1000, true);
  payload.setFloat32(20, (pack.nominal_mV * pack.cells) / 1000, true);
  payload.setFloat32(28, pack.discharge_mA / 1000, true);
  payload.setFloat32(32, pack.design_mAh / 1000, true);
  payload.setUint8(44, pack.batteryId);
  payload.setUint8(45, FUNCTION_ALL);
  payload.setUint8(46, CHEMISTRY_UNKNOWN);
  payload.setUint8(48, pack.cells);
  text(payload, 58, pack.serial, 31);
  text(payload, 90, pack.name, 49);
  return payload;
}

/** SMART_BATTERY_INFO, 370, for stacks that do not know the one above: millivolts, milliamperes. */
function smartPayload(pack: MavlinkPack): DataView {
  const payload = new DataView(new ArrayBuffer(SMART_BYTES));
  payload.setInt32(0, pack.design_mAh > 0 ? pack.design_mAh : -1, true);
  payload.setUint16(12, pack.dischargeTo_mV > 0 ? pack.dischargeTo_mV : UNKNOWN_WORD, true);
  payload.setUint16(14, UNKNOWN_WORD, true);
  payload.setUint16(16, UNKNOWN_WORD, true);
  payload.setUint8(18, pack.batteryId);
  payload.setUint8(19, FUNCTION_ALL);
  payload.setUint8(20, CHEMISTRY_UNKNOWN);
  text(payload, 21, pack.serial, 15);
  text(payload, 37, pack.name, 49);
  payload.setUint16(87, pack.chargeTo_mV, true);
  payload.setUint8(89, pack.cells);
  payload.setUint32(94, pack.discharge_mA, true);
  return payload;
}

function text(payload: DataView, at: number, characters: string, most: number): void {
  for (let k = 0; k < characters.length && k < most; k++) payload.setUint8(at + k, characters.charCodeAt(k) & 127);
}
