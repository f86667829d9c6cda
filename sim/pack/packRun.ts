/**
 * Cycling a pack as its manager would: a charge ends when the first group reaches its cut-off voltage, a discharge likewise, so
 * that the weakest group ends both. Cut-offs are found to 0.1 mV or 1 ms.
 */
import { CYCLE_REST_S, PATIENCE } from '../campaign/cyclingRun';
import { InputError } from '../errors';
import type { Group } from './group';
import type { Pack } from './pack';
import { packTimeStep } from './timeStep';

export type Phase = 'charge' | 'rest' | 'discharge';

export interface PackRunOptions {
  /** Rates against the pack's nominal capacity, above 0. */
  charge_C: number;
  discharge_C: number;
  /** After every charge and every discharge; 300 s unless told. */
  rest_s?: number;
  /** Called at the begin of every phase and after every time step; what there is to see stands in `run` and `run.pack`. */
  onTimeStep?: (run: PackRun) => void;
  /** Divides every time step: 2 halves them, to see what is left of the step's length in a result. */
  refinement?: number;
}

/** How the pack stood when a charge or discharge ended. Groups and cells are counted from 0. */
export interface PhaseEnd {
  /** The group that reached its cut-off; -1: none did. */
  group: number;
  /** Its cell that had given way most: the one with the least current per area, the others carrying more; -1: none. */
  cell: number;
  /** Voltage of every group. */
  groupVoltage_V: number[];
  /** State of charge of every cell's cathode, group after group. */
  soc: number[];
  /** Current of every cell, group after group [A]. */
  cellCurrent_A: number[];
}

export interface PackPhase {
  time_s: number;
  /** Magnitudes, at the terminals of the pack. */
  charge_Ah: number;
  energy_Wh: number;
  end: PhaseEnd;
}

export interface PackCycle {
  n: number;
  charge: PackPhase;
  discharge: PackPhase;
}

const CUTOFF_V = 1e-4;
const CUTOFF_S = 1e-3;
/** Cells of a group that differ by more have not shared their current. */
const SHARED_V = 1e-4;

export class PackRun {
  /** The cycle and phase under way. */
  cycle = 0;
  phase: Phase = 'rest';
  /** Time and charge since the phase began; the charge is a magnitude. */
  phaseTime_s = 0;
  phaseCharge_Ah = 0;
  simulated_s = 0;
  /** Why no further cycle can come; undefined while one can. */
  stopped: string | undefined;
  private readonly rest_s: number;
  private readonly refinement: number;

  /** @throws InputError for rates or times that cannot be */
  constructor(
    readonly pack: Pack,
    private readonly options: PackRunOptions,
  ) {
    const { charge_C, discharge_C, rest_s = CYCLE_REST_S, refinement = 1 } = options;
    for (const [field, value] of [
      ['charge_C', charge_C],
      ['discharge_C', discharge_C],
    ] as const)
      if (!(value > 0 && value < Infinity)) throw new InputError(`${field} is ${value} C; allowed: above 0`);
    if (!(rest_s >= 0 && rest_s < Infinity)) throw new InputError(`rest_s is ${rest_s} s; allowed: 0 or more`);
    if (!(refinement > 0 && refinement < Infinity))
      throw new InputError(`refinement is ${refinement} (no unit); allowed: above 0`);
    this.rest_s = rest_s;
    this.refinement = refinement;
  }

  /**
   * One cycle: charge, rest, discharge, rest. @returns undefined when the pack could not finish it: `stopped` says why, and the pack,
   * the phase and its time and charge stay as they were then
   */
  advance(): PackCycle | undefined {
    if (this.stopped !== undefined) return undefined;
    this.cycle++;
    const charge = this.run('charge', -this.options.charge_C);
    if (!charge || !this.run('rest', 0)) return undefined;
    const discharge = this.run('discharge', this.options.discharge_C);
    if (!discharge || !this.run('rest', 0)) return undefined;
    return { n: this.cycle, charge, discharge };
  }

