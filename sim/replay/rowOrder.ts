import { InputError } from '../errors';
import { type Rows, emptyRows, pickRows } from './rows';

/** Rows may stand this many rows from their place. */
export const window_rows = 16_384;

/**
 * Brings rows into the order of their record numbers or, in a file without those, of their times. It holds one block of rows
 * and looks at the next: blocks that are in order pass as they are.
 */
export class RowOrder {
  /** In how many places the file breaks the order. */
  places = 0;
  private held: Rows | undefined;
  private lastRead = -Infinity;
  private lastGiven = -Infinity;

  /** @param key the column that gives the order; `title` is its name in the file */
  constructor(
    private readonly path: string,
    private readonly key: 'record' | 'time_s',
    private readonly title: string,
  ) {}

  /**
   * Takes the next rows of the file; gives those whose place is certain.
   * @throws InputError when a row is farther from its place than the window, or the times begin anew
   */
  add(next: Rows): Rows | undefined {
    const falls = this.fallsIn(next);
    this.places += falls;
    const { held } = this;
    if (held && falls === 0 && !(next[this.key][0]! < held[this.key][held.length - 1]!)) {
      this.held = next;
      return this.given(held);
    }
    const all = this.inOrder(held ?? emptyRows(0), next);
    const settled = held ? all.slice(0, held.length) : new Uint32Array();
    const rows = held && pickRows(held, next, settled);
    this.held = pickRows(held ?? emptyRows(0), next, all.slice(settled.length));
    return rows && this.given(rows);
  }

  flush(): Rows | undefined {
    return this.held && this.given(this.held);
  }

  private fallsIn(rows: Rows): number {
    const keys = rows[this.key];
    let falls = 0;
    for (let row = 0; row < rows.length; row++) {
      if (keys[row]! < this.lastRead) falls++;
      this.lastRead = keys[row]!;
    }
    return falls;
  }

  private inOrder(held: Rows, next: Rows): Uint32Array {
    const keyOf = (row: number): number =>
      row < held.length ? held[this.key][row]! : next[this.key][row - held.length]!;
    const order = Uint32Array.from({ length: held.length + next.length }, (_, row) => row);
    order.sort((a, b) => keyOf(a) - keyOf(b) || a - b);
    if (this.key === 'time_s') this.refuseBrokenClock(order, held, next);
    return order;
  }

  /**
   * Time alone can mislead. A group of rows that stands elsewhere is sewn in with three seams, and the current jumps no more than
   * before. But a clock that began anew leaves a seam at every row, and rows whose time is wrong end up amid another step.
   */
  private refuseBrokenClock(order: Uint32Array, held: Rows, next: Rows): void {
    const from = (name: 'time_s' | 'current_A' | 'line', row: number): number =>
      row < held.length ? held[name][row]! : next[name][row - held.length]!;
    const jump_A = (row: number, before: number): number =>
      Math.abs(from('current_A', row) - from('current_A', before));
    let [falls, seams, moreJumps_A, largest_A] = [0, 0, 0, 0];
    let firstFall = 0;
    for (let i = 1; i < order.length; i++) {
      if (order[i] !== order[i - 1]! + 1) seams++;
      if (from('time_s', i) < from('time_s', i - 1)) [falls, firstFall] = [falls + 1, firstFall || i];
      moreJumps_A += jump_A(order[i]!, order[i - 1]!) - jump_A(i, i - 1);
      largest_A = Math.max(largest_A, Math.abs(from('current_A', i)));
    }
    if (seams <= 3 * falls + 3 && moreJumps_A <= largest_A) return;
    const [before_s, time_s] = [from('time_s', firstFall - 1), from('time_s', firstFall)];
    throw this.refusal(from('line', firstFall), time_s, before_s, 'time that does not begin anew');
  }

  private given(rows: Rows): Rows {
    const keys = rows[this.key];
    if (keys[0]! < this.lastGiven)
      throw this.refusal(rows.line[0]!, keys[0]!, this.lastGiven, `rows at most ${window_rows} rows from their place`);
    this.lastGiven = keys[rows.length - 1]!;
    return rows;
  }

  private refusal(line: number, value: number, before: number, allowed: string): InputError {
    return new InputError(
      `${this.path}: line ${line}, column ${this.title}: ${value} after ${before}; allowed: ${allowed}`,
    );
  }
}
