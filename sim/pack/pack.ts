/**
 * A pack: groups in series, each of cells in parallel. All groups carry the pack's current; within a group it is shared by
 * solving for it (see `group.ts`). Every cell is a model of its own with its own area, connection and temperature.
 */
import { InputError } from '../errors';
import { Group, type PackCell, type PackCellOptions } from './group';

export class Pack {
  /** From the negative to the positive end of the pack. */
  readonly groups: readonly Group[];
  /** All cells, group after group. */
  readonly cells: readonly PackCell[];
  /** Current of 1C [A]: that of the weakest group, by nominal capacity and area. */
  readonly nominal_A: number;
  /** Current of the last step [A], discharge positive. */
  current_A = 0;
  private beforeCurrent_A = 0;

  /** @param groups at least one, each of at least one cell. @throws InputError */
  constructor(groups: readonly (readonly PackCellOptions[])[]) {
    if (groups.length === 0) throw new InputError('groups of a pack is 0 (count); allowed: 1 or more');
    this.groups = groups.map((cells) => new Group(cells));
    this.cells = this.groups.flatMap((group) => group.cells);
    const sums_A = this.groups.map((group) => group.cells.reduce((sum_A, cell) => sum_A + cell.nominal_A, 0));
    this.nominal_A = Math.min(...sums_A);
  }

  /** Voltage of the pack: the sum of its groups'. */
  get voltage_V(): number {
    let sum_V = 0;
    for (const group of this.groups) sum_V += group.voltage_V;
    return sum_V;
  }

  /** Largest difference within any group between a cell's voltage at the node and the group's, after the last step. */
  get residual_V(): number {
    let largest_V = 0;
    for (const group of this.groups) largest_V = Math.max(largest_V, group.residual_V);
    return largest_V;
  }

  /**
   * Carries all cells through `dt_s` [s], above 0, at the pack's current [A, discharge positive; 0: the pack rests, while its cells
   * may still even each other out]. @throws InputError for a current or a time that is no number
   */
  step(current_A: number, dt_s: number): void {
    if (!Number.isFinite(current_A))
      throw new InputError(`current of the pack is ${current_A} A; allowed: a finite number`);
    if (!(dt_s > 0 && dt_s < Infinity)) throw new InputError(`time step of the pack is ${dt_s} s; allowed: above 0`);
    this.beforeCurrent_A = this.current_A;
    this.current_A = current_A;
    for (const group of this.groups) group.step(current_A, dt_s);
  }

  /** Takes the last step back; once only. */
  undo(): void {
    this.current_A = this.beforeCurrent_A;
    for (const group of this.groups) group.undo();
  }
}
