/**
 * Cells in parallel. What a current I is shared into is solved for, not assumed: every cell's own current is such that all of
 * them end a time step at one voltage of the group,
 *
 *     V_k(I_k) - I_k R_k = V   for every cell k,   sum of I_k = I,
 *
 * where V_k(I_k) is the terminal voltage that the cell's model gives after the whole step at I_k, and R_k the resistance of its
 * tab, weld and busbar. V_k falls when I_k rises, so there is one solution. Two methods find it: a secant step for all cells at
 * once, from the currents of the last step, which nearly always does; and nested bisection, which cannot fail on falling curves.
 */
import type { Plant } from '../cell/plant';
import { InputError } from '../errors';

export interface PackCellOptions {
  plant: Plant;
  /** Area, and with it capacity, as a multiple of the plant's own; above 0. */
  areaScale?: number;
  /** Resistance of tab, weld and busbar between the cell and the group's node [ohm]; 0 or more. */
  resistance_ohm?: number;
}

export class PackCell {
  readonly plant: Plant;
  readonly area_cm2: number;
  readonly resistance_ohm: number;

  /** @throws InputError for an area or a resistance that cannot be */
  constructor({ plant, areaScale = 1, resistance_ohm = 0 }: PackCellOptions) {
    if (!(areaScale > 0 && areaScale < Infinity))
      throw new InputError(`areaScale is ${areaScale} (no unit); allowed: above 0`);
    if (!(resistance_ohm >= 0 && resistance_ohm < Infinity))
      throw new InputError(`resistance_ohm is ${resistance_ohm} ohm; allowed: 0 or more`);
    this.plant = plant;
    this.area_cm2 = plant.area_cm2 * areaScale;
    this.resistance_ohm = resistance_ohm;
  }

  /** Current of 1C [A], by the cell's own area. */
  get nominal_A(): number {
    return (this.plant.nominal_mAh_cm2 * this.area_cm2) / 1000;
  }
}

/** Terminal voltages of a group agree to this; cells under test are not measured better than to ten times as much. */
const TOLERANCE_V = 1e-5;
const SECANT_STEPS = 8;
/** First guess of how a cell's voltage falls with its current density: only the speed of the first solution depends on it. */
const GUESSED_OHM_CM2 = 20;
/** Bisection looks for a cell's current within this multiple of 1C around the last trial. */
const WIDEST_C = 1000;
const FIRST_WIDENING_C = 0.05;
const BISECTIONS = 80;
/** A current below this is none: far below what rounding leaves of the group's. */
const LEAST_C = 1e-15;

export class Group {
  readonly cells: readonly PackCell[];
  /** Current of every cell over the last step [A], discharge positive. They add up to the group's. */
  readonly current_A: Float64Array;
  voltage_V: number;
  /** Largest difference between a cell's voltage at the node and the group's after the last step. */
  residual_V = 0;
  /** Steps so far that the secant did not solve. */
  bisected = 0;
  /** Cut-offs that spare every cell of the group. */
  readonly chargeCutoff_V: number;
  readonly dischargeCutoff_V: number;

  /** The cells before the last step. */
  private readonly before: readonly Plant[];
  private readonly beforeCurrent_A: Float64Array;
  private beforeVoltage_V: number;
  private beforeResidual_V = 0;
  /** Of the last trial: every cell's voltage at the node, and how it falls with the cell's current, both kept between steps. */
  private readonly node_V: Float64Array;
  private readonly slope_ohm: Float64Array;
  /** Brackets of the bisection: currents at the upper and at the lower end of the bracket of the group's voltage. */
  private readonly least_A: Float64Array;
  private readonly most_A: Float64Array;
  private readonly middle_A: Float64Array;

  /** @param cells at least one */
  constructor(cells: readonly PackCellOptions[]) {
    if (cells.length === 0) throw new InputError('cells of a group is 0 (count); allowed: 1 or more');
    this.cells = cells.map((options) => new PackCell(options));
    const profiles = this.cells.map((cell) => cell.plant.profile);
    if (profiles.some((profile) => profile.kind !== 'full'))
      throw new InputError('cell of a pack is of kind "half"; allowed: "full"');
    this.chargeCutoff_V = Math.min(...profiles.map((profile) => profile.chargeCutoff_V));
    this.dischargeCutoff_V = Math.max(...profiles.map((profile) => profile.dischargeCutoff_V));
    this.before = this.cells.map((cell) => cell.plant.clone());
    const numbers = (): Float64Array => new Float64Array(this.cells.length);
    this.current_A = numbers();
    this.beforeCurrent_A = numbers();
    this.node_V = numbers();
    this.slope_ohm = numbers();
    this.least_A = numbers();
    this.most_A = numbers();
    this.middle_A = numbers();
    this.cells.forEach((cell, k) => {
      this.slope_ohm[k] = GUESSED_OHM_CM2 / cell.area_cm2 + cell.resistance_ohm;
      this.node_V[k] = cell.plant.voltage_V;
    });
    this.voltage_V = this.beforeVoltage_V = this.meanVoltage();
  }

