/**
 * TI BQ76952: 3 to 16 cells in series, pack current and temperatures over I2C, and protections that open the pack's switches
 * without the processor. This is what a tick needs; `bq76952Open.ts` sets the part up. Commands and scales from the technical
 * reference manual (SLUUBY2B), sections 3 to 6, 9 and 12; the CRC from the software guide (SLUAA11B), section 4.
 *
 * Errors. A read or a write that fails is tried once more at once: the part may stretch the clock for longer than an ESP32
 * waits. Then it throws, and there are two kinds: what the bus throws (no acknowledge, time-out), and an Error whose message is
 * `BQ76952_CRC`. After a reset of its own the part speaks without CRC: that error then comes at every read, and the part has to
 * be opened again. No CRC shows a word whose two bytes are of two measurements, seldom and then off by 256 (TI's forum, thread
 * 1328137): nothing must follow from a single reading.
 *
 * The switches. What the host commands is a permission: the part closes a switch at the next of its own turns, four a second, and only
 * without a fault; opening is immediate. While a current flows through the body diode of an open switch the part closes it again
 * (section 5.2.3.1): `Bq76952Fet` shows that as closed.
 */
import type { I2cBus } from '../bus';

/** Direct commands, of two bytes each, low byte first, save for the single bytes of SafetyAlertA to C and FetStatus. */
export enum Bq76952Register {
  ControlStatus = 0x00,
  BatteryStatus = 0x12,
  Subcommand = 0x3e,
  Checksum = 0x60,
  AlarmStatus = 0x62,
  AlarmEnable = 0x66,
  FetStatus = 0x7f,
}

/** Subcommands: a command alone, or with data to write. */
export enum Bq76952Subcommand {
  DeviceNumber = 0x0001,
  Reset = 0x0012,
  FetEnable = 0x0022,
  ManufacturingStatus = 0x0057,
  /** Answers the charge counted, see `bq76952Charge_mC`. */
  Charge = 0x0076,
  ResetCharge = 0x0082,
  /** Two bytes: a mask of the inputs whose cells are drained. Wears off, see `Bq76952Limits.balance_s`. */
  BalanceCells = 0x0083,
  EnterConfigUpdate = 0x0090,
  ExitConfigUpdate = 0x0092,
  AllFetsOff = 0x0095,
  AllFetsOn = 0x0096,
  /** One byte: a mask of Bq76952FetOff, all four switches at once. */
  FetControl = 0x0097,
  /** Release of the latches on over-current and on a short circuit in discharge. */
  ReleaseOverCurrent = 0x009b,
  ReleaseShort = 0x009c,
  SwapCommMode = 0x29bc,
}

/** Bits of Battery Status, which a read of `cells` returns. */
export enum Bq76952Status {
  /** Nothing is measured, nothing protected. */
  ConfigUpdate = 0x0001,
  /** The part has been reset since it was opened: its settings are the defaults, most protections off. */
  PowerOnReset = 0x0008,
  /** There is a fault: `safety` tells which. It stays for as long as the fault does, which ALERT need not. */
  Fault = 0x0800,
}

/** Faults by the part's own bits: Safety Status A in bits 0 to 7, B in 8 to 15, C in 16 to 23. */
export enum Bq76952Fault {
  CellUnder = 0x000004,
  CellOver = 0x000008,
  ChargeOver = 0x000010,
  DischargeOver1 = 0x000020,
  DischargeOver2 = 0x000040,
  Short = 0x000080,
  ChargeCold = 0x000100,
  DischargeCold = 0x000200,
  DieCold = 0x000400,
  ChargeHot = 0x001000,
  DischargeHot = 0x002000,
  DieHot = 0x004000,
  FetHot = 0x008000,
  HostSilent = 0x020000,
  DischargeLatched = 0x200000,
  ShortLatched = 0x400000,
}

/** Bits of FetStatus: what the part's drivers do. */
export enum Bq76952Fet {
  Charge = 0x01,
  Precharge = 0x02,
  Discharge = 0x04,
  Predischarge = 0x08,
  /** ALERT is asserted. */
  Alert = 0x40,
}

/** Data of FetControl: a bit set forces the switch open. */
export enum Bq76952FetOff {
  Discharge = 0x01,
  Predischarge = 0x02,
  Charge = 0x04,
  Precharge = 0x08,
  All = 0x0f,
}

/** What follows the voltages of the cells in the words of `cells`. */
export enum Bq76952Word {
  /** Of the whole stack, and beyond the switches [10 mV]. */
  Stack,
  Pack,
  /** [10 mA], CHARGE positive, as everywhere in the part. */
  Current,
  Count,
}
export const BQ76952_MV_PER_WORD = 10;
export const BQ76952_MA_PER_WORD = 10;
/** Temperatures [0.1 K]: degC = word / 10 - 273.15. */
export const BQ76952_WORDS_PER_K = 10;

export const BQ76952_CRC = 'CRC';

/** A run of registers read in one transaction, and which words of it are wanted. */
export interface Bq76952Block {
  register: number;
  /** Bytes on the wire. */
  count: number;
  /** CRC of what goes over the wire before the first of them. */
  seed: number;
  /** Place on the wire of the low byte of each word wanted; not that of the first word, which is returned. */
  at: Uint8Array;
  /** The words, until their CRCs are known to be right. */
  words: Int16Array;
}

