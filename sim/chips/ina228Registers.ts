/** Registers of the TI INA228, their bits and units (datasheet SBOSA20, sections 6.5 and 7.6). */

/** Register: bytes, whether it can be written, value after reset. */
export const REGISTERS: Record<number, [bytes: number, writable: boolean, reset: number]> = {
  0x00: [2, true, 0x0000], // CONFIG
  0x01: [2, true, 0xfb68], // ADC_CONFIG
  0x02: [2, true, 0x1000], // SHUNT_CAL
  0x03: [2, true, 0x0000], // SHUNT_TEMPCO
  0x04: [3, false, 0], // VSHUNT
  0x05: [3, false, 0], // VBUS
  0x06: [2, false, 0], // DIETEMP
  0x07: [3, false, 0], // CURRENT
  0x08: [3, false, 0], // POWER
  0x09: [5, false, 0], // ENERGY
  0x0a: [5, false, 0], // CHARGE
  0x0b: [2, true, 0x0001], // DIAG_ALRT
  0x0c: [2, true, 0x7fff], // SOVL
  0x0d: [2, true, 0x8000], // SUVL
  0x0e: [2, true, 0x7fff], // BOVL
  0x0f: [2, true, 0x0000], // BUVL
  0x10: [2, true, 0x7fff], // TEMP_LIMIT
  0x11: [2, true, 0xffff], // PWR_LIMIT
  0x3e: [2, false, 0x5449], // MANUFACTURER_ID
  0x3f: [2, false, 0x2281], // DEVICE_ID
};

export const Address = {
  CONFIG: 0x00,
  ADC_CONFIG: 0x01,
  SHUNT_CAL: 0x02,
  DIAG: 0x0b,
  SOVL: 0x0c,
  SUVL: 0x0d,
  BOVL: 0x0e,
  BUVL: 0x0f,
  TEMP_LIMIT: 0x10,
  PWR_LIMIT: 0x11,
} as const;

/** Bits of DIAG_ALRT. */
export const Diag = {
  MEMORY_OK: 0x0001,
  CONVERSION_READY: 0x0002,
  POWER_OVER: 0x0004,
  BUS_UNDER: 0x0008,
  BUS_OVER: 0x0010,
  SHUNT_UNDER: 0x0020,
  SHUNT_OVER: 0x0040,
  TEMPERATURE_OVER: 0x0080,
  MATH_OVERFLOW: 0x0200,
  CHARGE_OVERFLOW: 0x0400,
  ENERGY_OVERFLOW: 0x0800,
  LATCH: 0x8000,
  ALERT_ON_READY: 0x4000,
  SLOW_ALERT: 0x2000,
  ACTIVE_HIGH: 0x1000,
} as const;

export const CONVERSION_US = [50, 84, 150, 280, 540, 1052, 2074, 4120];
export const AVERAGES = [1, 4, 16, 64, 128, 256, 512, 1024];

export const SHUNT_LSB_V = [312.5e-9, 78.125e-9];
export const BUS_LSB_V = 195.3125e-6;
export const TEMPERATURE_LSB_C = 7.8125e-3;

/** What a register of 16 bits with a sign holds. */
export const signed = (value: number): number => (value & 0x8000 ? value - 0x10000 : value);
