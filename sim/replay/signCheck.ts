import type { StepKind } from './steps';

/** Less is noise, or a charge at constant voltage. */
const smallest_V = 0.005;
/** The charge that goes with a voltage that moves the wrong way is this many times the other: half cells that plate may have some. */
const manyTimes = 4;

/** Whether the voltage goes with the sign of the current: up in a charge, down in a discharge. */
export class SignCheck {
  private with_mAh = 0;
  private against_mAh = 0;

  /** A step: the charge that passed and by how much the voltage rose, both while current flowed. */
  add(kind: StepKind, charge_mAh: number, rise_V: number): void {
    if (kind === 'rest' || !(Math.abs(rise_V) > smallest_V)) return;
    if (rise_V > 0 === (kind === 'charge')) this.with_mAh += charge_mAh;
    else this.against_mAh += charge_mAh;
  }

  /** One line when it goes against it over most of the charge. */
  warnings(format: string): string[] {
    if (this.against_mAh <= manyTimes * this.with_mAh) return [];
    return [
      `voltage falls while this file's current counts as charge, or rises while it counts as discharge: is its sign the other way? ` +
        `${format} has charge positive`,
    ];
  }
}
