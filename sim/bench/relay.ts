/** The contact of a relay: follows its coil after a time, the same both ways. Bounce is left out: it lies within that time. */
export class RelayContact {
  private closed = false;
  private target = false;
  private at_ms = -Infinity;

  constructor(private readonly time_ms: number) {}

  /** @param coil whether current flows in it from now on @returns whether the contact is closed now */
  follow(coil: boolean, now_ms: number): boolean {
    if (coil !== this.target) {
      this.target = coil;
      this.at_ms = now_ms + this.time_ms;
    }
    if (now_ms >= this.at_ms) this.closed = this.target;
    return this.closed;
  }

  /** Until the contact moves, unless the coil changes before; Infinity: it stays. */
  left_ms(now_ms: number): number {
    return this.closed === this.target ? Infinity : this.at_ms - now_ms;
  }
}
