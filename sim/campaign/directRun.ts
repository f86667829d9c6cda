/** The cell alone, with event-located cut-offs: the fastest way through a cycling test. */
import { INTERRUPT_MS, SETTLE_MS } from '../../firmware/protocol/interrupts';
import { createPlant, type PlantKind } from '../cell/createPlant';
import type { Plant } from '../cell/plant';
import { runStep, type OnTimeStep, type StepEnd, type StepResult } from '../cell/step';
import type { CellProfile } from '../profiles/profile';
import type { OnSample, Sample } from '../results/types';
import type { HeatBalance } from '../thermal/heatBalance';
import { balanceOf, warm } from '../thermal/selfHeat';
import {
  checkup_mAh,
  CYCLE_REST_S,
  FORMATION_C,
  FORMATION_CYCLES,
  FORMATION_REST_S,
  lithium_mAh,
  PATIENCE,
  ranAway,
  type CyclingRun,
  type Observation,
} from './cyclingRun';

/** A cell that gives less than this share of its nominal capacity is done. */
const WORN_OUT = 0.01;
/** As the firmware's protocol has it: interrupts lie within this share of the capacity that is expected. */
const INTERRUPTED_SHARE = 0.9;
const INTERRUPT_S = INTERRUPT_MS / 1000;
const SETTLE_S = SETTLE_MS / 1000;

export interface DirectOptions {
  charge_C: number;
  /** A rate, or how to choose one for the charged cell. */
  discharge_C: number | ((cell: Plant) => number);
  temperature_C: number;
  plant?: PlantKind;
  cooling_W_K?: number;
  /** Interrupts of each discharge, as the firmware's protocol makes them (firmware/protocol/interrupts.ts). Default: none. */
  interrupts?: number;
  /** Longest time between two samples; Infinity: step edges only. */
  sampleEvery_s: number;
  onSample?: OnSample | undefined;
  /** Divides every time step (see StepEnd). */
  refinement?: number;
}

export class DirectRun implements CyclingRun {
  simulated_s = 0;
  stopped: string | undefined;
  readonly cell: Plant;
  readonly balance: HeatBalance | undefined;
  private cycle = 0;
  private step = 0;
  private formed = false;
  /** What the last discharge of the same kind gave [mAh/cm2]; 0: there was none. */
  private gave_mAh_cm2 = 0;

  constructor(
    private readonly profile: CellProfile,
    private readonly options: DirectOptions,
  ) {
    this.cell = createPlant(options.plant ?? 'reduced', profile, options.temperature_C);
    if (options.cooling_W_K !== undefined)
      this.balance = balanceOf(profile, options.temperature_C, options.cooling_W_K);
  }

  advance(): Observation | undefined {
    if (!this.formed) this.formation();
    if (this.stopped !== undefined) return undefined;
    this.cycle++;
    const { cell, options } = this;
    const charge = this.charge(options.charge_C);
    this.rest(CYCLE_REST_S);
    if (this.stopped !== undefined) return undefined;
    const checkup = checkup_mAh(cell, options.refinement);
    const { discharge_C } = options;
    const discharge = this.discharge(typeof discharge_C === 'number' ? discharge_C : discharge_C(cell), charge);
    const lithium = lithium_mAh(cell);
    this.rest(CYCLE_REST_S);
    if (discharge.charge_mAh_cm2 < WORN_OUT * cell.nominal_mAh_cm2)
      this.stopped ??= `cycle ${this.cycle}: the cell gives less than ${100 * WORN_OUT} % of its nominal capacity`;
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
      const charge = this.charge(FORMATION_C);
      this.rest(FORMATION_REST_S);
      this.discharge(FORMATION_C, charge);
      this.rest(FORMATION_REST_S);
    }
    this.gave_mAh_cm2 = 0;
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

  /** It is expected to give what the last one gave, the first one what was charged. The interrupts' time is no part of it. */
  private discharge(rate_C: number, { charge_mAh_cm2: charged }: StepResult): StepResult {
    const { interrupts = 0 } = this.options;
    const end = { until_V: this.profile.dischargeCutoff_V, longest_s: (PATIENCE * 3600) / rate_C };
    const spacing = (INTERRUPTED_SHARE * (this.gave_mAh_cm2 || charged)) / (interrupts + 1);
    const parts: StepResult[] = [];
    for (let k = 1; k <= interrupts; k++) {
      const part = this.run(rate_C, { ...end, capacity_mAh_cm2: k * spacing - total(parts).charge_mAh_cm2 });
      parts.push(part);
      if (part.end !== 'capacity') break;
      this.rest(INTERRUPT_S);
      // A step of its own, for the voltage falls at once, and the cut-off is not tested meanwhile.
      parts.push(this.run(rate_C, { longest_s: SETTLE_S }));
    }
    if (parts.length === 2 * interrupts) parts.push(this.run(rate_C, end));
    const whole = total(parts);
    if (whole.end === 'voltage') this.gave_mAh_cm2 = whole.charge_mAh_cm2;
    return whole;
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
    const sampled = emit && everySoOften(this.options.sampleEvery_s, emit);
    const result = runStep(cell, i, { ...end, refinement }, this.balance ? this.warming(i, sampled) : sampled);
    this.stopped ??= ranAway(this.balance, `cycle ${this.cycle}`);
    emit?.(result.time_s);
    this.simulated_s += result.time_s;
    const aims = end.until_V !== undefined || end.capacity_mAh_cm2 !== undefined;
    if (result.end === 'time' && aims) this.stopped ??= this.outOfReach(rate_C, end);
    return result;
  }

  private outOfReach(rate_C: number, { until_V, longest_s }: StepEnd): string {
    const { cell } = this;
    const what = rate_C < 0 ? `charge at ${-rate_C}C` : `discharge at ${rate_C}C`;
    const aim = until_V === undefined ? 'its capacity' : `${until_V} V`;
    const leak = Math.abs(cell.leak_mA_cm2 / (rate_C * cell.nominal_mAh_cm2));
    const short = leak > 0.01 ? `; an internal short takes ${(100 * leak).toFixed(0)} % of the current` : '';
    return `cycle ${this.cycle}: the ${what} stands at ${cell.voltage_V.toFixed(3)} V after ${(longest_s / 3600).toFixed(0)} h and does not reach ${aim}${short}`;
  }

  /** After every time step the cell is as warm as its balance says. */
  private warming(i: number, sampled?: OnTimeStep): OnTimeStep {
    let last_s = 0;
    return (time_s) => {
      warm(this.cell, this.balance!, i, time_s - last_s);
      last_s = time_s;
      sampled?.(time_s);
    };
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
      sample.temperature_C = cell.temperature_C;
      this.options.onSample?.(sample);
    };
  }
}

/** Parts of one step as one, which ended as its last part did. */
function total(parts: readonly StepResult[]): StepResult {
  const whole: StepResult = { time_s: 0, charge_mAh_cm2: 0, energy_mWh_cm2: 0, etaConc_V: 0, end: 'time' };
  for (const part of parts) {
    const time_s = whole.time_s + part.time_s;
    if (time_s > 0) whole.etaConc_V += (part.etaConc_V - whole.etaConc_V) * (part.time_s / time_s);
    whole.time_s = time_s;
    whole.charge_mAh_cm2 += part.charge_mAh_cm2;
    whole.energy_mWh_cm2 += part.energy_mWh_cm2;
    whole.end = part.end;
  }
  return whole;
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
