/** The cycler channel's wires on a real board: Espruino's bus and pins as they are. */
import type { CyclerBoard, CyclerWires } from '../boards/cycler';
import type { AnalogIn } from '../bus';

/** Clocks after which a part that holds the data line has sent its byte and the missing acknowledge. */
const CLOCKS = 9;

/** Sets up pins and bus. The switches are held open before anything else happens. */
export function cyclerWires(board: CyclerBoard): CyclerWires {
  const chargeSwitch = Pin(board.pins.charge);
  const dischargeSwitch = Pin(board.pins.discharge);
  chargeSwitch.write(false);
  dischargeSwitch.write(false);
  chargeSwitch.mode('output');
  dischargeSwitch.mode('output');
  const alert = Pin(board.pins.alert);
  alert.mode('input_pullup');
  const wires: CyclerWires = {
    bus: I2C1,
    chargeSwitch: chargeSwitch,
    dischargeSwitch: dischargeSwitch,
    alert: alert,
    cellAdc: analogIn(board.pins.cellAdc),
    thermistorAdc: analogIn(board.pins.thermistorAdc),
    recoverBus: function (): void {
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
      try {
        I2C1.setup({ scl: scl, sda: sda, bitrate: board.i2c.bitrate_Hz });
      } catch (_) {
        // The next transaction throws and is counted.
      }
    },
  };
  // The reset may have come in the middle of a read.
  wires.recoverBus();
  return wires;
}

function analogIn(name: string): AnalogIn {
  const pin = Pin(name);
  return {
    read: function (): number {
      return analogRead(pin);
    },
  };
}
