/**
 * The cycler channel: one cell, current source and sink set by a DAC, a switch for each direction.
 *
 *   cell + --[shunt]--+-- charge switch ------ source --+
 *                     +-- discharge switch --- sink   --+-- set-point: MCP4725
 *   INA228 over the shunt (discharge reads positive) and the cell; ADS1115 with the cell's thermistor;
 *   the controller's own ADC as a coarse second opinion on cell voltage and temperature.
 */
import type { AnalogIn, DigitalIn, DigitalOut, I2cBus } from '../bus';
import type { Ina228Config } from '../chips/ina228';
import type { ThermistorConfig } from '../chips/thermistor';

/** The controller's ADC channel behind a divider: cell millivolts = reading x gain + offset, calibrated at commissioning. */
interface CoarseVoltage {
  gain_mV: number;
  offset_mV: number;
}

/** Relay modules in place of the MOSFET switches, on the same two pins. */
export interface Relay {
  /** Whether a pin closes its relay by a low level. */
  activeLow: boolean;
  /** The longest that a relay takes to close or to open. */
  time_ms: number;
}

/** All that differs between boards of this kind. Pins are Espruino's names. */
export interface CyclerBoard {
  name: string;
  i2c: { sda: string; scl: string; bitrate_Hz: number };
  pins: { charge: string; discharge: string; alert: string; cellAdc: string; thermistorAdc: string };
  /** Undefined: N-MOSFETs, closed by a high level within microseconds. */
  relay?: Relay | undefined;
  ina228: Ina228Config;
  dac: { address: number; fullScale_mA: number };
  ads1115: { address: number; input: number; supply_mV: number };
  thermistor: ThermistorConfig;
  coarseVoltage: CoarseVoltage;
  /** The controller's ADC over the same divider as `thermistor`: the fraction of the supply is reading x gain + offset. */
  coarseThermistor: { gain: number; offset: number };
}

/** The wires of a channel, as the interpreter or the simulator hands them over. */
export interface CyclerWires {
  bus: I2cBus;
  chargeSwitch: DigitalOut;
  dischargeSwitch: DigitalOut;
  /** The INA228's ALERT, open drain: low holds both switches open, whatever the controller says. */
  alert: DigitalIn;
  cellAdc: AnalogIn;
  thermistorAdc: AnalogIn;
  /**
   * Frees a data line that a part holds low because it missed a clock: nine clocks by hand on SCL, then a STOP, and the bus is
   * set up again. Never throws; whether it helped the next transaction shows.
   */
  recoverBus(): void;
}

/**
 * The reference board, for cells up to about 5 A.
 * INA228: continuous bus (84 us), shunt (280 us) and die temperature (50 us), average of 64: a new result every 26 ms. Its
 * comparators look at each single conversion: a jump of the current meets a whole one after 0.7 ms at most.
 */
export const CYCLER: CyclerBoard = {
  name: 'cycler',
  i2c: { sda: 'D21', scl: 'D22', bitrate_Hz: 400000 },
  pins: { charge: 'D25', discharge: 'D26', alert: 'D27', cellAdc: 'D34', thermistorAdc: 'D35' },
  ina228: { address: 0x40, shunt_uOhm: 20000, maxCurrent_mA: 8192, adcConfig: 0xf2c3 },
  dac: { address: 0x60, fullScale_mA: 5500 },
  ads1115: { address: 0x48, input: 0, supply_mV: 3300 },
  thermistor: { r25_ohm: 10000, pullUp_ohm: 10000, beta_K: 3435 },
  coarseVoltage: { gain_mV: 6160, offset_mV: 260 },
  coarseThermistor: { gain: 0.934, offset: 0.04 },
};
