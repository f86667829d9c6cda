/**
 * Register-level model of the Microchip MCP4725 DAC (datasheet sections 5 and 6): fast write, write with EEPROM, read-back,
 * power-down. From the factory its EEPROM holds mid-scale, and it powers up with that.
 */
import type { Bytes } from '../../hal/bus';
import { UndefinedAccess, type I2cPart } from './bus';

const EEPROM_WRITE_MS = 25;
const FACTORY_CODE = 0x800;

/** An MCP4725 on a simulated bus, new from the factory: it begins at mid-scale. */
export class Mcp4725Model implements I2cPart {
  /** Output register. */
  private code = FACTORY_CODE;
  private powerDown = 0;
  private eepromCode = FACTORY_CODE;
  private eepromPowerDown = 0;
  private busyUntil_ms = -1;
  /** Hold it to make the output ignore every write, as a damaged part does. */
  stuck = false;

  /** Output as a fraction of the supply, 0 to 1. */
  get output(): number {
    return this.powerDown ? 0 : this.code / 4096;
  }

  /** A power cycle. */
  powerUp(): void {
    this.code = this.eepromCode;
    this.powerDown = this.eepromPowerDown;
  }

  readReg(): void {
    throw new UndefinedAccess('MCP4725 has no registers to name before a read');
  }

  readFrom(out: Uint8Array, time_ms: number): void {
    if (out.length > 5) throw new UndefinedAccess(`MCP4725 has 5 bytes to read, not ${out.length}`);
    const ready = time_ms >= this.busyUntil_ms ? 0x80 : 0;
    const all = [
      ready | 0x40 | (this.powerDown << 1),
      this.code >> 4,
      (this.code & 15) << 4,
      (this.eepromPowerDown << 5) | (this.eepromCode >> 8),
      this.eepromCode & 255,
    ];
    for (let k = 0; k < out.length; k++) out[k] = all[k]!;
  }

  writeTo(bytes: Bytes, time_ms: number): void {
    const first = bytes[0]!;
    const command = first >> 5;
    if (first >> 6 === 0) {
      if (bytes.length !== 2) throw new UndefinedAccess(`MCP4725 fast write takes 2 bytes, not ${bytes.length}`);
      return this.set(((first & 15) << 8) | bytes[1]!, (first >> 4) & 3);
    }
    if (command !== 2 && command !== 3) throw new UndefinedAccess(`MCP4725 has no command ${command}`);
    if (bytes.length !== 3) throw new UndefinedAccess(`MCP4725 write takes 3 bytes, not ${bytes.length}`);
    const code = (bytes[1]! << 4) | (bytes[2]! >> 4);
    const powerDown = (first >> 1) & 3;
    if (command === 3) {
      // A write that comes while the EEPROM is busy is ignored (datasheet section 5.3).
      if (time_ms < this.busyUntil_ms) return;
      this.eepromCode = code;
      this.eepromPowerDown = powerDown;
      this.busyUntil_ms = time_ms + EEPROM_WRITE_MS;
    }
    this.set(code, powerDown);
  }

  private set(code: number, powerDown: number): void {
    if (this.stuck) return;
    this.code = code;
    this.powerDown = powerDown;
  }
}
