/** One line of the benchmarks. */
export interface Row {
  what: string;
  /** How much of it a second, or its size. */
  value: string;
  /** Cost in Leibniz steps of the same process; null where it is not a cost in time. */
  leibniz: number | null;
  target: string;
}
