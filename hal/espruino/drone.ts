/** A drone pack's wires on a real board: Espruino's bus and pins as they are. */
import type { PackBoard, PackWires } from '../boards/drone';
import { recoverI2c1 } from './busRecovery';
import { outputOf, pinOf } from './pins';

/** Sets up pins and bus. The BQ76952 and its switches are left as they are: in flight they must not open because of a reset here. */
export function packWires(board: PackBoard): PackWires {
  const precharge = outputOf(board.pins.precharge, false);
  const alert = pinOf(board.pins.alert);
  alert.mode('input_pullup');
  // The reset may have come in the middle of a read.
  recoverI2c1(board.i2c);
  return {
    bus: I2C1,
    alert: alert,
    precharge: precharge,
    recoverBus: function (): boolean {
      return recoverI2c1(board.i2c);
    },
  };
}