  private run(phase: Phase, rate_C: number): PackPhase | undefined {
    const { pack } = this;
    const current_A = rate_C * pack.nominal_A;
    const longest_s = phase === 'rest' ? this.rest_s : (PATIENCE * 3600) / Math.abs(rate_C);
    this.phase = phase;
    this.phaseTime_s = this.phaseCharge_Ah = 0;
    this.options.onTimeStep?.(this);
    let energy_Wh = 0;
    let last_V = pack.voltage_V;
    let ended = false;
    while (!ended && this.phaseTime_s < longest_s) {
      let dt_s = Math.min(packTimeStep(pack, this.phaseTime_s) / this.refinement, longest_s - this.phaseTime_s);
      pack.step(current_A, dt_s);
      if (!(pack.residual_V <= SHARED_V))
        return this.fail(`${phase}: no shared voltage; cells differ by ${pack.residual_V} V, allowed: ${SHARED_V} V`);
      if (phase !== 'rest' && this.headroom_V() <= 0) {
        dt_s = this.locate(current_A, dt_s);
        ended = true;
      }
      this.phaseTime_s += dt_s;
      this.simulated_s += dt_s;
      this.phaseCharge_Ah += (Math.abs(current_A) * dt_s) / 3600;
      energy_Wh += (Math.abs(current_A) * ((last_V + pack.voltage_V) / 2) * dt_s) / 3600;
      last_V = pack.voltage_V;
      this.options.onTimeStep?.(this);
    }
    if (!ended && phase !== 'rest')
      return this.fail(`${phase}: ${Math.abs(rate_C)}C did not reach a cut-off within ${longest_s} s`);
    return { time_s: this.phaseTime_s, charge_Ah: this.phaseCharge_Ah, energy_Wh, end: this.phaseEnd(ended) };
  }

  private fail(reason: string): undefined {
    this.stopped = `cycle ${this.cycle}, ${reason}`;
  }

  /** What is left to the cut-off of the group nearest to it; 0 or less: reached. */
  private headroom_V(): number {
    let least_V = Infinity;
    for (const group of this.pack.groups) least_V = Math.min(least_V, this.groupHeadroom_V(group));
    return least_V;
  }

  private groupHeadroom_V(group: Group): number {
    return this.phase === 'charge' ? group.chargeCutoff_V - group.voltage_V : group.voltage_V - group.dischargeCutoff_V;
  }

  /** Repeats the last time step, shortened until it ends within 0.1 mV or 1 ms of the cut-off. @returns its length */
  private locate(current_A: number, dt_s: number): number {
    let low_s = 0;
    let high_s = dt_s;
    let tried_s = dt_s;
    while (high_s - low_s > CUTOFF_S && Math.abs(this.headroom_V()) > CUTOFF_V) {
      tried_s = (low_s + high_s) / 2;
      this.pack.undo();
      this.pack.step(current_A, tried_s);
      if (this.headroom_V() <= 0) high_s = tried_s;
      else low_s = tried_s;
    }
    return tried_s;
  }

  /** `ended`: a cut-off was reached, within 1 ms, by the group nearest to it. */
  private phaseEnd(ended: boolean): PhaseEnd {
    const { groups, cells } = this.pack;
    const headroom_V = groups.map((group) => this.groupHeadroom_V(group));
    const group = ended ? headroom_V.indexOf(Math.min(...headroom_V)) : -1;
    return {
      group,
      cell: ended ? weakest(groups[group]!) : -1,
      groupVoltage_V: groups.map((each) => each.voltage_V),
      soc: cells.map((cell) => cell.plant.soc),
      cellCurrent_A: groups.flatMap((each) => [...each.current_A]),
    };
  }
}

function weakest(group: Group): number {
  const density = (k: number): number => Math.abs(group.current_A[k]!) / group.cells[k]!.area_cm2;
  return group.cells.reduce((least, _, k) => (density(k) < density(least) ? k : least), 0);
}
