/** Columns of numbers that grow, the first of them the time [s since 1970], rising. NaN: not known. */
export class Series<Name extends string> {
  private columns: Float64Array[];
  length = 0;

  constructor(private readonly names: readonly Name[]) {
    this.columns = [...Array(names.length + 1)].map(() => new Float64Array(1024));
  }

  get lastTime_s(): number {
    return this.length === 0 ? -Infinity : this.time_s(this.length - 1);
  }

  time_s(row: number): number {
    return this.columns[0]![row]!;
  }

  /** Null: not known. */
  push(time_s: number, values: Readonly<Record<Name, number | null>>): void {
    this.grow();
    this.columns[0]![this.length] = time_s;
    this.names.forEach((name, k) => (this.columns[k + 1]![this.length] = values[name] ?? NaN));
    this.length++;
  }

  /** A row in which nothing is known: a line is interrupted there. */
  gap(time_s: number): void {
    this.grow();
    this.columns.forEach((column, k) => (column[this.length] = k === 0 ? time_s : NaN));
    this.length++;
  }

  /** Time and the named columns since a time; null: not known. */
  since(time_s: number, names: readonly Name[]): [number[], ...(number | null)[][]] {
    const begin = this.firstFrom(time_s);
    const column = (k: number): Float64Array => this.columns[k]!.subarray(begin, this.length);
    return [
      [...column(0)],
      ...names.map((name) =>
        Array.from(column(this.names.indexOf(name) + 1), (value) => (Number.isNaN(value) ? null : value)),
      ),
    ];
  }

  private firstFrom(time_s: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.columns[0]![middle]! < time_s) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    if (this.length < this.columns[0]!.length) return;
    this.columns = this.columns.map((column) => {
      const larger = new Float64Array(2 * column.length);
      larger.set(column);
      return larger;
    });
  }
}
