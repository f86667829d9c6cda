/** The cycler channel's wires on a real board: Espruino's bus and pins as they are. */
import type { CyclerBoard, CyclerWires } from '../boards/cycler';
import type { AnalogIn, DigitalOut } from '../bus';
import { recoverI2c1 } from './busRecovery';
import { outputOf, pinOf } from './pins';

/** Sets up pins and bus. The switches are held open before anything else happens. @throws for a pin that does not exist */
export function cyclerWires(board: CyclerBoard): CyclerWires {
  const off = board.relay !== undefined && board.relay.activeLow;
  const chargeSwitch = outputOf(board.pins.charge, off);
  const dischargeSwitch = outputOf(board.pins.discharge, off);
  const alert = pinOf(board.pins.alert);
  alert.mode('input_pullup');
  // The reset may have come in the middle of a read.
  recoverI2c1(board.i2c);
  return {
    bus: I2C1,
    chargeSwitch: off ? inverted(chargeSwitch) : chargeSwitch,
    dischargeSwitch: off ? inverted(dischargeSwitch) : dischargeSwitch,
    alert: alert,
    cellAdc: analogIn(board.pins.cellAdc),
    thermistorAdc: analogIn(board.pins.thermistorAdc),
    recoverBus: function (): void {
      recoverI2c1(board.i2c);
    },
  };
}

/** A pin that closes its switch by a low level. */
function inverted(pin: Pin): DigitalOut {
  return {
    write: function (level: boolean): void {
      pin.write(!level);
    },
    read: function (): boolean {
      return !pin.read();
    },
  };
}

function analogIn(name: string): AnalogIn {
  const pin = Pin(name);
  return {
    read: function (): number {
      return analogRead(pin);
    },
  };
}