  /** Carries all cells through `dt_s` [s] at the group's current [A, discharge positive]. */
  step(current_A: number, dt_s: number): void {
    this.remember();
    if (this.cells.length === 1) {
      this.trial(0, current_A, dt_s);
    } else {
      this.guess(current_A);
      this.trialAll(dt_s);
      this.share(current_A, dt_s);
    }
    this.voltage_V = this.meanVoltage();
    this.residual_V = this.spread();
  }

  /** Takes the last step back; once only. */
  undo(): void {
    for (let k = 0; k < this.cells.length; k++) this.cells[k]!.plant.copyFrom(this.before[k]!);
    this.current_A.set(this.beforeCurrent_A);
    this.voltage_V = this.beforeVoltage_V;
    this.residual_V = this.beforeResidual_V;
  }

  private remember(): void {
    for (let k = 0; k < this.cells.length; k++) this.before[k]!.copyFrom(this.cells[k]!.plant);
    this.beforeCurrent_A.set(this.current_A);
    this.beforeVoltage_V = this.voltage_V;
    this.beforeResidual_V = this.residual_V;
  }

  /**
   * The currents of the last step, a change of the group's current shared by conductance. Without current, none at all first: where
   * that is a solution, the cells rest too.
   */
  private guess(current_A: number): void {
    if (current_A === 0) this.current_A.fill(0);
    else this.shareDifference(current_A);
  }

  private shareDifference(current_A: number): void {
    let sum_A = 0;
    let conductance_S = 0;
    for (let k = 0; k < this.cells.length; k++) {
      sum_A += this.current_A[k]!;
      conductance_S += 1 / this.slope_ohm[k]!;
    }
    const difference_V = (current_A - sum_A) / conductance_S;
    for (let k = 0; k < this.cells.length; k++) this.current_A[k]! += difference_V / this.slope_ohm[k]!;
  }

  private share(current_A: number, dt_s: number): void {
    for (let n = 0; n < SECANT_STEPS && this.spread() > TOLERANCE_V; n++) {
      const first_V = this.node_V[0]!;
      const mean_V = this.meanOffset_V();
      for (let k = 0; k < this.cells.length; k++) {
        const from_A = this.current_A[k]!;
        const from_V = this.node_V[k]!;
        const to_A = from_A + (from_V - first_V - mean_V) / this.slope_ohm[k]!;
        if (to_A === from_A) continue;
        this.restore(k);
        this.trial(k, to_A, dt_s);
        const slope_ohm = (from_V - this.node_V[k]!) / (to_A - from_A);
        if (slope_ohm > 0 && slope_ohm < Infinity) this.slope_ohm[k] = slope_ohm;
      }
    }
    if (this.spread() <= TOLERANCE_V) return;
    this.bisected++;
    this.bisect(current_A, dt_s);
  }

  /**
   * The group's voltage lies between the least and the largest voltage of any trial whose currents add up to the group's: above
   * all of them, every cell would give less than it did. Halving that range, with every cell's own current bracketed too.
   */
  private bisect(current_A: number, dt_s: number): void {
    const { least_A, most_A, middle_A } = this;
    // Secant steps may have wandered far off; equal current densities are a safer place to start.
    this.current_A.fill(0);
    this.evenly(current_A);
    this.restoreAll();
    this.trialAll(dt_s);
    let low_V = Infinity;
    let high_V = -Infinity;
    for (let k = 0; k < this.cells.length; k++) {
      low_V = Math.min(low_V, this.node_V[k]!);
      high_V = Math.max(high_V, this.node_V[k]!);
    }
    for (let k = 0; k < this.cells.length; k++) {
      const start_A = this.current_A[k]!;
      least_A[k] = this.currentAt(k, high_V, this.widen(k, start_A, -1, high_V, dt_s), start_A, dt_s);
      most_A[k] = this.currentAt(k, low_V, start_A, this.widen(k, start_A, 1, low_V, dt_s), dt_s);
    }
    for (let n = 0; n < BISECTIONS && high_V - low_V > TOLERANCE_V / 4; n++) {
      const middle_V = (low_V + high_V) / 2;
      let sum_A = 0;
      for (let k = 0; k < this.cells.length; k++)
        sum_A += middle_A[k] = this.currentAt(k, middle_V, least_A[k]!, most_A[k]!, dt_s);
      if (sum_A > current_A) {
        low_V = middle_V;
        most_A.set(middle_A);
      } else {
        high_V = middle_V;
        least_A.set(middle_A);
      }
    }
    this.between(current_A);
    this.restoreAll();
    this.trialAll(dt_s);
    this.block((low_V + high_V) / 2, dt_s);
  }

