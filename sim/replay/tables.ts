/** The report's tables as CSV. */
import { toCsv } from '../results/csv';
import type { ReplayedCycle } from './report';

/** What is measured of each cycle: estimates have a table of their own. */
export function cyclesCsv(cycles: readonly ReplayedCycle[]): string {
  return toCsv(cycles.map(({ estimated: _, ...measured }) => measured));
}

/** Only where the cell is given. */
export function estimatesCsv(cycles: readonly ReplayedCycle[]): string {
  return toCsv(
    cycles.map(({ n, estimated }) => {
      const { why, ...values } = estimated!;
      return { n, ...values, why: Object.entries(why).map(([what, reason]) => `${what}: ${reason}`) };
    }),
  );
}
