/** What is said about many cycles at once: one line each. */
import type { ReplayedCycle } from './report';

/** One line for each warning, with the cycles that have it. */
export function cycleWarnings(cycles: readonly ReplayedCycle[]): string[] {
  const having = new Map<string, number[]>();
  for (const { n, warnings } of cycles)
    for (const warning of warnings) having.set(warning, [...(having.get(warning) ?? []), n]);
  return [...having].map(([warning, numbers]) => `${cyclesInWords(numbers)}: ${warning}`);
}

/** More runs of cycles than this are counted, not named. */
const mostRuns = 6;

/** Such as `cycle 3`, `cycles 0 and 21` or `cycles 1 to 5 and 9`. */
function cyclesInWords(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const n of numbers) {
    const run = runs.at(-1);
    if (run && n === run[1] + 1) run[1] = n;
    else runs.push([n, n]);
  }
  const named = runs.slice(0, mostRuns);
  const unnamed = numbers.filter((n) => n > named.at(-1)![1]).length;
  const words = named.flatMap(([first, last]) =>
    last - first > 1 ? [`${first} to ${last}`] : last > first ? [`${first}`, `${last}`] : [`${first}`],
  );
  if (unnamed > 0) words.push(`${unnamed} more`);
  const last = words.pop()!;
  return `${numbers.length > 1 ? 'cycles' : 'cycle'} ${[words.join(', '), last].filter((text) => text !== '').join(' and ')}`;
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
    return `not known in ${cyclesInWords([...byCycle.keys()])}: ${quantities.join(', ')}: ${reason}`;
  });
}
