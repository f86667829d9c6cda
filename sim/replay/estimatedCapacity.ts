import type { CellProfile } from '../profiles/profile';

/** A profile with its area and the recorded cell are not the same when their charges differ by more than this part. */
const mismatch = 0.3;

/** Nominal capacity of a cell of this profile and area. */
export const capacityOf_mAh = ({ parameters, area_cm2 }: CellProfile): number => parameters.Qn * area_cm2;

/** The largest charge that has passed in one direction without any in the other. */
export class LargestCharge {
  private largest_mAh = 0;
  private run_mAh = 0;

  /** @param charge_mAh discharge positive */
  add(charge_mAh: number): void {
    if (charge_mAh * this.run_mAh < 0) this.run_mAh = 0;
    this.run_mAh += charge_mAh;
    this.largest_mAh = Math.max(this.largest_mAh, Math.abs(this.run_mAh));
  }

  /** One line when it does not fit the cell. */
  warnings(profile: CellProfile): string[] {
    const { largest_mAh } = this;
    const { name, area_cm2 } = profile;
    const capacity_mAh = capacityOf_mAh(profile);
    if (Math.abs(largest_mAh / capacity_mAh - 1) <= mismatch) return [];
    const fitting_cm2 = rounded((area_cm2 * largest_mAh) / capacity_mAh, 3);
    return [
      `wrong cell or area: the largest charge is ${rounded(largest_mAh, 4)} mAh, ${name} of ${area_cm2} cm2 has ` +
        `${rounded(capacity_mAh, 4)} mAh; its estimates say nothing of this cell` +
        (largest_mAh > 0 ? `; --area ${fitting_cm2} would fit` : ''),
    ];
  }
}

/** Never as a power of ten. */
const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));
