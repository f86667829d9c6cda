/** Asks a worker for runs and gathers what it tells. */
import type { CycleResult, SimulateResult } from '../../../results/types';
import type { FaultAsk, FaultName, FaultOutcome } from './faultRun';
import { Field, type Answer, type Ask, type Told } from './messages';
import { optionsOf, type Settings } from './settings';
import ExploreWorker from './worker?worker&inline';

export interface Run {
  readonly settings: Settings;
  readonly cycles: CycleResult[];
  readonly samples: Samples;
  /** All lithium of the cell, once it is known; null: a half cell has no end of it. */
  lithium_mAh: number | null;
  result?: SimulateResult;
  /** Why there is none. */
  problem?: string;
  stopped: boolean;
}

export interface Runner {
  /** `onNews` is called when there is more of the run; when it has a result or a problem, for the last time. */
  start(settings: Settings, onNews: (run: Run) => void): Run;
  /** Ends a run with the cycles that it has. */
  stop(run: Run): void;
  /** What can go wrong with a cell. */
  faultsOf(cell: string): Promise<FaultName[]>;
  /** Breaks something on a channel. Rejects with a sentence. */
  fault(ask: FaultAsk): Promise<FaultOutcome>;
  /** Ends everything. */
  close(): void;
}

export function createRunner(): Runner {
  const worker = new ExploreWorker();
  const running = new Map<number, { run: Run; onNews: (run: Run) => void }>();
  const asked = new Map<number, (told: Told) => void>();
  let next = 1;
  const ask = (message: Ask): void => worker.postMessage(message);
  worker.onmessage = ({ data }: MessageEvent<Answer>): void => {
    const tell = asked.get(data.id);
    if (tell) {
      asked.delete(data.id);
      tell(data);
      return;
    }
    const found = running.get(data.id);
    if (found === undefined) return;
    const { run, onNews } = found;
    if (data.kind === 'cycles') {
      run.cycles.push(...data.cycles);
      run.samples.add(data.samples);
    } else if (data.kind === 'done') {
      run.result = data.result;
      run.lithium_mAh = data.lithium_mAh;
    } else if (data.kind === 'failed') run.problem = data.message;
    if (data.kind !== 'cycles') running.delete(data.id);
    onNews(run);
  };
  worker.onerror = (event): void => {
    // Some browsers forbid workers to pages that are opened as files.
    const message = `The browser could not run the simulation (${event.message || 'its worker did not start'}). Another browser, or "caldera dashboard", can.`;
    for (const { run, onNews } of running.values()) {
      run.problem = message;
      onNews(run);
    }
    running.clear();
  };
  const question = <T>(what: Omit<Ask, 'id'>, read: (told: Told) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++;
      asked.set(id, (told) => {
        const found = read(told);
        if (found !== undefined) resolve(found);
        else reject(new Error(told.kind === 'failed' ? told.message : 'the worker answered something else'));
      });
      ask({ id, ...what });
    });
  return {
    start(settings, onNews) {
      const run: Run = { settings, cycles: [], samples: new Samples(), lithium_mAh: null, stopped: false };
      const id = next++;
      running.set(id, { run, onNews });
      ask({ id, options: optionsOf(settings) });
      return run;
    },
    stop(run) {
      run.stopped = true;
      for (const [id, one] of running) if (one.run === run) ask({ id });
    },
    faultsOf: (cell) => question({ faultsOf: cell }, (told) => (told.kind === 'faults' ? told.faults : undefined)),
    fault: (fault) => question({ fault }, (told) => (told.kind === 'fault' ? told.outcome : undefined)),
    close: () => worker.terminate(),
  };
}

/** A time series in columns that grow. */
class Samples {
  count = 0;
  private columns = Array.from({ length: Field.length }, () => new Float64Array(1024));

  add(rows: Float64Array): void {
    const more = rows.length / Field.length;
    if (this.count + more > this.columns[0]!.length) {
      const length = 2 ** Math.ceil(Math.log2(this.count + more));
      this.columns = this.columns.map((column) => {
        const larger = new Float64Array(length);
        larger.set(column);
        return larger;
      });
    }
    for (let k = 0; k < more; k++)
      for (let field = 0; field < Field.length; field++)
        this.columns[field]![this.count + k] = rows[k * Field.length + field]!;
    this.count += more;
  }

  column(field: Field): Float64Array {
    return this.columns[field]!.subarray(0, this.count);
  }

  /** Of the samples of a cycle, from and up to. */
  rangeOf(cycle: number): [number, number] {
    const cycles = this.column(Field.Cycle);
    return [lowerBound(cycles, cycle), lowerBound(cycles, cycle + 1)];
  }
}

function lowerBound(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
