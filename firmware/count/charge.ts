/**
 * Coulomb counting: the firmware's own integral of the sampled current, compared with the accumulator inside the current
 * monitor, which also sees what happens between two samples.
 */
import { Slow, type Sense } from '../sense/sense';

/** How much charge time one comparison with the chip spans. */
const COMPARE_MS = 60000;

/** The charge that has passed, by the firmware's own count and beside it the chip's. */
export interface ChargeCounter {
  /** Charge since start [mC], discharge positive, without the current monitor's offset. */
  charge_mC: number;
  /** The same with it, as the chip counts. */
  raw_mC: number;
  /** Time of the sample counted last. */
  at_ms: number;
  /** Both counters when the present comparison began, and when; -1: not begun. */
  own0_mC: number;
  chip0_mC: number;
  began_ms: number;
  /** How far own and chip's count were apart over the last full comparison [mC]. */
  error_mC: number;
}

/** Counts from zero, beginning with the first sample. */
export function createChargeCounter(): ChargeCounter {
  return { at_ms: -1, charge_mC: 0, raw_mC: 0, own0_mC: 0, chip0_mC: 0, began_ms: -1, error_mC: 0 };
}

/**
 * Adds a fresh sample. Set-points change right after a sample is taken, so the current now is the current since the last one.
 */
export function countCharge(counter: ChargeCounter, sense: Sense, zero_mA: number): void {
  const at_ms = sense.at_ms;
  if (at_ms === counter.at_ms) return;
  if (counter.at_ms >= 0) {
    const passed_s = (at_ms - counter.at_ms) / 1000;
    const current_mA = sense.current_mA;
    counter.raw_mC += current_mA * passed_s;
    counter.charge_mC += (current_mA - zero_mA) * passed_s;
  }
  counter.at_ms = at_ms;
  if (sense.slow === Slow.ChipCharge && sense.slowAt_ms[Slow.ChipCharge] === at_ms)
    compare(counter, sense.chipCharge_mC, at_ms);
}

function compare(counter: ChargeCounter, chip_mC: number, at_ms: number): void {
  if (counter.began_ms >= 0) {
    if (at_ms - counter.began_ms < COMPARE_MS) return;
    counter.error_mC = Math.abs(counter.raw_mC - counter.own0_mC - (chip_mC - counter.chip0_mC));
  }
  counter.began_ms = at_ms;
  counter.own0_mC = counter.raw_mC;
  counter.chip0_mC = chip_mC;
}
