/** How old something is that another clock has dated: only differences of either clock are used. */
export class Age {
  /** A moment by the other clock, and the same moment by this machine's two. */
  private at_ms = NaN;
  private steady_ms = 0;
  private wall_ms = 0;

  /** It is `other_ms` now by the clock that dates. */
  now(other_ms: number): void {
    this.at_ms = other_ms;
    this.steady_ms = performance.now();
    this.wall_ms = Date.now();
  }

  /** Infinity before the first. The steady clock may stand while the machine sleeps; then the wall clock tells. */
  of(dated_ms: number): number {
    return Number.isNaN(this.at_ms) ? Infinity : Math.max(0, this.other_ms() - dated_ms);
  }

  /** What the clock that dates shows now; NaN before it was told. */
  other_ms(): number {
    return this.at_ms + Math.max(performance.now() - this.steady_ms, Date.now() - this.wall_ms);
  }
}
