/**
 * The data memory of the TI BQ76952 (technical reference manual SLUUBY2B, section 13): the items of it that the model acts on or
 * that a driver may keep at hand. An address outside the table, part of an item, or a value outside its range is refused: what
 * the part would make of it is not stated.
 *
 * Defaults, ranges and addresses are the manual's. Not checked against it are the defaults of thresholds and recovery levels,
 * which a host has to set anyway.
 */
import { UndefinedAccess } from './bus';

const FIRST = 0x9180;
const END = 0x9400;
export const BLOCK_BYTES = 32;

/** Address: bytes, default, least, most. A negative least makes it signed; four bytes are a single-precision number. */
const ITEMS: Record<number, readonly [bytes: number, reset: number, least: number, most: number]> = {
  0x91a8: [4, 7.4768, 1e-6, 1e6], // CC Gain
  0x91ac: [4, 2230042.463, 1e-3, 1e12], // Capacity Gain
  0x9234: [2, 0x2982, 0, 0xffff], // Power Config
  0x9239: [1, 0x00, 0, 0xff], // Comm Type
  0x925f: [2, 0x0002, 0, 0x07ff], // Protection Configuration
  0x9261: [1, 0x88, 0, 0xff], // Enabled Protections A
  0x9262: [1, 0x00, 0, 0xff], // Enabled Protections B
  0x9263: [1, 0x00, 0, 0xff], // Enabled Protections C
  0x9265: [1, 0x98, 0, 0xff], // CHG FET Protections A
  0x9266: [1, 0xd5, 0, 0xff], // CHG FET Protections B
  0x9267: [1, 0x56, 0, 0xff], // CHG FET Protections C
  0x9269: [1, 0xe4, 0, 0xff], // DSG FET Protections A
  0x926a: [1, 0xe6, 0, 0xff], // DSG FET Protections B
  0x926b: [1, 0xe2, 0, 0xff], // DSG FET Protections C
  0x926d: [2, 0xf800, 0, 0xffff], // Default Alarm Mask
  0x926f: [1, 0xfc, 0, 0xff], // SF Alert Mask A
  0x9270: [1, 0xf7, 0, 0xff], // SF Alert Mask B
  0x9271: [1, 0xf4, 0, 0xff], // SF Alert Mask C
  0x9273: [2, 50, 0, 0x7fff], // Body Diode Threshold [mA]
  0x9275: [1, 50, 20, 90], // CUV Threshold [50.6 mV]
  0x9276: [2, 74, 1, 2047], // CUV Delay [3.3 ms, plus 6.6]
  0x9278: [1, 86, 20, 110], // COV Threshold
  0x9279: [2, 74, 1, 2047], // COV Delay
  0x927b: [1, 2, 2, 20], // CUV Recovery Hysteresis
  0x927c: [1, 2, 2, 20], // COV Recovery Hysteresis
  0x9280: [1, 2, 2, 62], // OCC Threshold [2 mV]
  0x9281: [1, 4, 1, 127], // OCC Delay [3.3 ms, plus 6.6]
  0x9282: [1, 4, 2, 100], // OCD1 Threshold
  0x9283: [1, 1, 1, 127], // OCD1 Delay
  0x9284: [1, 3, 2, 100], // OCD2 Threshold
  0x9285: [1, 7, 1, 127], // OCD2 Delay
  0x9286: [1, 0, 0, 15], // SCD Threshold, of a list
  0x9287: [1, 2, 1, 31], // SCD Delay [15 us], plus one
  0x9288: [2, -200, -32768, 32767], // OCC Recovery Threshold [mA]
  0x928d: [2, 200, -32768, 32767], // OCD Recovery Threshold [mA]
  0x928f: [1, 0, 0, 255], // OCDL Latch Limit
  0x9290: [1, 10, 0, 255], // OCDL Counter Dec Delay [s]
  0x9294: [1, 5, 0, 255], // SCD Recovery Time [s]
  0x9295: [1, 0, 0, 255], // SCDL Latch Limit
  0x9296: [1, 10, 0, 255], // SCDL Counter Dec Delay [s]
  0x929a: [1, 55, -40, 120], // OTC Threshold [degC], Delay [s], Recovery
  0x929b: [1, 2, 0, 255],
  0x929c: [1, 50, -40, 120],
  0x929d: [1, 60, -40, 120], // OTD
  0x929e: [1, 2, 0, 255],
  0x929f: [1, 55, -40, 120],
  0x92a3: [1, 85, -40, 120], // OTINT
  0x92a4: [1, 2, 0, 255],
  0x92a5: [1, 80, -40, 120],
  0x92a6: [1, 0, -40, 120], // UTC
  0x92a7: [1, 2, 0, 255],
  0x92a8: [1, 5, -40, 120],
  0x92a9: [1, 0, -40, 120], // UTD
  0x92aa: [1, 2, 0, 255],
  0x92ab: [1, 5, -40, 120],
  0x92ac: [1, -20, -40, 120], // UTINT
  0x92ad: [1, 2, 0, 255],
  0x92ae: [1, -15, -40, 120],
  0x92af: [1, 3, 0, 255], // Recovery Time [s]
  0x92b0: [2, 200, -32768, 32767], // OCC PACK-TOS Delta [10 mV]
  0x92b2: [2, 60, 0, 65535], // HWD Delay [s]
  0x92fc: [1, 0x00, 0, 0xff], // ALERT Pin Config
  0x92fd: [1, 0x07, 0, 0xff], // TS1 Config
  0x92fe: [1, 0x00, 0, 0xff], // TS2 Config
  0x92ff: [1, 0x00, 0, 0xff], // TS3 Config
  0x9303: [1, 0x05, 0, 0xff], // DA Configuration
  0x9304: [2, 0x0000, 0, 0xffff], // Vcell Mode
  0x9308: [1, 0x0d, 0, 0xff], // FET Options
  0x9314: [1, 5, 0, 255], // Cell Open-Wire Check Time [s]
  0x9335: [1, 0x00, 0, 0xff], // Balancing Configuration
  0x9336: [1, -20, -128, 127], // Min Cell Temp [degC]
  0x9337: [1, 60, -128, 127], // Max Cell Temp
  0x9338: [1, 70, -128, 127], // Max Internal Temp
  0x9339: [1, 20, 1, 255], // Cell Balance Interval [s]
  0x9343: [2, 0x0040, 0, 0xffff], // Mfg Status Init
};

