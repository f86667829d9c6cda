import type { World } from '../../sim/hil/world';

export class Unanswered extends Error {}

/** A part at 0x40 that counts its reads and answers register and count; nobody at any other address. */
export class CountingWorld implements World {
  private time_ms = 0;
  private reads = 0;
  private readonly levels = new Map<string, boolean>();
  readonly i2c = {
    readReg: (address: number, register: number, count: number): number[] => {
      if (address !== 0x40) throw new Unanswered();
      return Array.from({ length: count }, (_, i) => (register + this.reads++ + i) & 255);
    },
    readFrom: (address: number, count: number): number[] => this.i2c.readReg(address, 0, count),
    writeTo: (address: number): void => {
      if (address !== 0x40) throw new Unanswered();
    },
  };
  isBusFault(error: unknown): boolean {
    return error instanceof Unanswered;
  }
  analogRead(pin: string): number {
    return (Number(pin.slice(1)) + this.reads) / 3;
  }
  digitalWrite(pin: string, level: boolean): void {
    this.levels.set(pin, level);
  }
  digitalRead(pin: string): boolean {
    return this.levels.get(pin) ?? false;
  }
  now_ms(): number {
    return this.time_ms;
  }
  advanceTo(time_ms: number): void {
    this.time_ms = time_ms;
  }
}
