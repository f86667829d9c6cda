/** One line of the study. */
export interface WatcherRow {
  watcher: 'soft short' | 'self-heating' | 'drying' | 'plating' | 'all';
  /** What happens to the cell, in words; for a clean case, what it goes through. */
  what: string;
  cell: string;
  /** Cycles, or tests, that were looked at. */
  looked: number;
  /** Whether there is something to find; null: nothing. */
  found: boolean | null;
  /** From the event on, in `unit`; null: not found, or nothing to find. */
  delay: number | null;
  unit: 'cycles' | 'min' | '% charged' | 'K below runaway' | '';
  /** Alarms, and warnings without one, that had no cause. */
  falseAlarms: number;
  falseWarnings: number;
  note: string;
}