/** An opened part. */
export interface Bq76952 {
  bus: I2cBus;
  address: number;
  /** Bytes on the wire for each byte of data: 2 where its CRC follows each. */
  stride: number;
  crc8: Uint8Array;
  /** Returns Bq76952Status. Words: each cell in use [mV], lowest first, then Bq76952Word. */
  cells: Bq76952Block;
  /** Words: Safety A, B and C, alert in the low byte, status in the high byte. */
  safety: Bq76952Block;
  /** Words: the die, then each thermistor of a cell, in the order TS1, TS2, TS3. */
  temperatures: Bq76952Block;
  /** Returns Bq76952Fet. No words. */
  fets: Bq76952Block;
  /** Returns the subcommand that is answered. Words: the answer. */
  answer: Bq76952Block;
  answers: Float64Array;
  /** The subcommand last asked. */
  asked: number;
  /** Settings as they were read back when the part was opened: address, word, address, word ... */
  settings: Uint16Array;
  /** Where in them the next check stands. */
  turn: number;
}

/**
 * Reads a block: its words into `out`, which is as long as they are many. Nothing of `out` changes unless all of it is right.
 * @returns the first word of the block, as its bits; of a block of one byte, that
 * @throws what the bus throws, or `BQ76952_CRC`; after a second try
 */
export function bq76952Read(afe: Bq76952, block: Bq76952Block, out: Float64Array): number {
  for (let again = false; ; again = true) {
    try {
      const b = afe.bus.readReg(afe.address, block.register, block.count);
      if (b.length !== block.count) throw new Error(BQ76952_CRC);
      const words = block.words;
      let n = 0;
      let wrong = 0;
      if (afe.stride === 1) {
        for (const i of block.at) words[n++] = b[i] | (b[i + 1] << 8);
      } else {
        const table = afe.crc8;
        // A block of one byte has no second: undefined counts as 0, whose CRC is 0.
        wrong = (table[b[0] ^ block.seed] ^ b[1]) | (table[b[2] & 255] ^ b[3]);
        for (const i of block.at) {
          wrong |= (table[b[i]] ^ b[i + 1]) | (table[b[i + 2]] ^ b[i + 3]);
          words[n++] = b[i] | (b[i + 2] << 8);
        }
      }
      if (wrong !== 0) throw new Error(BQ76952_CRC);
      out.set(words);
      return b[0] | (b[afe.stride] << 8);
    } catch (error) {
      if (again) throw error;
    }
  }
}

/** Writes bytes to consecutive registers. @throws what the bus throws, after a second try */
export function bq76952Write(afe: Bq76952, register: number, data: readonly number[]): void {
  const table = afe.crc8;
  const wire = [register];
  let crc = table[table[afe.address << 1] ^ register];
  for (const byte of data) {
    wire.push(byte);
    if (afe.stride === 2) wire.push(table[crc ^ byte]);
    crc = 0;
  }
  try {
    afe.bus.writeTo(afe.address, wire);
  } catch (_) {
    afe.bus.writeTo(afe.address, wire);
  }
}

/** Sends a subcommand, or writes data memory, with the low `bytes` bytes of `value`, 0 to 4. @throws what the bus throws */
export function bq76952Send(afe: Bq76952, subcommand: number, value: number, bytes: number): void {
  const data = [subcommand & 255, subcommand >> 8];
  let sum = data[0] + data[1];
  for (let k = 0; k < bytes; k++) {
    const byte = (value >> (8 * k)) & 255;
    data.push(byte);
    sum += byte;
  }
  bq76952Write(afe, Bq76952Register.Subcommand, data);
  // Data counts once checksum and length have been written, both at once.
  if (bytes > 0) bq76952Write(afe, Bq76952Register.Checksum, [~sum & 255, bytes + 4]);
}

/** Asks a subcommand that answers; the answer takes the part up to 9 ms. */
export function bq76952Ask(afe: Bq76952, subcommand: number): void {
  afe.asked = subcommand;
  bq76952Send(afe, subcommand, 0, 0);
}

/** Whether the answer to what was asked last has come, and nothing else was sent since: it stands in `afe.answers` then. */
export function bq76952Answered(afe: Bq76952): boolean {
  return bq76952Read(afe, afe.answer, afe.answers) === afe.asked;
}

/**
 * Compares one setting a call with what was read back at opening, in turn; what it compares was asked at the call before.
 * @returns false when the part lost its settings
 */
export function bq76952Holds(afe: Bq76952): boolean {
  const settings = afe.settings;
  if (afe.asked === settings[afe.turn] && bq76952Answered(afe)) {
    if ((afe.answers[0] & 0xffff) !== settings[afe.turn + 1]) return false;
    afe.turn += 2;
    if (afe.turn === settings.length) afe.turn = 0;
  }
  bq76952Ask(afe, settings[afe.turn]);
  return true;
}

/**
 * Charge since the count was reset, discharge positive [mC]: what `bq76952Ask(afe, Bq76952Subcommand.Charge)` has brought into
 * `afe.answers`: 32 signed bits of 10 mAh and 32 bits of their fraction.
 */
export function bq76952Charge_mC(afe: Bq76952): number {
  const a = afe.answers;
  const fraction = (a[3] & 0xffff) / 65536 + (a[2] & 0xffff) / 4294967296;
  return -36000 * (a[1] * 65536 + (a[0] & 0xffff) + fraction);
}
