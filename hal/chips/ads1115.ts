/**
 * TI ADS1115: 16-bit ADC (datasheet section 8). Used single-shot: start a conversion, come back later and ask whether it is
 * done. The OS bit is polled, because a fixed wait can return the previous sample (the internal clock is up to 10 % off).
 */
import type { I2cBus } from '../bus';

const CONVERSION = 0;
const CONFIG = 1;
const START = 0x8000;
/** Single-shot, 128 samples/s, comparator off. */
const SINGLE_SHOT = 0x0183;
/** Input against ground: AIN0 is 4. */
const INPUT_SHIFT = 12;
const GROUND_INPUTS = 4;
/** Full scale +-4.096 V. */
const GAIN_4096 = 0x0200;
const MV_PER_LSB = 0.125;

/** The part on its bus, by its 7-bit address. */
export interface Ads1115 {
  bus: I2cBus;
  address: number;
}

/** Starts one conversion of AIN`input` (0 to 3) against ground, +-4.096 V. */
export function ads1115Start(ads: Ads1115, input: number): void {
  const config = START | ((GROUND_INPUTS + input) << INPUT_SHIFT) | GAIN_4096 | SINGLE_SHOT;
  ads.bus.writeTo(ads.address, [CONFIG, config >> 8, config & 255]);
}

/** Whether the conversion has ended. */
export function ads1115Ready(ads: Ads1115): boolean {
  return (ads.bus.readReg(ads.address, CONFIG, 2)[0] & 0x80) !== 0;
}

/** The last conversion [mV]. */
export function ads1115Result_mV(ads: Ads1115): number {
  const b = ads.bus.readReg(ads.address, CONVERSION, 2);
  const raw = (b[0] << 8) | b[1];
  return (raw & 0x8000 ? raw - 0x10000 : raw) * MV_PER_LSB;
}
