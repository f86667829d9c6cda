/**
 * The three comparators of the INA228, of bus, shunt and temperature, behind the converter whose conversions repeat in rounds of
 * these: limits from the registers, and when the first conversion is beyond one.
 */
import type { Random } from '../random';
import { Comparator } from './comparator';
import { Address, BUS_LSB_V, Diag, signed, TEMPERATURE_LSB_C } from './ina228Registers';

const { BOVL, BUVL, SOVL, SUVL, TEMP_LIMIT } = Address;

/** What asserts when a comparator finds its limits crossed, in the order of conversions in a round: bus, shunt, temperature. */
const CHANNEL_ALERTS = [
  { under: Diag.BUS_UNDER, over: Diag.BUS_OVER },
  { under: Diag.SHUNT_UNDER, over: Diag.SHUNT_OVER },
  { under: 0, over: Diag.TEMPERATURE_OVER },
];

export class Ina228Comparators {
  readonly bus = new Comparator();
  readonly shunt = new Comparator();
  readonly temperature = new Comparator();
  /** One round of conversions. */
  round_s = 0;
  /** Of the last look: the alerts that conversions made, and those about which a conversion has ended. */
  crossed = 0;
  ended = 0;
  private readonly all = [this.bus, this.shunt, this.temperature] as const;

  constructor(private readonly random: Random) {}

  /** @param conversions_us how long each takes; 0 where there is none */
  setRound(conversions_us: readonly number[]): void {
    let end_us = 0;
    for (const [k, comparator] of this.all.entries()) {
      end_us += conversions_us[k]!;
      comparator.length_s = conversions_us[k]! / 1e6;
      comparator.end_s = end_us / 1e6;
    }
    this.round_s = end_us / 1e6;
  }

  /** From the registers. With SLOWALERT no single conversion asserts. */
  setLimits(registers: Uint16Array, shuntLsb_V: number): void {
    const { bus, shunt, temperature } = this;
    for (const comparator of this.all) [comparator.low, comparator.high] = [-Infinity, Infinity];
    if (registers[Address.DIAG]! & Diag.SLOW_ALERT) return;
    // Results are rounded: one asserts from half a step beyond the limit. Below the lowest result lies none.
    if (registers[BUVL]! > 0) bus.low = (registers[BUVL]! * 16 - 0.5) * BUS_LSB_V;
    bus.high = (registers[BOVL]! * 16 + 0.5) * BUS_LSB_V;
    if (registers[SUVL] !== 0x8000) shunt.low = (signed(registers[SUVL]!) * 16 - 0.5) * shuntLsb_V;
    shunt.high = (signed(registers[SOVL]!) * 16 + 0.5) * shuntLsb_V;
    temperature.high = (signed(registers[TEMP_LIMIT]!) + 0.5) * TEMPERATURE_LSB_C;
  }

  /**
   * Looks over `span_s`, up to `least_s` or, when that is later, up to the first crossing. Sets `crossed` and `ended`.
   * @param phase_s how far the window has come @param before the inputs until now @param now the inputs from now on
   * @returns how far they came: `longest_s` when nothing crosses
   */
  look(
    span_s: number,
    least_s: number,
    longest_s: number,
    phase_s: number,
    before: readonly number[],
    now: readonly number[],
  ): number {
    const { all, random, round_s } = this;
    const inRound_s = phase_s % round_s;
    const at_s = all.map((comparator, k) =>
      comparator.crossing_s(span_s, inRound_s, round_s, before[k]!, now[k]!, random),
    );
    const until_s = Math.max(least_s, Math.min(longest_s, ...at_s));
    this.crossed = this.ended = 0;
    for (const [k, comparator] of all.entries()) {
      const { under, over } = CHANNEL_ALERTS[k]!;
      if (comparator.ends_s(inRound_s, round_s) <= until_s) this.ended |= under | over;
      if (at_s[k]! <= until_s) this.crossed |= comparator.isOver(before[k]!, now[k]!) ? over : under;
    }
    return until_s;
  }
}
