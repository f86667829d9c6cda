/** Parts of which a register does not tell the truth. */
import type { Bytes } from '../../../hal/bus';
import type { I2cPart } from '../../chips/bus';

/** All goes on to the part itself; what it reads out of a register is changed. */
abstract class Before implements I2cPart {
  constructor(private readonly part: I2cPart) {}

  protected abstract change(register: number, out: Uint8Array): void;

  readReg(register: number, out: Uint8Array, time_ms: number): void {
    this.part.readReg(register, out, time_ms);
    this.change(register, out);
  }

  readFrom(out: Uint8Array, time_ms: number): void {
    this.part.readFrom(out, time_ms);
  }

  writeTo(bytes: Bytes, time_ms: number): void {
    this.part.writeTo(bytes, time_ms);
  }
}

/** A part whose data registers give for ever what they gave first; its settings and flags go on. */
export class FrozenPart extends Before {
  private readonly kept = new Map<number, Uint8Array>();

  /** @param registers that are frozen */
  constructor(
    part: I2cPart,
    private readonly registers: readonly number[],
  ) {
    super(part);
  }

  protected change(register: number, out: Uint8Array): void {
    if (!this.registers.includes(register)) return;
    const kept = this.kept.get(register);
    if (kept === undefined) this.kept.set(register, out.slice());
    else out.set(kept);
  }
}

/** A part whose register gives its value times a factor. The register is big-endian two's complement. */
export class WrongRegister extends Before {
  constructor(
    part: I2cPart,
    private readonly register: number,
    private readonly factor: number,
  ) {
    super(part);
  }

  protected change(register: number, out: Uint8Array): void {
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
}
