/**
 * Fujitsu MB85RC: FRAM on I2C with an address of two bytes (MB85RC512T datasheet DS501-00029, "Page write", "Random read"), used as
 * flash: no wear, and an erase is a write of 255s.
 */
import type { Flash, I2cBus } from '../bus';

/** Bytes of a transaction; a bus need not take more at once. */
const CHUNK = 32;

/** The whole part from address 0. `pageBytes` is free: a multiple of 32. @throws in each call, when the part does not answer */
export function mb85rcFlash(bus: I2cBus, address: number, pageBytes: number): Flash {
  const frame = new Uint8Array(2 + CHUNK);
  const write = function (bytes: Uint8Array, to: number): void {
    for (let k = 0; k < bytes.length; k += CHUNK) {
      const count = Math.min(CHUNK, bytes.length - k);
      frame[0] = (to + k) >> 8;
      frame[1] = (to + k) & 255;
      frame.set(new Uint8Array(bytes.buffer, bytes.byteOffset + k, count), 2);
      bus.writeTo(address, count === CHUNK ? frame : new Uint8Array(frame.buffer, 0, 2 + count));
    }
  };
  return {
    read: function (length: number, from: number): Uint8Array {
      const out = new Uint8Array(length);
      bus.writeTo(address, [from >> 8, from & 255]);
      // The part goes on where the read before ended.
      for (let k = 0; k < length; k += CHUNK) {
        out.set(bus.readFrom(address, Math.min(CHUNK, length - k)) as Uint8Array, k);
      }
      return out;
    },
    write: write,
    erasePage: function (from: number): void {
      const blank = new Uint8Array(CHUNK).fill(255);
      for (let k = 0; k < pageBytes; k += CHUNK) write(blank, from + k);
    },
  };
}
