/**
 * Microchip MCP4725: 12-bit DAC with EEPROM (datasheet section 6). It powers up with what its EEPROM holds, which from the
 * factory is mid-scale: `mcp4725Open` programs zero there, so that a reset of board or part never drives a current.
 */
import type { I2cBus } from '../bus';
import { hex } from './hex';

const WRITE_DAC_AND_EEPROM = 0x60;
const READY = 0x80;
/** Ready, and out of its power-on reset. */
const POWERED = 0xc0;
/** An EEPROM write takes at most 50 ms (datasheet section 1.0); a poll takes at least 45 us at 400 kHz. */
const READY_POLLS = 2000;
export const MCP4725_MAX_CODE = 4095;

/** A part that was opened, by its 7-bit address; `bytes` are those of the next write. */
export interface Mcp4725 {
  bus: I2cBus;
  address: number;
  /** The code last written. */
  code: number;
  bytes: number[];
}

/** Sets output and power-up value to zero. @throws when the part does not answer or does not hold zero */
export function mcp4725Open(bus: I2cBus, address: number): Mcp4725 {
  const dac: Mcp4725 = { bus: bus, address: address, code: 0, bytes: [0, 0] };
  mcp4725Write(dac, 0);
  const b = bus.readFrom(address, 5);
  // Ready and not in a power-on reset: a line that is held low reads zeros.
  if ((b[0] & POWERED) !== POWERED) throw new Error('part at ' + hex(address) + ' is not an MCP4725 that works');
  if (((b[3] & 15) << 8) + b[4] !== 0) {
    bus.writeTo(address, [WRITE_DAC_AND_EEPROM, 0, 0]);
    let polls = 0;
    while (!(bus.readFrom(address, 1)[0] & READY)) {
      polls++;
      if (polls > READY_POLLS) throw new Error('MCP4725 EEPROM write does not end');
    }
  }
  if (mcp4725Read(dac) !== 0) throw new Error('MCP4725 does not hold zero');
  return dac;
}

/** Sets the output: `code` 0 to 4095 of full scale. */
export function mcp4725Write(dac: Mcp4725, code: number): void {
  const bytes = dac.bytes;
  bytes[0] = code >> 8;
  bytes[1] = code & 255;
  dac.code = code;
  dac.bus.writeTo(dac.address, bytes);
}

/** The code that the output register holds; -1 when the output is powered down. */
export function mcp4725Read(dac: Mcp4725): number {
  const b = dac.bus.readFrom(dac.address, 3);
  return b[0] & 6 ? -1 : (b[1] << 4) | (b[2] >> 4);
}
