/**
 * The TI BQ76952 on I2C: its address, the register that goes on by itself, and the CRC with every byte (technical reference manual
 * SLUUBY2B, section 9; software guide SLUAA11B, section 4).
 */
import type { Bytes } from '../../hal/bus';
import { crc8Table } from '../../hal/chips/crc8';
import type { Random } from '../random';
import { BusFault, type I2cPart } from './bus';

/** What stands behind the wire. */
interface Behind {
  /** Lets everything be done that is due by then. @throws BusFault while the part does not listen */
  listen(time_ms: number): void;
  /** The registers hold what is measured now. */
  refresh(): void;
  /** The host has been heard: its watchdog begins anew. */
  heard(): void;
  byteAt(register: number): number;
  take(register: number, data: readonly number[], time_ms: number): void;
}

export class Bq76952Wire implements I2cPart {
  /** A CRC goes with every byte. */
  crc = false;
  /** So many of the next reads have one bit wrong, or hold the clock for longer than a controller waits. */
  corruptReads = 0;
  lateReads = 0;

  private readonly crc8 = crc8Table();
  private pointer = 0;

  constructor(
    private readonly address: number,
    private readonly behind: Behind,
    private readonly random: Random,
  ) {}

  readReg(register: number, out: Uint8Array, time_ms: number): void {
    this.pointer = register;
    this.answer(out, time_ms, [this.address << 1, register, (this.address << 1) | 1]);
  }

  readFrom(out: Uint8Array, time_ms: number): void {
    this.answer(out, time_ms, [(this.address << 1) | 1]);
  }

  writeTo(bytes: Bytes, time_ms: number): void {
    this.behind.listen(time_ms);
    if (bytes.length === 0) return;
    const register = bytes[0]!;
    this.pointer = register;
    let crc = this.crc8[this.crc8[this.address << 1]! ^ register]!;
    const written: number[] = [];
    for (let k = 1; k < bytes.length; k++) {
      const byte = bytes[k]! & 255;
      if (this.crc) {
        k++;
        if (this.crc8[crc ^ byte] !== bytes[k]) {
          this.behind.take(register, written, time_ms);
          throw new BusFault('no acknowledge of a wrong CRC');
        }
        crc = 0;
      }
      written.push(byte);
    }
    this.behind.heard();
    this.behind.take(register, written, time_ms);
  }

  /** `before`: the bytes that went over the wire in front of the answer; the first CRC counts them. */
  private answer(out: Uint8Array, time_ms: number, before: readonly number[]): void {
    this.behind.listen(time_ms);
    if (this.lateReads > 0) {
      this.lateReads--;
      throw new BusFault('time-out: the part holds the clock');
    }
    this.behind.refresh();
    this.behind.heard();
    let crc = 0;
    for (const byte of before) crc = this.crc8[crc ^ byte]!;
    const step = this.crc ? 2 : 1;
    for (let k = 0; k < out.length; k += step) {
      const byte = this.behind.byteAt(this.pointer++);
      out[k] = byte;
      if (this.crc && k + 1 < out.length) out[k + 1] = this.crc8[crc ^ byte]!;
      crc = 0;
    }
    if (this.corruptReads > 0 && out.length > 0) {
      this.corruptReads--;
      const bit = Math.floor(this.random.uniform() * 8 * out.length);
      out[bit >> 3]! ^= 1 << (bit & 7);
    }
  }
}
