import type { I2cBus } from '../../hal/bus';

/**
 * Everything at the far end of a board's wires, on a virtual clock: what a simulated bench must offer so that a board (the
 * interpreter's own process or the same bundle on Node) can be put in front of it. Pins carry Espruino's names, `D0` to `D39`.
 */
export interface World {
  /** The bus; a transaction throws a bus fault as a part on a wire would. */
  readonly i2c: I2cBus;
  /** True when a thrown error is what the firmware may meet on a real wire (NACK, time-out); any other ends the run. */
  isBusFault(error: unknown): boolean;
  /** Raw converter reading of an analogue pin, 0 to 1. */
  analogRead(pin: string): number;
  /** Drives a pin. */
  digitalWrite(pin: string, level: boolean): void;
  /** The level at a pin. */
  digitalRead(pin: string): boolean;
  /** Time that transactions have taken since virtual time went on last, ms; undefined: none. */
  readonly busy_ms?: number;
  /** Virtual time, ms. */
  now_ms(): number;
  /** Lets the cell and the chips live until this virtual time, ms; never called with an earlier one. */
  advanceTo(time_ms: number): void;
}
