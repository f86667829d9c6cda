/**
 * Register-level model of the TI ADS1115 (datasheet section 8): multiplexer, gain, single-shot and continuous conversions at
 * the part's own, slightly wrong pace, thresholds as plain storage (the comparator's pin is not modelled).
 */
import type { Bytes } from '../../hal/bus';
import type { Random } from '../random';
import { UndefinedAccess, type I2cPart } from './bus';

const FULL_SCALE_V = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
const SAMPLES_PER_S = [8, 16, 32, 64, 128, 250, 475, 860];
/** Multiplexer: positive and negative input, 4 is ground. */
const INPUTS: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 3],
  [1, 3],
  [2, 3],
  [0, 4],
  [1, 4],
  [2, 4],
  [3, 4],
];
const START = 0x8000;
const SINGLE_SHOT = 0x0100;
const GROUND = 4;
/** Conversion, config, two thresholds. */
const POWER_UP = [0, 0x8583, 0x8000, 0x7fff] as const;

/** An ADS1115 on a simulated bus, as a driver sees it. */
export class Ads1115Model implements I2cPart {
  private readonly registers: number[] = [...POWER_UP];
  private pointer = 0;
  private readyAt_ms = -1;
  private converting = false;

  /** `input_V(n)` gives the voltage at AINn now; `clockError` is the error of the internal clock, at most +-0.1. */
  constructor(
    private readonly input_V: (input: number) => number,
    private readonly random: Random,
    private readonly clockError = 0.05,
    private readonly noise_lsb = 0.5,
  ) {}

  /** Power-up: no conversion under way, the last result lost. */
  reset(): void {
    this.registers.splice(0, POWER_UP.length, ...POWER_UP);
    this.pointer = 0;
    this.converting = false;
  }

  readReg(register: number, out: Uint8Array, time_ms: number): void {
    this.pointer = this.known(register);
    this.readFrom(out, time_ms);
  }

  readFrom(out: Uint8Array, time_ms: number): void {
    if (out.length !== 2) throw new UndefinedAccess(`ADS1115 registers have 2 bytes, not ${out.length}`);
    this.finish(time_ms);
    const value = this.registers[this.pointer]!;
    const busy = this.pointer === 1 && this.converting ? START : 0;
    out[0] = (value & ~busy) >> 8;
    out[1] = value & 255;
  }

  writeTo(bytes: Bytes, time_ms: number): void {
    this.pointer = this.known(bytes[0]!);
    if (bytes.length === 1) return;
    if (bytes.length !== 3) throw new UndefinedAccess(`ADS1115 takes 2 bytes per write, not ${bytes.length - 1}`);
    if (this.pointer === 0) throw new UndefinedAccess('ADS1115 conversion register is read-only');
    const value = (bytes[1]! << 8) | bytes[2]!;
    this.registers[this.pointer] = this.pointer === 1 ? value | START : value;
    const starts = this.pointer === 1 && (value & START || !(value & SINGLE_SHOT));
    if (!starts) return;
    this.converting = true;
    this.readyAt_ms = time_ms + this.conversion_ms();
  }

  private conversion_ms(): number {
    return (1000 / SAMPLES_PER_S[(this.registers[1]! >> 5) & 7]!) * (1 + this.clockError);
  }

  /** Takes the sample when its time has come. */
  private finish(time_ms: number): void {
    if (!this.converting || time_ms < this.readyAt_ms) return;
    const config = this.registers[1]!;
    const [plus, minus] = INPUTS[(config >> 12) & 7]!;
    const volts = this.at(plus) - this.at(minus);
    const raw = (volts / FULL_SCALE_V[(config >> 9) & 7]!) * 32768 + this.noise_lsb * this.random.normal();
    this.registers[0] = Math.max(-32768, Math.min(32767, Math.round(raw))) & 0xffff;
    if (config & SINGLE_SHOT) this.converting = false;
    else this.readyAt_ms = time_ms + this.conversion_ms();
  }

  private at(input: number): number {
    return input === GROUND ? 0 : this.input_V(input);
  }

  private known(register: number): number {
    if (register > 3) throw new UndefinedAccess(`ADS1115 has no register ${register}`);
    return register;
  }
}
