/** What is known of one of the file's cycles. */
import { Estimated as Known, Why, whyText, type Estimates } from '../../firmware/estimate/estimates';
import type { Lithium } from '../results/types';
import type { EstimatedCycle, EstimatedQuantity } from './estimated';

const POOLS = {
  active: Known.Active_mAh,
  residual: Known.Residual_mAh,
  isolated: Known.Isolated_mAh,
  dead: Known.Dead_mAh,
  sei: Known.Sei_mAh,
} as const;

/** What a whole cycle ends with, and of that what the inventory of lithium tells. */
const INVENTORY = ['lambda_mAh', 'cathode_mAh', 'lithium_mAh'] as const;
const AT_THE_END: readonly EstimatedQuantity[] = [...INVENTORY, 'ce_pct', 'limitingCurrent_mA'];
/** A cell that is far from what the estimator was told can lead its filters astray. */
const NOT_A_NUMBER = 'the samples do not fit the cell at all';
const NO_DISCHARGE = 'no discharge in this cycle';

/** Gathers the estimates as the samples pass. */
export class CycleEstimate {
  /** Whole cycles that the estimator has found to end here. */
  private finished = 0;
  private valid_s = 0;
  private value_mVs = 0;
  private sigma_mVs = 0;
  private whyNot = NO_DISCHARGE;
  private known: Omit<EstimatedCycle, 'etaConc_mV' | 'etaConcSigma_mV'> = {
    lambda_mAh: null,
    lambdaSigma_mAh: null,
    cathode_mAh: null,
    lithium_mAh: noPools(),
    sigma_mAh: noPools(),
    ce_pct: null,
    limitingCurrent_mA: null,
    why: {},
  };

  /** `dt_s` seconds of the main discharge have passed. */
  discharged({ value, sigma, why }: Estimates, dt_s: number): void {
    if (why[Known.EtaConc_mV] !== Why.Valid) {
      this.whyNot = whyText(why[Known.EtaConc_mV]!);
      return;
    }
    if (!Number.isFinite(value[Known.EtaConc_mV]! + sigma[Known.EtaConc_mV]!)) {
      this.whyNot = NOT_A_NUMBER;
      return;
    }
    this.valid_s += dt_s;
    this.value_mVs += value[Known.EtaConc_mV]! * dt_s;
    this.sigma_mVs += sigma[Known.EtaConc_mV]! * dt_s;
  }

  /**
   * The estimator has closed a cycle; what it found before `since_ms` is not of this one.
   * @param noRest what lacks for the inventory, if anything does
   */
  close({ value, sigma, why, at_ms }: Estimates, since_ms: number, noRest: string | undefined): void {
    const reasons: EstimatedCycle['why'] = {};
    const inWords = (reason: Why, quantity: EstimatedQuantity): string => {
      const byRest = (reason === Why.NotYet || reason === Why.NoAnchor) && INVENTORY.some((what) => what === quantity);
      return (byRest ? noRest : undefined) ?? whyText(reason);
    };
    const amount = (what: Known, quantity: EstimatedQuantity, of = value): number | null => {
      const reason = why[what] !== Why.Valid ? why[what]! : at_ms[what]! > since_ms ? Why.Valid : Why.NotYet;
      if (reason === Why.Valid && Number.isFinite(of[what])) return of[what]!;
      reasons[quantity] = reason === Why.Valid ? NOT_A_NUMBER : inWords(reason, quantity);
      return null;
    };
    const pools = (of: Float64Array): Lithium<number | null> => ({
      active: amount(POOLS.active, 'lithium_mAh', of),
      residual: amount(POOLS.residual, 'lithium_mAh', of),
      isolated: amount(POOLS.isolated, 'lithium_mAh', of),
      dead: amount(POOLS.dead, 'lithium_mAh', of),
      sei: amount(POOLS.sei, 'lithium_mAh', of),
    });
    this.finished++;
    this.known = {
      lambda_mAh: amount(Known.Lambda_mAh, 'lambda_mAh'),
      lambdaSigma_mAh: amount(Known.Lambda_mAh, 'lambda_mAh', sigma),
      cathode_mAh: amount(Known.Cathode_mAh, 'cathode_mAh'),
      lithium_mAh: pools(value),
      sigma_mAh: pools(sigma),
      ce_pct: amount(Known.CoulombicEfficiency_pct, 'ce_pct'),
      limitingCurrent_mA: amount(Known.LimitingCurrent_mA, 'limitingCurrent_mA'),
      why: reasons,
    };
  }

  /** @param noCycle the reason where no whole cycle has ended */
  report(noCycle: string): EstimatedCycle & { finished: number } {
    const { valid_s, known, finished } = this;
    const why = finished > 0 ? known.why : Object.fromEntries(AT_THE_END.map((what) => [what, noCycle]));
    return {
      finished,
      etaConc_mV: valid_s > 0 ? this.value_mVs / valid_s : null,
      etaConcSigma_mV: valid_s > 0 ? this.sigma_mVs / valid_s : null,
      ...known,
      why: valid_s > 0 ? why : { etaConc_mV: this.whyNot, ...why },
    };
  }
}

const noPools = (): Lithium<null> => ({ active: null, residual: null, isolated: null, dead: null, sei: null });
