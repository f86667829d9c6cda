/** The cell alone, with event-located cut-offs: the fastest way through a cycling test. */
import { Cell } from '../cell/cell';
import { runStep, type StepEnd, type StepResult } from '../cell/step';
import type { CellProfile } from '../profiles/profile';
import type { OnSample, Sample } from '../results/types';
import {
  checkup_mAh,
  CYCLE_REST_S,
  FORMATION_C,
  FORMATION_CYCLES,
  FORMATION_REST_S,
  lithium_mAh,
  PATIENCE,
  type CyclingRun,
  type Observation,
} from './cyclingRun';

export interface DirectOptions {
  charge_C: number;
  discharge_C: number;
  temperature_C: number;
  /** Longest time between two samples; Infinity: step edges only. */
  sampleEvery_s: number;
  onSample?: OnSample | undefined;
  /** Divides every time step (see StepEnd). */
  refinement?: number;
}

export class DirectRun implements CyclingRun {
  simulated_s = 0;
  stopped: string | undefined;
  private readonly cell: Cell;
  private cycle = 0;
  private step = 0;
  private formed = false;

  constructor(
    private readonly profile: CellProfile,
    private readonly options: DirectOptions,
  ) {
    this.cell = new Cell(profile, options.temperature_C);
  }

  advance(): Observation | undefined {
    if (!this.formed) this.formation();
    this.cycle++;
    const { cell, options } = this;
    const charge = this.charge(options.charge_C);
    this.rest(CYCLE_REST_S);
    const checkup = checkup_mAh(cell, options.refinement);
    const discharge = this.discharge(options.discharge_C);
    const lithium = lithium_mAh(cell);
    this.rest(CYCLE_REST_S);
    return {
      charge_mAh: charge.charge_mAh_cm2 * cell.area_cm2,
      discharge_mAh: discharge.charge_mAh_cm2 * cell.area_cm2,
      discharge_Wh: (discharge.energy_mWh_cm2 * cell.area_cm2) / 1000,
      discharge_s: discharge.time_s,
      etaConc_mV: discharge.etaConc_V * 1000,
      lithium_mAh: lithium,
      checkup_mAh: checkup,
    };
  }

  /** A half cell has had its formation before it is assembled into the test (see Cell). */
  private formation(): void {
    this.formed = true;
    if (this.profile.kind === 'half') return;
    for (let n = 0; n < FORMATION_CYCLES; n++) {
      this.charge(FORMATION_C);
      this.rest(FORMATION_REST_S);
      this.discharge(FORMATION_C);
      this.rest(FORMATION_REST_S);
    }
  }

  private charge(rate_C: number): StepResult {
    const { kind, chargeCutoff_V } = this.profile;
    const longest_s = (PATIENCE * 3600) / rate_C;
    // A half cell has no voltage that says it is full: it is plated with the nominal capacity.
    const end =
      kind === 'half'
        ? { capacity_mAh_cm2: this.cell.nominal_mAh_cm2, longest_s }
        : { until_V: chargeCutoff_V, longest_s };
    return this.run(-rate_C, end);
  }

  private discharge(rate_C: number): StepResult {
    return this.run(rate_C, { until_V: this.profile.dischargeCutoff_V, longest_s: (PATIENCE * 3600) / rate_C });
  }

  private rest(time_s: number): void {
    this.run(0, { longest_s: time_s });
  }

  private run(rate_C: number, end: StepEnd): StepResult {
    const { cell } = this;
    this.step++;
    const i = rate_C * cell.nominal_mAh_cm2;
    const emit = this.options.onSample && this.emitter(i);
    emit?.(0);
    const { refinement = 1 } = this.options;
    const result = runStep(cell, i, { ...end, refinement }, emit && everySoOften(this.options.sampleEvery_s, emit));
    emit?.(result.time_s);
    this.simulated_s += result.time_s;
    if (result.end === 'time' && i !== 0)
      this.stopped = `cycle ${this.cycle}: ${rate_C}C did not reach its end within ${end.longest_s} s`;
    return result;
  }

  private emitter(i: number): (time_s: number) => void {
    const { cell } = this;
    const sample: Sample = {
      time_s: 0,
      cycle: this.cycle,
      step: this.step,
      voltage_V: 0,
      current_A: (i * cell.area_cm2) / 1000,
      temperature_C: cell.temperature_C,
    };
    return (time_s) => {
      sample.time_s = this.simulated_s + time_s;
      sample.voltage_V = cell.voltage_V;
      this.options.onSample?.(sample);
    };
  }
}

/** Passes on those calls that are at least `interval_s` apart. */
function everySoOften(interval_s: number, emit: (time_s: number) => void): (time_s: number) => void {
  let next_s = interval_s;
  return (time_s) => {
    if (time_s < next_s) return;
    next_s = time_s + interval_s;
    emit(time_s);
  };
}
