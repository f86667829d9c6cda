/** What all benches offer a board in front of them: clock, bus, and the controller's wires by Espruino's names (see sim/hil). */
import { BusFault, SimulatedBus } from '../chips/bus';
import { VirtualClock } from '../clock';
import type { World } from '../hil/world';

/** An ESP32's BOOT button, to ground. */
const BUTTON = 'D0';

export abstract class Bench implements World {
  readonly clock = new VirtualClock();
  readonly bus: SimulatedBus;

  constructor(readonly board: { i2c: { sda: string; scl: string; bitrate_Hz: number } }) {
    this.bus = new SimulatedBus(this.clock, board.i2c.bitrate_Hz);
  }

  /** Carries everything forward to the clock's time. To be called before the firmware looks at or touches anything. */
  abstract live(): void;

  get i2c(): SimulatedBus {
    return this.bus;
  }

  /** Whether an error is a transaction that failed on the wire, as opposed to a mistake. */
  isBusFault(error: unknown): boolean {
    return error instanceof BusFault;
  }

  /** Virtual time. */
  now_ms(): number {
    return this.clock.now_ms;
  }

  /** Runs the alarms of the clock up to this time, then carries cell and parts there. */
  advanceTo(time_ms: number): void {
    this.clock.advanceTo(time_ms);
    this.live();
  }

  /** The raw reading of the ADC, 0 to 1. @throws Error for a pin without a wire to an ADC */
  analogRead(pin: string): number {
    throw new Error(`nothing is wired to analogue pin ${pin}`);
  }

  /** Drives a switch or a line of the bus. @throws Error for any other pin */
  digitalWrite(pin: string, level: boolean): void {
    this.bus.drive(this.board.i2c, pin, level);
  }

  /** Level at a pin: switches, ALERT, lines of the bus, the BOOT button, which nobody presses. @throws Error for any other pin */
  digitalRead(pin: string): boolean {
    const level = this.bus.level(this.board.i2c, pin);
    if (level !== undefined) return level;
    if (pin === BUTTON) return true;
    throw new Error(`nothing is wired to pin ${pin}`);
  }
}
