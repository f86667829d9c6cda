/** A part that is not the one a board expects: acknowledges whatever comes and answers one byte for ever. */
import type { I2cPart } from './bus';

export class WrongPart implements I2cPart {
  constructor(private readonly answer = 0) {}

  readReg(_register: number, out: Uint8Array): void {
    out.fill(this.answer);
  }

  readFrom(out: Uint8Array): void {
    out.fill(this.answer);
  }

  writeTo(): void {
    // Whatever it does with it, it is not what was meant.
  }
}
