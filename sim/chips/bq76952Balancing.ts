/**
 * Balancing of the TI BQ76952 by command (technical reference manual SLUUBY2B, section 10): a cell is drained through its two input
 * resistors and a switch, less the time in which it or a neighbour is measured. Left out: autonomous balancing, and that neighbours
 * balanced together share a resistor.
 */
import type { Bq76952Errors, Bq76952Measure } from './bq76952Measure';
import type { Bq76952Memory } from './bq76952Memory';
import { COV, type Bq76952Protections } from './bq76952Protections';

const NO_COMMANDS = 0x10;

export class Bq76952Balancing {
  /** Inputs that are drained. */
  active = 0;
  /** Since the last command [s]. */
  active_s = 0;
  /** Mean current in the last run [A], lowest cell first. */
  readonly mean_A: Float64Array;
  private asked = 0;

  constructor(
    private readonly memory: Bq76952Memory,
    private readonly measure: Bq76952Measure,
    private readonly protections: Bq76952Protections,
    private readonly errors: Bq76952Errors,
  ) {
    this.mean_A = new Float64Array(measure.inputs.length);
  }

  stop(): void {
    this.ask(0);
  }

  /** CB_ACTIVE_CELLS: takes effect within a second; nothing, at once. */
  ask(inputs: number): void {
    this.asked = this.memory.get(0x9335) & NO_COMMANDS ? 0 : inputs;
    this.active_s = 0;
    if (this.asked === 0) this.active = 0;
    this.protections.balancing = this.active !== 0;
  }

  /** Once a second: the look at the cells that the comparators do not take meanwhile, and whether it may go on. */
  tick(): void {
    const { memory, protections } = this;
    const { sensed } = this.measure;
    if (this.active !== 0) this.active_s += 1;
    const tooHot = sensed.die_C > memory.get(0x9338) || sensed.hottest_C > memory.get(0x9337);
    const tooCold = sensed.coldest_C < memory.get(0x9336);
    const fault = (protections.alert & 0xff) !== 0 || (protections.status & 0xff & ~COV) !== 0;
    if (this.active_s >= memory.get(0x9339) || tooHot || tooCold || fault || protections.cellAlert(sensed))
      this.asked = 0;
    this.active = this.asked;
    protections.balancing = this.active !== 0;
  }

  drain(dt_s: number, cells_V: Float64Array): void {
    if (this.active === 0) return;
    const { inputs, balanceDuty } = this.measure;
    const perVolt = balanceDuty / (2 * this.errors.input_ohm + this.errors.balanceSwitch_ohm);
    for (let k = 0; k < inputs.length; k++)
      if ((this.active >> inputs[k]!) & 1) this.mean_A[k]! += cells_V[k]! * perVolt * dt_s;
  }
}
