/** What came of a scenario. */
export interface Verdict {
  /** Name of the row that was to find the fault; null: no row, or a run without a fault. */
  id: string | null;
  /** Name of what was to stop the current without the firmware, then `id` is null. */
  hardware?: string;
  /** What happened: a fault that must be found, one too small to be, or none; void: the cell was empty or full before it could. */
  case: 'fault' | 'small fault' | 'clean' | 'void';
  detected: boolean;
  /** From the fault to the action. */
  reaction_ms: number | null;
  promised_ms: number | null;
  /** From the fault to the watcher's alarm, from which on the reaction is counted. */
  watched_ms?: number;
  /** What must never be; empty: nothing. */
  violations: string[];
  /** Rows that tripped with nothing wrong. */
  falseTrips: string[];
}

export const fails = ({ violations, falseTrips }: Verdict): boolean => violations.length > 0 || falseTrips.length > 0;

/** What went wrong, without the numbers: the same for the same failure in another run. */
export const signature = ({ violations, falseTrips }: Verdict): string =>
  [...violations, ...falseTrips].join('; ').replace(/[\d.]+/g, '#');
