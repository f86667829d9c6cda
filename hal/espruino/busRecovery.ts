/** Frees an I2C bus of which a part holds the data line because it missed a clock. */
import { pinOf } from './pins';

/** Clocks after which such a part has sent its byte and the missing acknowledge. */
const CLOCKS = 9;

/**
 * Nine clocks by hand, then a STOP, and the bus is set up (again). What is on the bus never makes it throw.
 * @returns whether both lines are high afterwards
 * @throws for a pin that does not exist, so at the first call
 */
export function recoverI2c1(wiring: { sda: string; scl: string; bitrate_Hz: number }): boolean {
  const scl = pinOf(wiring.scl);
  const sda = pinOf(wiring.sda);
  scl.mode('opendrain');
  sda.mode('opendrain');
  sda.write(true);
  for (let clock = 0; clock < CLOCKS; clock++) {
    scl.write(false);
    scl.write(true);
  }
  // STOP: the data line rises while the clock is high.
  scl.write(false);
  sda.write(false);
  scl.write(true);
  sda.write(true);
  const free = scl.read() && sda.read();
  try {
    I2C1.setup({ scl: scl, sda: sda, bitrate: wiring.bitrate_Hz });
  } catch (_) {
    // The next transaction throws and is counted.
    return false;
  }
  return free;
}
