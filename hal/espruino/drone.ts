/** A drone pack's wires on a real board: Espruino's bus and pins as they are. */
import type { PackBoard, PackWires } from '../boards/drone';

/** Clocks after which a part that holds the data line has sent its byte and the missing acknowledge. */
const CLOCKS = 9;

/** Sets up pins and bus. The BQ76952 and its switches are left as they are: in flight they must not open because of a reset here. */
export function packWires(board: PackBoard): PackWires {
  const precharge = Pin(board.pins.precharge);
  precharge.write(false);
  precharge.mode('output');
  const alert = Pin(board.pins.alert);
  alert.mode('input_pullup');
  const wires: PackWires = {
    bus: I2C1,
    alert: alert,
    precharge: precharge,
    recoverBus: function (): boolean {
      const scl = Pin(board.i2c.scl);
      const sda = Pin(board.i2c.sda);
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
        I2C1.setup({ scl: scl, sda: sda, bitrate: board.i2c.bitrate_Hz });
      } catch (_) {
        return false;
      }
      return free;
    },
  };
  // The reset may have come in the middle of a read.
  wires.recoverBus();
  return wires;
}