  /**
   * Bare copper takes no lithium below the nucleation overpotential: between its voltage at rest and its voltage at the least charge,
   * a cell carries no current, and its terminals are at the group's voltage, whatever that is.
   */
  private block(voltage_V: number, dt_s: number): void {
    for (let k = 0; k < this.cells.length; k++) {
      const least_A = LEAST_C * this.cells[k]!.nominal_A;
      if (Math.abs(this.current_A[k]!) > least_A) continue;
      const charging_V = this.voltageAt(k, -least_A, dt_s);
      this.restore(k);
      this.trial(k, 0, dt_s);
      if (this.node_V[k]! < voltage_V && voltage_V < charging_V) this.node_V[k] = voltage_V;
    }
  }

  /** Sets the currents between the brackets' ends so that they add up to the group's. */
  private between(current_A: number): void {
    let least_A = 0;
    let most_A = 0;
    for (let k = 0; k < this.cells.length; k++) {
      least_A += this.least_A[k]!;
      most_A += this.most_A[k]!;
    }
    const part = most_A > least_A ? (current_A - least_A) / (most_A - least_A) : 0;
    for (let k = 0; k < this.cells.length; k++)
      this.current_A[k] = this.least_A[k]! + part * (this.most_A[k]! - this.least_A[k]!);
    this.evenly(current_A);
  }

  /** Adds what is missing to the group's current by area. */
  private evenly(current_A: number): void {
    let sum_A = 0;
    let area_cm2 = 0;
    for (let k = 0; k < this.cells.length; k++) {
      sum_A += this.current_A[k]!;
      area_cm2 += this.cells[k]!.area_cm2;
    }
    for (let k = 0; k < this.cells.length; k++)
      this.current_A[k]! += ((current_A - sum_A) * this.cells[k]!.area_cm2) / area_cm2;
  }

  /** A current of cell `k` in `direction` from `start_A` that takes its voltage to `until_V` or beyond. */
  private widen(k: number, start_A: number, direction: 1 | -1, until_V: number, dt_s: number): number {
    if ((this.node_V[k]! - until_V) * direction <= 0) return start_A;
    const { nominal_A } = this.cells[k]!;
    for (let width_C = FIRST_WIDENING_C; width_C < WIDEST_C; width_C *= 2) {
      const tried_A = start_A + direction * width_C * nominal_A;
      if ((this.voltageAt(k, tried_A, dt_s) - until_V) * direction <= 0) return tried_A;
    }
    return start_A + direction * WIDEST_C * nominal_A;
  }

  private currentAt(k: number, voltage_V: number, least_A: number, most_A: number, dt_s: number): number {
    let low_A = least_A;
    let high_A = most_A;
    for (let n = 0; n < BISECTIONS; n++) {
      const middle_A = (low_A + high_A) / 2;
      if (middle_A === low_A || middle_A === high_A) break;
      const difference_V = this.voltageAt(k, middle_A, dt_s) - voltage_V;
      if (Math.abs(difference_V) < TOLERANCE_V / 100) return middle_A;
      if (difference_V > 0) low_A = middle_A;
      else high_A = middle_A;
    }
    return (low_A + high_A) / 2;
  }

  /** Voltage of cell `k` at the node after a step at `current_A`; the cell itself is left as it was before the step. */
  private voltageAt(k: number, current_A: number, dt_s: number): number {
    const cell = this.cells[k]!;
    this.restore(k);
    cell.plant.step((1000 * current_A) / cell.area_cm2, dt_s);
    return cell.plant.voltage_V - current_A * cell.resistance_ohm;
  }

  /** The step of one cell from the state before it. */
  private trial(k: number, current_A: number, dt_s: number): void {
    const cell = this.cells[k]!;
    cell.plant.step((1000 * current_A) / cell.area_cm2, dt_s);
    this.current_A[k] = current_A;
    this.node_V[k] = cell.plant.voltage_V - current_A * cell.resistance_ohm;
  }

  private trialAll(dt_s: number): void {
    for (let k = 0; k < this.cells.length; k++) this.trial(k, this.current_A[k]!, dt_s);
  }

  private restore(k: number): void {
    this.cells[k]!.plant.copyFrom(this.before[k]!);
  }

  private restoreAll(): void {
    for (let k = 0; k < this.cells.length; k++) this.restore(k);
  }

  private meanVoltage(): number {
    return this.node_V[0]! + this.meanOffset_V();
  }

  /**
   * Mean by conductance of the cells' voltages at the node, where a secant step leads all of them: as a difference from the
   * first cell's, so that equal cells stay equal and the currents' sum keeps its last digits.
   */
  private meanOffset_V(): number {
    const first_V = this.node_V[0]!;
    let sum_A = 0;
    let conductance_S = 0;
    for (let k = 0; k < this.cells.length; k++) {
      sum_A += (this.node_V[k]! - first_V) / this.slope_ohm[k]!;
      conductance_S += 1 / this.slope_ohm[k]!;
    }
    return sum_A / conductance_S;
  }

  private spread(): number {
    const mean_V = this.meanVoltage();
    let spread_V = 0;
    for (let k = 0; k < this.cells.length; k++) spread_V = Math.max(spread_V, Math.abs(this.node_V[k]! - mean_V));
    return spread_V;
  }
}
