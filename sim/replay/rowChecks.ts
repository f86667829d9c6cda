import { InputError } from '../errors';
import { type Rows, emptyRows, pickRows } from './rows';

/** Leaves out rows that are there twice, and refuses time that runs back. */
export class RowChecks {
  repeated = 0;
  /** The last row of the block before. */
  private last = emptyRows(0);

  constructor(
    private readonly path: string,
    /** Title of the time column. */
    private readonly title: string,
  ) {}

  /** @throws InputError when time runs back */
  apply(rows: Rows): Rows {
    const kept: number[] = [];
    for (let row = 0; row < rows.length; row++) {
      const [before, at] = row > 0 ? [rows, row - 1] : [this.last, 0];
      if (before.length > 0) {
        if (rows.time_s[row]! < before.time_s[at]!) throw this.runsBack(rows, row, before.time_s[at]!);
        if (isSame(rows, row, before, at)) continue;
      }
      kept.push(row);
    }
    if (rows.length > 0) this.last = pickRows(rows, rows, [rows.length - 1]);
    this.repeated += rows.length - kept.length;
    return kept.length === rows.length ? rows : pickRows(rows, rows, kept);
  }

  private runsBack(rows: Rows, row: number, before_s: number): InputError {
    return new InputError(
      `${this.path}: line ${rows.line[row]}, column ${this.title}: ${rows.time_s[row]} s after ${before_s} s; ` +
        'allowed: time that does not run back',
    );
  }
}

/** Rows that follow each other in time order are the same when nothing that is read tells them apart. */
function isSame(a: Rows, i: number, b: Rows, j: number): boolean {
  return (
    a.time_s[i] === b.time_s[j] &&
    a.voltage_V[i] === b.voltage_V[j] &&
    a.current_A[i] === b.current_A[j] &&
    a.step[i] === b.step[j] &&
    a.cycle[i] === b.cycle[j] &&
    Object.is(a.stepTime_s[i], b.stepTime_s[j]) &&
    Object.is(a.record[i], b.record[j])
  );
}
