/** A drone pack's wires on a real board: Espruino's bus and pins as they are. */
import type { PackBoard, PackWires } from '../boards/drone';
import { recoverI2c1 } from './busRecovery';
import { pinOf } from './pins';

/** Sets up pins and bus. The BQ76952 and its switches are left as they are: in flight they must not open because of a reset here. */
export function packWires(board: PackBoard): PackWires {
  const precharge = pinOf(board.pins.precharge);
  precharge.write(false);
  precharge.mode('output');
  const alert = pinOf(board.pins.alert);
  alert.mode('input_pullup');
  // A recovery has no time to ask.
  pinOf(board.i2c.scl);
  pinOf(board.i2c.sda);
  const wires: PackWires = {
    bus: I2C1,
    alert: alert,
    precharge: precharge,
    recoverBus: function (): boolean {
      return recoverI2c1(board.i2c);
    },
  };
  // The reset may have come in the middle of a read.
  wires.recoverBus();
  return wires;
}
