import type { Rows } from './rows';

/**
 * Gives currents our sign, block by block. Without a column that tells the direction, a file counts charge positive. With one, the
 * rows in a state of discharge tell: where their current is negative the file is signed, otherwise its currents are magnitudes and
 * the state gives the sign. A state that tells nothing (a closing row of a suspended test) keeps the direction of the row before.
 */
export class DischargePositive {
  private direction = -1;
  /** Sums of current by its sign, in all rows and in states of discharge. */
  private all = { negative_A: 0, positive_A: 0 };
  private discharging = { negative_A: 0, positive_A: 0 };
  /** Sum of the current in rows whose state tells nothing. */
  private untold_A = 0;

  /** @param directionTitle the column that tells the direction, where the file has one */
  constructor(private readonly directionTitle: string | undefined) {}

  apply({ length, current_A, direction }: Rows): void {
    for (let i = 0; i < length; i++) {
      const current = current_A[i]!;
      const state = direction[i]!;
      this.direction = state || this.direction;
      this.all[current < 0 ? 'negative_A' : 'positive_A'] += Math.abs(current);
      if (state === 0) this.untold_A += Math.abs(current);
      if (state > 0) this.discharging[current < 0 ? 'negative_A' : 'positive_A'] += Math.abs(current);
      const signed = this.directionTitle === undefined || this.discharging.negative_A > this.discharging.positive_A;
      const ours = signed || (state === 0 && current < 0) ? -current : this.direction * Math.abs(current);
      current_A[i] = ours === 0 ? 0 : ours;
    }
  }

  warnings(): string[] {
    const { negative_A, positive_A } = this.discharging;
    const unsigned = this.all.positive_A > 0 && this.all.negative_A === 0;
    if (this.directionTitle === undefined)
      return unsigned ? ['current is never negative and no column tells its direction: counted as charge'] : [];
    const column = `column ${this.directionTitle}`;
    if (Math.min(negative_A, positive_A) > 0.01 * Math.max(negative_A, positive_A))
      return [`${column} says discharge where the current has one sign and the other`];
    const untold_pct = (100 * this.untold_A) / this.all.positive_A;
    return unsigned && untold_pct > 1
      ? [
          `current is never negative, and for ${untold_pct.toFixed(0)} % of it ${column} says neither charge nor discharge: counted as in the row before, at the begin as charge`,
        ]
      : [];
  }
}
