import type { Curve } from './byCycle';

/** Most neighbours on either side that a value is compared with. */
const NEIGHBOURS = 2;
/** A coulombic efficiency this far from what is usual around it is a spike [%]. */
const SPIKE_PCT = 0.3;

/**
 * Efficiencies but for spikes: where the rate changes, or a slow strip or a tail is begun or left out, lithium moves from one cycle's
 * account into the next one's. Beside these jumps nothing else could be seen.
 */
export function withoutSpikes(efficiency: Readonly<Curve>): Curve {
  return efficiency.filter(([, value], k) => {
    // As many on either side, so that a slope at an end is none.
    const reach = Math.min(NEIGHBOURS, k, efficiency.length - 1 - k);
    const around = efficiency
      .slice(k - reach, k + reach + 1)
      .map(([, other]) => other)
      .sort((a, b) => a - b);
    return Math.abs(value - around[Math.floor(around.length / 2)]!) <= SPIKE_PCT;
  });
}

export const isSpiky = (efficiency: Readonly<Curve>): boolean => withoutSpikes(efficiency).length < efficiency.length;
