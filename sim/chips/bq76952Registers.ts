/** The registers of the TI BQ76952 (technical reference manual SLUUBY2B): direct commands, and the transfer buffer of subcommands. */
import type { Random } from '../random';
import type { Bq76952Alarm } from './bq76952Alarm';
import { INPUTS, type Bq76952Errors, type Bq76952Measure } from './bq76952Measure';
import { BLOCK_BYTES, type Bq76952Memory } from './bq76952Memory';
import type { Bq76952Protections } from './bq76952Protections';
import type { Bq76952Switches } from './bq76952Switches';

const REGISTERS = 0x80;
export const SUBCOMMAND = 0x3e;
export const BUFFER = 0x40;
export const CHECKSUM = 0x60;
export const LENGTH = 0x61;
export const ALARM_STATUS = 0x62;
export const ALARM_ENABLE = 0x66;
/** Reading these means nothing. */
const UNDEFINED = [0x08, 0x09, 0x3c, 0x3d, 0x7c, 0x7d, 0x7e];

const CELL_1 = 0x14;

export class Bq76952Registers {
  readonly bytes = new Uint8Array(REGISTERS);

  constructor(
    private readonly memory: Bq76952Memory,
    private readonly measure: Bq76952Measure,
    private readonly protections: Bq76952Protections,
    private readonly switches: Bq76952Switches,
    private readonly alarm: Bq76952Alarm,
    private readonly random: Random,
    private readonly errors: Bq76952Errors,
  ) {}

  has(register: number): boolean {
    return register < REGISTERS && !UNDEFINED.includes(register);
  }

  word(register: number): number {
    return this.bytes[register]! | (this.bytes[register + 1]! << 8);
  }

  putWord(register: number, word: number): void {
    this.bytes[register] = word;
    this.bytes[register + 1] = word >> 8;
  }

  /** Into the buffer, with checksum and length. */
  answer(code: number, data: Uint8Array): void {
    const { bytes } = this;
    bytes.fill(0, BUFFER, BUFFER + BLOCK_BYTES);
    bytes.set(data, BUFFER);
    let sum = (code & 255) + (code >> 8);
    for (const byte of data) sum += byte;
    bytes[CHECKSUM] = ~sum;
    bytes[LENGTH] = data.length + 4;
  }

  /** What the host put into the buffer; undefined where length or checksum are wrong. */
  written(): Uint8Array | undefined {
    const { bytes } = this;
    const length = bytes[LENGTH]! - 4;
    if (length < 1 || length > BLOCK_BYTES) return undefined;
    const data = bytes.slice(BUFFER, BUFFER + length);
    let sum = bytes[SUBCOMMAND]! + bytes[SUBCOMMAND + 1]!;
    for (const byte of data) sum += byte;
    return ((~sum & 255) ^ bytes[CHECKSUM]!) !== 0 ? undefined : data;
  }

  /** What is measured and found, into the direct commands. */
  refresh(batteryStatus: number): void {
    const { bytes, measure, protections, memory, switches, alarm } = this;
    const { status, alert } = protections;
    for (let k = 0; k < 3; k++) {
      bytes[2 + 2 * k] = alert >> (8 * k);
      bytes[3 + 2 * k] = status >> (8 * k);
    }
    this.putWord(0x12, batteryStatus);
    for (let input = 0; input < INPUTS; input++) this.putCell(input);
    const user_mV = memory.userVoltage_mV;
    this.put(0x34, measure.stack_mV / user_mV);
    this.put(0x36, measure.pack_mV / user_mV);
    this.put(0x38, measure.pack_mV / user_mV);
    this.put(0x3a, -measure.current_mA / memory.userCurrent_mA);
    this.putWord(ALARM_STATUS, alarm.status);
    this.putWord(0x64, alarm.raw);
    this.put(0x68, 10 * (measure.die_C + 273.15));
    for (let pin = 0; pin < 3; pin++) {
      const pin_C = measure.pin_C[pin]!;
      this.put(0x70 + 2 * pin, Number.isNaN(pin_C) ? 0 : 10 * (pin_C + 273.15));
    }
    bytes[0x7f] = (switches.charge ? 0x01 : 0) | (switches.discharge ? 0x04 : 0) | (alarm.status !== 0 ? 0x40 : 0);
  }

  private put(register: number, value: number): void {
    this.putWord(register, Math.round(Math.max(-32768, Math.min(32767, value))));
  }

  /** Each byte is what the input read when that byte went over the wire. */
  private putCell(input: number): void {
    const { cell_mV, before_mV } = this.measure;
    const now = cell_mV[input]!;
    const before = before_mV[input]!;
    const torn = now >> 8 !== before >> 8 && this.random.uniform() < this.errors.torn;
    this.bytes[CELL_1 + 2 * input] = torn ? before : now;
    this.bytes[CELL_1 + 2 * input + 1] = now >> 8;
  }
}
