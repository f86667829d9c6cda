/**
 * A simulated I2C bus: bytes in, bytes out, time on the wire. Parts are models at register level; an address nobody answers
 * throws a `BusFault`, as a missing acknowledge does on a board. A part that is asked for what it does not define throws a
 * plain Error: that is a mistake in a driver, and no firmware may catch up with it unseen.
 *
 * What can be wrong with the wire is data: `defects`.
 */
import type { Bytes, I2cBus } from '../../hal/bus';
import type { VirtualClock } from '../clock';
import type { Random } from '../random';

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
  /** Takes the bytes that follow the address. */
  writeTo(bytes: Bytes, time_ms: number): void;
}

/** What is wrong with the wire. Any field may be set and taken back at any time; what is undefined is whole. */
export interface BusDefects {
  /** The defects below are met by this 7-bit address alone; undefined: by all. The stuck lines are always everybody's. */
  address?: number;
  /** The part does not acknowledge its address. */
  noAddress?: boolean;
  /** The part does not acknowledge this byte of a write, 1 for the first after the address; nothing of the write reaches it. */
  noByte?: number;
  /** A part holds SDA low until it has seen this many clocks on SCL: 9 after a lost clock, Infinity for a short to ground. */
  sdaHeld_clocks?: number;
  /** Something holds SCL low. */
  sclHeld?: boolean;
  /** Time that each transaction takes beyond its bits, as with a part that stretches the clock [ms]. */
  latency_ms?: number;
  /** Chance of each bit read to arrive inverted, and where it is drawn from. */
  bitErrors?: { chance: number; random: Random };
}

const LONGEST_READ = 96;
/** By hand: a part that holds the data line lets go of it within so many. */
const RECOVERY_CLOCKS = 9;
const BITS_PER_BYTE = 9;
/** After this the interpreter's I2C gives up (Espruino, targets/esp32/jshardwareI2c.c). */
const TIMEOUT_MS = 1000;

/** Where a board has the lines. */
interface BusPins {
  scl: string;
  sda: string;
}

/** A simulated I2C bus: bytes in, bytes out, time on the wire. Nothing answers before it is attached. */
export class SimulatedBus implements I2cBus {
  private readonly parts: (I2cPart | undefined)[] = new Array<I2cPart | undefined>(128).fill(undefined);
  private readonly buffers = Array.from({ length: LONGEST_READ + 1 }, (_, n) => new Uint8Array(n));
  private readonly msPerByte: number;
  private busyFrom_ms = 0;
  private busy = 0;
  /** The lines as the controller drives them by hand; true is released. */
  private sclDriven = true;
  private sdaDriven = true;
  /** Set to break the wire, undefined to repair it. */
  defects: BusDefects | undefined;
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

  /** Puts a part on the bus, in place of one with the same 7-bit address. */
  attach(address: number, part: I2cPart): void {
    this.parts[address] = part;
  }

  /** Takes the part off the bus. */
  detach(address: number): void {
    this.parts[address] = undefined;
  }

  /** Time spent on the wire since the clock last moved [ms]: what the firmware has waited for the bus in this tick. */
  get busy_ms(): number {
    return this.clock.now_ms === this.busyFrom_ms ? this.busy : 0;
  }

  readReg(address: number, register: number, count: number): Bytes {
    const part = this.select(address, count + 3, 1);
    const out = this.buffers[count] as Uint8Array;
    try {
      part.readReg(register, out, this.clock.now_ms + this.busy);
    } catch (error) {
      throw this.noted(error);
    }
    return this.received(address, out);
  }

  readFrom(address: number, count: number): Bytes {
    const part = this.select(address, count + 1, 0);
    const out = this.buffers[count] as Uint8Array;
    try {
      part.readFrom(out, this.clock.now_ms + this.busy);
    } catch (error) {
      throw this.noted(error);
    }
    return this.received(address, out);
  }

  writeTo(address: number, bytes: Bytes): void {
    const part = this.select(address, bytes.length + 1, bytes.length);
    try {
      part.writeTo(bytes, this.clock.now_ms + this.busy);
    } catch (error) {
      throw this.noted(error);
    }
  }

  /** Drives the line that is at a pin. @throws Error for any other pin */
  drive(pins: BusPins, pin: string, level: boolean): void {
    if (pin === pins.scl) this.scl = level;
    else if (pin === pins.sda) this.sda = level;
    else throw new Error(`nothing is wired to pin ${pin} that could be driven`);
  }

  /** Level of the line that is at a pin; undefined: there is none. */
  level(pins: BusPins, pin: string): boolean | undefined {
    return pin === pins.scl ? this.scl : pin === pins.sda ? this.sda : undefined;
  }

  /** Level of the clock line. */
  get scl(): boolean {
    return this.sclDriven && !this.defects?.sclHeld;
  }

  /** Drives the clock line by hand, open drain: true releases it. A part that holds SDA counts its rising edges. */
  set scl(level: boolean) {
    const before = this.scl;
    this.sclDriven = level;
    const { defects } = this;
    if (defects?.sdaHeld_clocks && this.scl && !before) defects.sdaHeld_clocks--;
  }

  /** Level of the data line. */
  get sda(): boolean {
    return this.sdaDriven && !this.defects?.sdaHeld_clocks;
  }

  /** Drives the data line by hand, open drain: true releases it. */
  set sda(level: boolean) {
    this.sdaDriven = level;
  }

  /** What a controller does to free the data line, as in hal/espruino: clocks by hand, then a stop. */
  recover(): void {
    for (let clock = 0; clock < RECOVERY_CLOCKS; clock++) {
      this.scl = false;
      this.scl = true;
    }
    this.scl = this.sda = false;
    this.scl = true;
    this.sda = true;
  }

  /** `written` is the number of bytes that go to the part. */
  private select(address: number, bytes: number, written: number): I2cPart {
    this.transactions++;
    if (this.clock.now_ms !== this.busyFrom_ms) {
      this.busyFrom_ms = this.clock.now_ms;
      this.busy = 0;
    }
    this.busy += bytes * this.msPerByte;
    if (this.defects !== undefined) this.suffer(this.defects, address, written);
    const part = this.parts[address];
    if (part === undefined) throw new BusFault(`no acknowledge from address 0x${address.toString(16)}`);
    return part;
  }

  private suffer(defects: BusDefects, address: number, written: number): void {
    if (!this.scl || !this.sda) {
      this.busy += TIMEOUT_MS;
      throw new BusFault(`time-out: ${this.scl ? 'SDA' : 'SCL'} is held low`);
    }
    if (defects.address !== undefined && defects.address !== address) return;
    const latency_ms = defects.latency_ms ?? 0;
    this.busy += Math.min(latency_ms, TIMEOUT_MS);
    const hex = `0x${address.toString(16)}`;
    if (latency_ms >= TIMEOUT_MS) throw new BusFault(`time-out: ${hex} holds the clock`);
    if (defects.noAddress) throw new BusFault(`no acknowledge from address ${hex}`);
    if (defects.noByte !== undefined && written >= defects.noByte)
      throw new BusFault(`no acknowledge of byte ${defects.noByte} from address ${hex}`);
  }

  private received(address: number, out: Uint8Array): Uint8Array {
    const { defects } = this;
    if (defects?.bitErrors && (defects.address ?? address) === address) {
      const { chance, random } = defects.bitErrors;
      for (let bit = 0; bit < 8 * out.length; bit++) if (random.uniform() < chance) out[bit >> 3]! ^= 1 << (bit & 7);
    }
    return out;
  }

  private noted(error: unknown): unknown {
    if (error instanceof UndefinedAccess) this.misuse = error;
    return error;
  }
}
