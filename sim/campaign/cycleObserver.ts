/** What a firmware's cycle yields, as seen from outside: the model's truth beside what the firmware made of it. */
import type { Estimator } from '../../firmware/estimate/estimator';
import { Estimated as Known, Why } from '../../firmware/estimate/estimates';
import { Wait, type Run } from '../../firmware/protocol/protocol';
import { Steered, StepKind } from '../../firmware/protocol/step';
import { actionText } from '../../firmware/steer/explain';
import { Steer, type Steering } from '../../firmware/steer/steering';
import type { Plant } from '../cell/plant';
import { checkup_mAh, lithium_mAh, type Decided, type Estimated, type Observation } from './cyclingRun';

/** Those parts of the firmware that are looked at. */
export interface Observed {
  readonly run: Run;
  readonly estimator: Estimator | undefined;
  readonly steering: Steering | undefined;
}

export class CycleObserver {
  private index = 0;
  private discharge_Wh = 0;
  private discharge_s = 0;
  private recovery_s = 0;
  private etaConc_Vs = 0;
  /** Over the seconds of the discharge in which the firmware's estimate was valid. */
  private known_s = 0;
  private known_mVs = 0;
  private then_mVs = 0;
  private checkup_mAh = 0;
  private rate_mA = 0;
  private action = '';
  private decided: Decided | undefined;
  private lithium = { active: 0, residual: 0, isolated: 0, dead: 0, sei: 0 };

  /** @param mainFrom index of the protocol's first step after formation */
  constructor(
    private readonly cell: Plant,
    private readonly firmware: Observed,
    private readonly mainFrom: number,
  ) {}

  /** After a tick: `current_A` has flowed for `dt_s`. @returns whether the protocol is in another step than before */
  tick(current_A: number, dt_s: number): boolean {
    const { cell } = this;
    const { run } = this.firmware;
    const step = run.steps[this.index];
    // What a slow strip wins back is no part of the discharge.
    if (current_A > 0 && step?.kind === StepKind.Discharge) {
      this.discharge_Wh += (current_A * cell.voltage_V * dt_s) / 3600;
      this.etaConc_Vs += cell.etaConc_V * dt_s;
      this.discharge_s += dt_s;
      this.compare(dt_s);
    }
    if (step?.steer === Steered.Tail || step?.steer === Steered.Rest) this.recovery_s += dt_s;
    // A step that waits has not begun, and its rate may not be set yet.
    if (run.index === this.index || run.waits !== Wait.Nothing) return false;
    this.stepChanged();
    return true;
  }

  private compare(dt_s: number): void {
    const known = this.firmware.estimator?.known;
    if (known === undefined || known.why[Known.EtaConc_mV] !== Why.Valid) return;
    this.known_s += dt_s;
    this.known_mVs += known.value[Known.EtaConc_mV]! * dt_s;
    this.then_mVs += this.cell.etaConc_V * 1000 * dt_s;
  }

  private stepChanged(): void {
    const { run, steering } = this.firmware;
    if (run.steps[this.index]?.kind === StepKind.Discharge) this.lithium = lithium_mAh(this.cell);
    this.index = run.index;
    const step = run.steps[this.index];
    if (step?.kind !== StepKind.Discharge || this.index < this.mainFrom) return;
    this.checkup_mAh = checkup_mAh(this.cell);
    this.rate_mA = step.current_mA;
    this.action = steering === undefined ? '' : actionText(steering);
    this.decided = steering && decidedBy(steering, this.cell.area_cm2);
    this.discharge_Wh = this.etaConc_Vs = this.discharge_s = this.recovery_s = 0;
    this.known_s = this.known_mVs = this.then_mVs = 0;
  }

  /** Of the cycle that has just been finished. */
  observation(): Observation {
    const { last } = this.firmware.run;
    const { cell } = this;
    return {
      charge_mAh: last.charge_mC / 3600,
      discharge_mAh: last.discharge_mC / 3600,
      strip_mAh: last.strip_mC / 3600,
      discharge_Wh: this.discharge_Wh,
      discharge_s: this.discharge_s,
      ...(this.firmware.steering && {
        rate_C: this.rate_mA / (cell.nominal_mAh_cm2 * cell.area_cm2),
        action: this.action,
        recovery_s: this.recovery_s,
        ...(this.decided && { decided: this.decided }),
      }),
      etaConc_mV: this.discharge_s > 0 ? (1000 * this.etaConc_Vs) / this.discharge_s : 0,
      lithium_mAh: this.lithium,
      checkup_mAh: this.checkup_mAh,
      ...(this.firmware.estimator && { estimated: this.estimated(this.firmware.estimator) }),
    };
  }

  private estimated({ known: { value, sigma, why } }: Estimator): Estimated {
    const amounts = (of: Float64Array): Estimated['lithium_mAh'] => {
      const valid = (what: Known): number | null => (why[what] === Why.Valid ? of[what]! : null);
      return {
        active: valid(Known.Active_mAh),
        residual: valid(Known.Residual_mAh),
        isolated: valid(Known.Isolated_mAh),
        dead: valid(Known.Dead_mAh),
        sei: valid(Known.Sei_mAh),
      };
    };
    const { known_s } = this;
    const lambda = why[Known.Lambda_mAh] === Why.Valid;
    return {
      lambda_mAh: lambda ? value[Known.Lambda_mAh]! : null,
      lambdaSigma_mAh: lambda ? sigma[Known.Lambda_mAh]! : null,
      etaConc_mV: known_s > 0 ? this.known_mVs / known_s : null,
      etaConcThen_mV: known_s > 0 ? this.then_mVs / known_s : null,
      lithium_mAh: amounts(value),
      sigma_mAh: amounts(sigma),
    };
  }
}

function decidedBy({ s, rate_mA }: Steering, area_cm2: number): Decided {
  const known = s[Steer.unknown] === 0 && s[Steer.limit]! > 0;
  const limit_mA = s[Steer.limit]! * s[Steer.warm]! * area_cm2;
  return {
    limitingCurrentEstimated_mA: known ? limit_mA : null,
    strippingNumber: known ? rate_mA / limit_mA : null,
    targetOfModel_pct: 100 * Math.exp(s[Steer.shift]!),
  };
}
