/** The cycler channel's wires on a real board: Espruino's bus and pins as they are. */
import type { CyclerBoard, CyclerWires } from '../boards/cycler';
import type { AnalogIn } from '../bus';

/** Sets up pins and bus. The switches are held open before anything else happens. */
export function cyclerWires(board: CyclerBoard): CyclerWires {
  const chargeSwitch = Pin(board.pins.charge);
  const dischargeSwitch = Pin(board.pins.discharge);
  chargeSwitch.write(false);
  dischargeSwitch.write(false);
  chargeSwitch.mode('output');
  dischargeSwitch.mode('output');
  I2C1.setup({ scl: Pin(board.i2c.scl), sda: Pin(board.i2c.sda), bitrate: board.i2c.bitrate_Hz });
  return {
    bus: I2C1,
    chargeSwitch: chargeSwitch,
    dischargeSwitch: dischargeSwitch,
    cellAdc: analogIn(board.pins.cellAdc),
    thermistorAdc: analogIn(board.pins.thermistorAdc),
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
