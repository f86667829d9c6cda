/**
 * A simulated I2C bus: bytes in, bytes out, time on the wire. Parts are models at register level; an address nobody answers
 * throws a `BusFault`, as a missing acknowledge does on a board. A part that is asked for what it does not define throws a
 * plain Error: that is a mistake in a driver, and no firmware may catch up with it unseen.
 */
import type { Bytes, I2cBus } from '../../hal/bus';
import type { VirtualClock } from '../clock';

/** A transaction failed on the wire. */
export class BusFault extends Error {}

/** A driver did what the part does not define; ends the run even though a firmware catches bus errors. */
export class UndefinedAccess extends Error {}

/** A part on the bus. `time_ms` is virtual time, with the time that this tick has already spent on the wire. */
export interface I2cPart {
  /** Fills `out` from the register. */
  readReg(register: number, out: Uint8Array, time_ms: number): void;
  /** Fills `out` without a register having been named. */
  readFrom(out: Uint8Array, time_ms: number): void;
  writeTo(bytes: Bytes, time_ms: number): void;
}

const LONGEST_READ = 32;
const BITS_PER_BYTE = 9;

export class SimulatedBus implements I2cBus {
  private readonly parts: (I2cPart | undefined)[] = new Array<I2cPart | undefined>(128).fill(undefined);
  private readonly buffers = Array.from({ length: LONGEST_READ + 1 }, (_, n) => new Uint8Array(n));
  private readonly msPerByte: number;
  private busyFrom_ms = 0;
  private busy_ms = 0;
  /** The last access that a part does not define. The bench ends a run on it. */
  misuse: UndefinedAccess | undefined;
  /** Transactions since start. */
  transactions = 0;

  constructor(
    private readonly clock: VirtualClock,
    bitrate_Hz = 400000,
  ) {
    this.msPerByte = (1000 * BITS_PER_BYTE) / bitrate_Hz;
  }

  attach(address: number, part: I2cPart): void {
    this.parts[address] = part;
  }

  /** Takes the part off the bus. */
  detach(address: number): void {
    this.parts[address] = undefined;
  }

  readReg(address: number, register: number, count: number): Bytes {
    const part = this.select(address, count + 3);
    const out = this.buffers[count] as Uint8Array;
    try {
      part.readReg(register, out, this.clock.now_ms + this.busy_ms);
    } catch (error) {
      throw this.noted(error);
    }
    return out;
  }

  readFrom(address: number, count: number): Bytes {
    const part = this.select(address, count + 1);
    const out = this.buffers[count] as Uint8Array;
    try {
      part.readFrom(out, this.clock.now_ms + this.busy_ms);
    } catch (error) {
      throw this.noted(error);
    }
    return out;
  }

  writeTo(address: number, bytes: Bytes): void {
    const part = this.select(address, bytes.length + 1);
    try {
      part.writeTo(bytes, this.clock.now_ms + this.busy_ms);
    } catch (error) {
      throw this.noted(error);
    }
  }

  private select(address: number, bytes: number): I2cPart {
    this.transactions++;
    if (this.clock.now_ms !== this.busyFrom_ms) {
      this.busyFrom_ms = this.clock.now_ms;
      this.busy_ms = 0;
    }
    this.busy_ms += bytes * this.msPerByte;
    const part = this.parts[address];
    if (part === undefined) throw new BusFault(`no acknowledge from address 0x${address.toString(16)}`);
    return part;
  }

  private noted(error: unknown): unknown {
    if (error instanceof UndefinedAccess) this.misuse = error;
    return error;
  }
}
