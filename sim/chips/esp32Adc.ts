/**
 * The ESP32's own ADC (ADC1, 11 dB): blind near zero, straight in the middle, bent and saturating towards the top, noisy.
 * After the typical curve in Espressif's ADC guide; specimens differ, which is why boards calibrate it.
 */
import type { AnalogIn } from '../../hal/bus';
import type { Random } from '../random';

const BLIND_V = 0.13;
const SPAN_V = 3.08;
const BEND_V = 2.55;
const BEND_PER_V = 0.12;
const CODES = 4095;

export class Esp32AdcModel implements AnalogIn {
  constructor(
    private readonly input_V: () => number,
    private readonly random: Random,
    private readonly noise_codes = 6,
  ) {}

  read(): number {
    const volts = this.input_V();
    const bent = volts > BEND_V ? (volts - BEND_V) ** 2 * BEND_PER_V : 0;
    const code = ((volts - BLIND_V + bent) / SPAN_V) * CODES + this.noise_codes * this.random.normal();
    return Math.max(0, Math.min(CODES, Math.round(code))) / CODES;
  }
}
