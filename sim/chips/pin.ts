/** A digital output pin and the switch behind it. */
import type { DigitalOut } from '../../hal/bus';

/** A digital output pin, low at the start. */
export class PinModel implements DigitalOut {
  /** Level at the pin. */
  level = false;
  /** Hold it to keep the pin where it is, as a short to a rail does. */
  stuck = false;

  write(level: boolean): void {
    if (!this.stuck) this.level = level;
  }

  read(): boolean {
    return this.level;
  }
}
