/**
 * A drone pack: 3 to 16 cells in series behind a BQ76952, which measures, protects and drives both switches.
 *
 *   cells + --+-- charge switch -- discharge switch --+-- PACK +
 *             +-- precharge switch -- resistor -------+
 *   cells - --[shunt]------------------------------------ PACK -
 *
 * The controller has the bus, the part's ALERT, and the gate of the precharge switch. The charge switch stops only what flows into the
 * cells, the discharge switch only what flows out: beside an open one its body diode carries the other direction.
 */
import type { DigitalIn, DigitalOut, I2cBus } from '../bus';
import type { Bq76952Config } from '../chips/bq76952Settings';

/** All that differs between boards of this kind. Pins are Espruino's names. */
export interface PackBoard {
  name: string;
  i2c: { sda: string; scl: string; bitrate_Hz: number };
  pins: { alert: string; precharge: string };
  /** How the part is wired; its limits follow from those of the pack. */
  afe: Omit<Bq76952Config, 'limits' | 'protections'>;
  /** The load's capacitors are full at this part of the stack's voltage, or they are shorted after this time. */
  precharge: { full_pct: number; longest_ms: number };
  /** What a cell sees while it is balanced: the resistors at both of its inputs and the part's switch, over the share of time. */
  balance_ohm: number;
}

/** The wires of a pack, as the interpreter or the simulator hands them over. */
export interface PackWires {
  bus: I2cBus;
  /** The BQ76952's ALERT, open drain: low while it has something to say. */
  alert: DigitalIn;
  precharge: DigitalOut;
  /**
   * Frees a data line that a part holds low: nine clocks by hand on SCL, then a STOP, and the bus is set up again. Never throws.
   * @returns whether both lines are high afterwards
   */
  recoverBus(): boolean;
}

/**
 * Six cells of about 1 Ah, 10 A at most. Cells 1 to 5 at VC0 to VC5, cell 6 at VC15 to VC16, the inputs between shorted.
 * Resistors of 20 Ohm at each input, the part's switch 28 Ohm, drained 6/7 of the time. The precharge resistor of 47 Ohm fills 2 mF
 * in 0.2 s.
 */
export const DRONE_6S: PackBoard = {
  name: 'drone-6s',
  i2c: { sda: 'D21', scl: 'D22', bitrate_Hz: 400000 },
  pins: { alert: 'D27', precharge: 'D25' },
  afe: { address: 0x08, crc: true, cells: 0x801f, shunt_uOhm: 5000, thermistors: 7 },
  precharge: { full_pct: 90, longest_ms: 1000 },
  balance_ohm: 79,
};
