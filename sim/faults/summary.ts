/** What a campaign says of each row of the fault table. */
import { Fault } from '../../firmware/protect/faults';
import { FAULT_TABLE } from '../../firmware/protect/table';
import type { Finished } from './faultsWorker';
import { nameOfId } from './names';

/** Keys of the command's JSON. */
export interface FaultReaction {
  /** Name of the row, as in `Fault`. */
  id: string;
  injected: number;
  detected: number;
  promised_ms: number;
  /** Longest and median time from the fault to the action; null: none was found. */
  worst_ms: number | null;
  median_ms: number | null;
}

interface WatcherDelay {
  id: string;
  found: number;
  worst_h: number;
  median_h: number;
}

/** A run that is a violation or a false trip. */
interface Failure {
  run: number;
  what: string;
}

export interface FaultsReport {
  runs: number;
  violations: number;
  falseTrips: number;
  /** In the order of the table. */
  faults: FaultReaction[];
  /** What stops a current without the firmware: the front end alone, and the watchdog. */
  hardware: FaultReaction[];
  /** How long the watchers of the lithium took until their alarm, from which on their rows' reactions count. */
  watchers: WatcherDelay[];
  /** Runs without any fault, and with one that is too small to be found. */
  clean: number;
  small: number;
  /** Runs in which the cell was full or empty before anything could be injected. */
  void: number;
  failures: Failure[];
}

export function summarize(finished: readonly Finished[]): FaultsReport {
  const runs = [...finished].sort((a, b) => a.n - b.n);
  const violated = runs.filter(({ violations }) => violations.length > 0);
  const tripped = runs.filter(({ falseTrips }) => falseTrips.length > 0);
  return {
    runs: runs.length,
    violations: violated.length,
    falseTrips: tripped.length,
    faults: FAULT_TABLE.map(({ fault, promised_ms }) =>
      reactionOf(
        Fault[fault]!,
        runs.filter((run) => run.id === Fault[fault] && run.case === 'fault'),
        promised_ms,
      ),
    ),
    hardware: [...new Set(runs.flatMap(({ hardware }) => hardware ?? []))].sort().map((id) =>
      reactionOf(
        id,
        runs.filter((run) => run.hardware === id),
        0,
      ),
    ),
    watchers: watcherDelays(runs),
    clean: runs.filter((run) => run.case === 'clean').length,
    small: runs.filter((run) => run.case === 'small fault').length,
    void: runs.filter((run) => run.case === 'void').length,
    failures: [
      ...violated.map(({ n, violations }) => ({ run: n, what: violations.join('; ') })),
      ...tripped.map(({ n, falseTrips }) => ({
        run: n,
        what: `tripped with nothing wrong: ${falseTrips.map(nameOfId).join(', ')}`,
      })),
    ],
  };
}

function reactionOf(id: string, runs: readonly Finished[], promised_ms: number): FaultReaction {
  const reactions = runs.flatMap(({ reaction_ms }) => (reaction_ms === null ? [] : [reaction_ms]));
  const { worst, median } = spread(reactions);
  return {
    id,
    injected: runs.length,
    detected: runs.filter(({ detected }) => detected).length,
    promised_ms: runs.find((run) => run.promised_ms !== null)?.promised_ms ?? promised_ms,
    worst_ms: worst,
    median_ms: median,
  };
}

function watcherDelays(runs: readonly Finished[]): WatcherDelay[] {
  const ids = [...new Set(runs.flatMap(({ id, watched_ms }) => (watched_ms === undefined || id === null ? [] : [id])))];
  return ids.sort().map((id) => {
    const delays_h = runs.flatMap((run) =>
      run.id === id && run.detected && run.watched_ms !== undefined ? [run.watched_ms / 3.6e6] : [],
    );
    const { worst, median } = spread(delays_h, 1000);
    return { id, found: delays_h.length, worst_h: worst ?? NaN, median_h: median ?? NaN };
  });
}

function spread(values: readonly number[], parts = 10): { worst: number | null; median: number | null } {
  if (values.length === 0) return { worst: null, median: null };
  const sorted = [...values].sort((a, b) => a - b);
  const round = (value: number): number => Math.round(parts * value) / parts;
  return { worst: round(sorted.at(-1)!), median: round(sorted[sorted.length >> 1]!) };
}
