/**
 * How the cells of a pack differ from one another. Capacity and resistance are drawn, log-normal with mean 1, so that neither can
 * become negative; ageing is drawn as whole cycles; temperature rises evenly along the pack and is not drawn.
 */
import { Random } from '../random';

export interface Spread {
  /** Standard deviation of the cells' area, and with it capacity [%]. */
  capacity_pct: number;
  /** Standard deviation of the cells' ohmic and charge-transfer resistance, all parts by one factor [%]. */
  resistance_pct: number;
  /** Difference between the first and the last cell, along the groups and within them [K]; the mean is the pack's temperature. */
  temperature_K: number;
  /** Every cell has been cycled alone for a whole number of cycles from 0 to this, each equally likely. */
  agedCycles: number;
}

export interface CellDifference {
  areaScale: number;
  resistanceScale: number;
  /** From the pack's temperature. */
  temperature_K: number;
  agedCycles: number;
}

/**
 * Draws `count` cells. The same seed gives the same cells on every machine; each property has a stream of its own, so changing the
 * spread of one leaves the others as they were.
 */
export function drawSpread(spread: Spread, count: number, seed: number): CellDifference[] {
  const capacity = new Random(seed, 'capacity');
  const resistance = new Random(seed, 'resistance');
  const ageing = new Random(seed, 'ageing');
  return Array.from({ length: count }, (_, k) => ({
    areaScale: logNormal(capacity, spread.capacity_pct / 100),
    resistanceScale: logNormal(resistance, spread.resistance_pct / 100),
    temperature_K: count > 1 ? spread.temperature_K * (k / (count - 1) - 0.5) : 0,
    agedCycles: Math.floor(ageing.uniform() * (spread.agedCycles + 1)),
  }));
}

/** Mean 1 and standard deviation `sd`. */
function logNormal(random: Random, sd: number): number {
  const variance = Math.log1p(sd * sd);
  return Math.exp(Math.sqrt(variance) * random.normal() - variance / 2);
}
