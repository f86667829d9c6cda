/** A part whose data registers give for ever what they gave first; its settings and flags go on. */
import type { Bytes } from '../../../hal/bus';
import type { I2cPart } from '../../chips/bus';

export class FrozenPart implements I2cPart {
  private readonly kept = new Map<number, Uint8Array>();

  /** @param registers that are frozen */
  constructor(
    private readonly part: I2cPart,
    private readonly registers: readonly number[],
  ) {}

  readReg(register: number, out: Uint8Array, time_ms: number): void {
    this.part.readReg(register, out, time_ms);
    if (!this.registers.includes(register)) return;
    const kept = this.kept.get(register);
    if (kept === undefined) this.kept.set(register, out.slice());
    else out.set(kept);
  }

  readFrom(out: Uint8Array, time_ms: number): void {
    this.part.readFrom(out, time_ms);
  }

  writeTo(bytes: Bytes, time_ms: number): void {
    this.part.writeTo(bytes, time_ms);
  }
}

/** A part whose register gives its value times a factor. The register is big-endian two's complement. */
export class WrongRegister implements I2cPart {
  constructor(
    private readonly part: I2cPart,
    private readonly register: number,
    private readonly factor: number,
  ) {}

  readReg(register: number, out: Uint8Array, time_ms: number): void {
    this.part.readReg(register, out, time_ms);
    if (register !== this.register) return;
    let value = out.reduce((sum, byte) => sum * 256 + byte, 0);
    const full = 256 ** out.length;
    if (value >= full / 2) value -= full;
    value = Math.floor(value * this.factor);
    for (let k = out.length - 1, rest = value < 0 ? value + full : value; k >= 0; k--) {
      out[k] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  readFrom(out: Uint8Array, time_ms: number): void {
    this.part.readFrom(out, time_ms);
  }

  writeTo(bytes: Bytes, time_ms: number): void {
    this.part.writeTo(bytes, time_ms);
  }
}
