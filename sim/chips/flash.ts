/**
 * Model of serial NOR flash as it lies behind an ESP32 (Winbond W25Q32JV datasheet: sector erase of 4 KB, page program of 256
 * bytes, their times in its table of AC characteristics): writes clear bits, an erase sets all of a page, power may fail within
 * either, and pages wear out.
 *
 * Where power failed, bits are in between: they read either way until they are programmed to 0 or the page is erased to its end.
 * A write is cut in two ways, by turns at random: byte after byte, as a controller sends them, with the byte at the cut in
 * between; or all its bytes at once, as the part programs a page. An erase moves all bits of a page together.
 *
 * Left out: reads that disturb their neighbours, and how the end of retention creeps up; `flip` stands for both. How many bits
 * are in between, and how a worn page fails, is assumed.
 */
import type { Flash } from '../../hal/bus';
import type { Random } from '../random';
import { UndefinedAccess } from './bus';

/** Power failed: nothing of the firmware runs on. */
export class PowerCut extends Error {}

const PROGRAM_BYTES = 256;
/** Typical times; at worst an erase takes 400 ms, and a program 3 ms. */
const PROGRAM_MS = 0.7;
const ERASE_MS = 45;
/** Of the bits a cut finds moving, the share that is left in between. */
const BETWEEN = 0.3;

export class NorFlash implements Flash {
  readonly cells: Uint8Array;
  /** Bits that read either way. */
  readonly between: Uint8Array;
  /** Erases of each page, whole or cut. */
  readonly erases: Uint32Array;
  /** Bits that stay as they are, whatever is done: mask, and value. */
  private readonly stuck = new Map<number, [mask: number, value: number]>();
  private readonly buffer: Uint8Array;
  /** Power fails when so many more bytes have been written or erased. */
  cutAfter = Infinity;
  /** A page wears out when it is erased more often. */
  endurance = 100_000;
  /** Time that writes and erases took. */
  busy_ms = 0;

  constructor(
    readonly begin: number,
    readonly pageBytes: number,
    readonly pages: number,
    private readonly random: Random,
  ) {
    this.cells = new Uint8Array(pageBytes * pages).fill(255);
    this.between = new Uint8Array(pageBytes * pages);
    this.erases = new Uint32Array(pages);
    this.buffer = new Uint8Array(pageBytes);
  }

  read(length: number, address: number): Uint8Array {
    const from = this.place(address, length);
    const out = this.buffer.subarray(0, length);
    for (let k = 0; k < length; k++) {
      const between = this.between[from + k] as number;
      const cell = this.cells[from + k] as number;
      out[k] = between === 0 ? cell : (cell & ~between) | (this.random.bits() & between);
    }
    return out;
  }

  write(bytes: Uint8Array, address: number): void {
    const from = this.place(address, bytes.length);
    if (address % 4 !== 0 || bytes.length % 4 !== 0)
      throw new UndefinedAccess(`flash takes whole words, not ${bytes.length} bytes at ${address}`);
    const whole = this.spend(bytes.length);
    this.busy_ms += PROGRAM_MS * Math.ceil(bytes.length / PROGRAM_BYTES);
    const atOnce = this.random.uniform() < 0.5;
    for (let k = 0; k < bytes.length; k++) {
      const clear = ~(bytes[k] as number) & 255;
      if (whole >= bytes.length || (!atOnce && k < whole)) this.program(from + k, clear);
      else if (atOnce || k === whole) this.half(from + k, clear, whole / bytes.length, 0);
    }
    if (whole < bytes.length) throw new PowerCut('power failed in a write');
  }

  erasePage(address: number): void {
    const page = Math.floor(this.place(address, 1) / this.pageBytes);
    const from = page * this.pageBytes;
    const whole = this.spend(this.pageBytes);
    this.busy_ms += ERASE_MS;
    this.erases[page]!++;
    if (this.erases[page]! > this.endurance) this.wearOut(page);
    for (let k = from; k < from + this.pageBytes; k++) {
      if (whole < this.pageBytes) this.half(k, ~(this.cells[k] as number) & 255, whole / this.pageBytes, 255);
      else {
        this.between[k] = 0;
        this.set(k, 255);
      }
    }
    if (whole < this.pageBytes) throw new PowerCut('power failed in an erase');
  }

  /** The page has a few bits that no longer move. */
  wearOut(page: number): void {
    for (let n = 0; n < 8; n++) {
      const at = page * this.pageBytes + Math.floor(this.random.uniform() * this.pageBytes);
      this.stick(at, 1 << (this.random.bits() & 7), this.random.bits());
    }
  }

  /** The bits of `mask` are as in `value` from the next write or erase on. Places count from the begin of the area. */
  stick(at: number, mask: number, value: number): void {
    this.stuck.set(at, [mask, value]);
  }

  /** A bit turns over by itself. */
  flip(at: number, bit: number): void {
    this.cells[at] = (this.cells[at] as number) ^ (1 << bit);
  }

  private program(at: number, clear: number): void {
    this.between[at] = (this.between[at] as number) & ~clear;
    this.set(at, (this.cells[at] as number) & ~clear);
  }

  /** Of the bits that are to move to `goal`, `done` have, about, and some are in between. */
  private half(at: number, moving: number, done: number, goal: number): void {
    for (let bit = 1; bit < 256; bit <<= 1) {
      if (!(moving & bit)) continue;
      if (this.random.uniform() < BETWEEN) this.between[at] = (this.between[at] as number) | bit;
      else if (this.random.uniform() < done) this.set(at, ((this.cells[at] as number) & ~bit) | (goal & bit));
    }
  }

  private set(at: number, value: number): void {
    const stuck = this.stuck.get(at);
    this.cells[at] = stuck === undefined ? value : (value & ~stuck[0]) | (stuck[1] & stuck[0]);
  }

  /** @returns how many of these bytes are done before power fails */
  private spend(bytes: number): number {
    const whole = Math.min(bytes, this.cutAfter);
    this.cutAfter -= whole;
    return whole;
  }

  private place(address: number, length: number): number {
    const at = address - this.begin;
    if (at < 0 || length < 1 || at + length > this.cells.length)
      throw new UndefinedAccess(`${length} bytes of flash at ${address} are outside the area`);
    return at;
  }
}
