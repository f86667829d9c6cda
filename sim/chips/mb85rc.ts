/**
 * Model of the Fujitsu MB85RC512T, 64 KB of FRAM (datasheet DS501-00029): an address of two bytes, then any number of bytes, each of
 * which is kept as soon as it is acknowledged; reads go on from the address, and from the end on to the begin. No erase, no wait.
 *
 * Left out: the identification behind address 0x7c, the sleep mode, wear (10^13 accesses).
 */
import type { Bytes } from '../../hal/bus';
import { UndefinedAccess, type I2cPart } from './bus';
import { PowerCut } from './flash';

const ADDRESS_BYTES = 2;

export class Mb85rcModel implements I2cPart {
  readonly cells: Uint8Array;
  private pointer = 0;
  /** Power fails when so many more bytes have been written. */
  cutAfter = Infinity;

  constructor(bytes = 65536) {
    this.cells = new Uint8Array(bytes);
  }

  readReg(): void {
    throw new UndefinedAccess('MB85RC has no registers of one byte to name before a read');
  }

  readFrom(out: Uint8Array): void {
    for (let k = 0; k < out.length; k++) out[k] = this.cells[this.advance()]!;
  }

  writeTo(bytes: Bytes): void {
    if (bytes.length < ADDRESS_BYTES) throw new UndefinedAccess('MB85RC takes an address of two bytes');
    this.pointer = (bytes[0]! * 256 + bytes[1]!) % this.cells.length;
    for (let k = ADDRESS_BYTES; k < bytes.length; k++) {
      if (this.cutAfter === 0) throw new PowerCut('power failed in a write');
      this.cutAfter--;
      this.cells[this.advance()] = bytes[k]!;
    }
  }

  private advance(): number {
    const at = this.pointer;
    this.pointer = (at + 1) % this.cells.length;
    return at;
  }
}