export class Bq76952Memory {
  private readonly view = new DataView(new ArrayBuffer(END - FIRST + BLOCK_BYTES));

  constructor() {
    this.reset();
  }

  reset(): void {
    for (const [address, [bytes, value]] of Object.entries(ITEMS)) this.put(Number(address), bytes, value);
  }

  has(address: number): boolean {
    return address >= FIRST && address < END;
  }

  /** The value of an item. */
  get(address: number): number {
    const [bytes, , least] = ITEMS[address]!;
    return this.at(address - FIRST, bytes, least);
  }

  /** The unit of the current [mA]: DA Configuration. */
  get userCurrent_mA(): number {
    return 10 ** ((this.get(0x9303) & 3) - 1);
  }
  /** That of stack and PACK [mV]. */
  get userVoltage_mV(): number {
    return this.get(0x9303) & 0x04 ? 10 : 1;
  }

  /** The 32 bytes from an address on. */
  block(address: number): Uint8Array {
    return new Uint8Array(this.view.buffer, address - FIRST, BLOCK_BYTES);
  }

  /** @throws UndefinedAccess unless these are whole items, each within its range; nothing is written then */
  write(address: number, data: Uint8Array): void {
    const wanted = new DataView(data.buffer, data.byteOffset, data.length);
    for (let k = 0; k < data.length;) {
      const place = `BQ76952 data memory 0x${(address + k).toString(16)}`;
      const item = ITEMS[address + k];
      if (item === undefined) throw new UndefinedAccess(`${place} is not in the model`);
      const [bytes, , least, most] = item;
      if (k + bytes > data.length) throw new UndefinedAccess(`${place} has ${bytes} bytes, not ${data.length - k}`);
      const value = read(wanted, k, bytes, least);
      if (!(value >= least && value <= most))
        throw new UndefinedAccess(`${place} is ${value}; allowed: ${least} to ${most}`);
      k += bytes;
    }
    this.block(address).set(data);
  }

  private at(offset: number, bytes: number, least: number): number {
    return read(this.view, offset, bytes, least);
  }

  private put(address: number, bytes: number, value: number): void {
    const offset = address - FIRST;
    if (bytes === 4) this.view.setFloat32(offset, value, true);
    else if (bytes === 2) this.view.setInt16(offset, value, true);
    else this.view.setInt8(offset, value);
  }
}

function read(view: DataView, offset: number, bytes: number, least: number): number {
  if (bytes === 4) return view.getFloat32(offset, true);
  if (bytes === 2) return least < 0 ? view.getInt16(offset, true) : view.getUint16(offset, true);
  return least < 0 ? view.getInt8(offset) : view.getUint8(offset);
}
