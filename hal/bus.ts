/**
 * The seam between drivers and parts: the only hardware the firmware knows.
 *
 * Each interface is the smallest subset of Espruino's own objects that a driver needs, so on a board the interpreter's
 * I2C1 or a Pin is passed as it is and costs nothing. The simulator implements the same at the level of bytes and pins.
 */

/** Bytes as they come off a wire; valid only until the next call on the same bus (a bus may reuse its buffer). */
export interface Bytes {
  readonly length: number;
  readonly [index: number]: number;
}

/**
 * An I2C bus master. Addresses are 7-bit, right-aligned. Every method is one complete transaction (START to STOP) and throws
 * when it is not acknowledged, times out or loses arbitration; nothing it returned before stays valid after a throw.
 */
export interface I2cBus {
  /** Writes one register byte, then reads `count` bytes after a repeated START. */
  readReg(address: number, register: number, count: number): Bytes;
  /** Reads `count` bytes without naming a register. */
  readFrom(address: number, count: number): Bytes;
  /** Writes the bytes. */
  writeTo(address: number, bytes: Bytes): void;
}

/** An analogue input: the raw converter reading as a fraction of its full scale, 0 to 1, uncalibrated. */
export interface AnalogIn {
  /** One conversion. */
  read(): number;
}

/** A digital output that can be read back: `read` gives the level at the pin, not the level asked for. */
export interface DigitalOut {
  /** Drives the pin; true: high. */
  write(level: boolean): void;
  /** Level at the pin; true: high. */
  read(): boolean;
}

/** A digital input: the level at the pin. */
export interface DigitalIn {
  /** True: high. */
  read(): boolean;
}

/** The sending side of a UART. Takes over what is written before it returns. */
export interface UartOut {
  /** Sends the bytes in this order. */
  write(bytes: Uint8Array): void;
}

/**
 * Raw flash memory outside the interpreter's Storage, in pages that are erased as a whole. Erased bytes read 255 and a write
 * can only clear bits. Addresses and lengths of writes are multiples of four. A power cut may stop a write at any byte and leave
 * an erase half done.
 */
export interface Flash {
  /** Reads so many bytes from the address on. */
  read(length: number, address: number): Bytes;
  /** Writes the bytes from the address on. */
  write(bytes: Uint8Array, address: number): void;
  /** Takes some 50 ms, at worst several hundred. */
  erasePage(address: number): void;
}

/** The part of a flash memory that the firmware may use. */
export interface FlashArea {
  flash: Flash;
  /** Address of its first byte, at the begin of a page. */
  begin: number;
  pageBytes: number;
  pages: number;
}
