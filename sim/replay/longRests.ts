import { ANCHOR_S } from '../../firmware/estimate/cycle';
import { Phase } from '../../firmware/estimate/estimator';

/** How long the last rests after a charge and after a discharge were, which the lithium inventory needs: interrupts are none of them. */
export class LongRests {
  private rest_s = 0;
  private before = Phase.Rest;
  private readonly after_s = { charge: 0, discharge: 0 };

  look(phase: Phase, dt_s: number): void {
    if (phase === Phase.Rest) this.rest_s += dt_s;
    else {
      if (phase !== this.before) this.keep();
      this.before = phase;
      this.rest_s = 0;
    }
  }

  /** Why the inventory lacks; undefined when both rests were long enough. */
  whyNot(): string | undefined {
    if (this.before === Phase.Discharge) this.keep();
    const short = (['charge', 'discharge'] as const).filter((after) => this.after_s[after] < ANCHOR_S);
    return short.length > 0 ? `no rest of at least ${ANCHOR_S} s after the ${short.join(' and the ')}` : undefined;
  }

  private keep(): void {
    if (this.before === Phase.Charge) this.after_s.charge = this.rest_s;
    if (this.before === Phase.Discharge) this.after_s.discharge = this.rest_s;
  }
}
