/** What is said about many cycles at once: one line each. */
import type { ReplayedCycle } from './report';

/** One line for each warning, with the cycles that have it. */
export function cycleWarnings(cycles: readonly ReplayedCycle[]): string[] {
  const having = new Map<string, number[]>();
  for (const { n, warnings } of cycles)
    for (const warning of warnings) having.set(warning, [...(having.get(warning) ?? []), n]);
  return [...having].map(([warning, numbers]) => {
    const [first, last] = [numbers[0]!, numbers.at(-1)!];
    if (numbers.length === 1) return `cycle ${first}: ${warning}`;
    const some = last - first + 1 === numbers.length ? '' : `${numbers.length} of `;
    return `${some}cycles ${first} to ${last}: ${warning}`;
  });
}

const quantityNames = {
  etaConc_mV: 'eta_conc',
  lambda_mAh: 'lambda',
  cathode_mAh: 'cathode',
  lithium_mAh: 'lithium pools',
  ce_pct: 'CE',
  limitingCurrent_mA: 'limiting current',
} as const;

/** Why estimates are missing: one line a reason. */
export function whyNotKnown(cycles: readonly ReplayedCycle[]): string[] {
  const found = new Map<string, Map<number, string[]>>();
  for (const { n, estimated } of cycles) {
    for (const [what, reason] of Object.entries(estimated!.why)) {
      const byCycle = found.get(reason) ?? new Map<number, string[]>();
      found.set(reason, byCycle.set(n, [...(byCycle.get(n) ?? []), quantityNames[what as keyof typeof quantityNames]]));
    }
  }
  return [...found].map(([reason, byCycle]) => {
    const quantities = [...new Set([...byCycle.values()].flat())];
    const numbers = [...byCycle.keys()];
    const some =
      numbers.length > 8 ? `${numbers.slice(0, 7).join(', ')} and ${numbers.length - 7} more` : numbers.join(', ');
    return `not known in ${numbers.length === 1 ? 'cycle' : 'cycles'} ${some}: ${quantities.join(', ')}: ${reason}`;
  });
}
