/** The firmware's estimator on recorded samples. */
import { createCurrentZero, LARGEST_SHARE, watchZero } from '../../firmware/count/zero';
import { closeCycle } from '../../firmware/estimate/cycle';
import { addSample } from '../../firmware/estimate/estimate';
import { finish } from '../../firmware/estimate/second';
import type { Estimator } from '../../firmware/estimate/estimator';
import { createEstimator } from '../../firmware/estimate/create';
import { cellModelOf } from '../campaign/cellModel';
import type { CellProfile } from '../profiles/profile';
import { recordedProfile, type EstimatedMeasurement, type RecordedCell } from './estimated';
import { capacityOf_mAh, LargestCharge } from './estimatedCapacity';
import { EstimatedCycles } from './estimatedCycles';
import { longestGap_s } from './estimatedGap';
import { LookAhead } from './lookAhead';
import type { SampleBatch } from './rows';
import { type Sample, type StepKind, type StepReceiver, StepSplitter } from './steps';

/** Between two samples of a step current is steady when it changes by less than this part of it. */
const steadyPart = 0.1;
/** Temperature that profiles refer to. */
const reference_C = 25;

/** Runs beside the analysis in the same pass over the file. Memory grows with the file's cycles only. */
export class EstimatorRun implements StepReceiver {
  private readonly profile: CellProfile;
  private readonly assumed_C: number;
  private readonly estimator: Estimator;
  private readonly zero = createCurrentZero();
  private readonly splitter = new StepSplitter(this);
  private readonly ahead = new LookAhead(
    this.splitter,
    (batch) => this.pass(batch),
    (held) => (this.estimator.longestGap_s = longestGap_s(held)),
  );

  /** The samples come one later than they are given: temperatures that belong to them, and which is next. */
  private temperatures = new Float64Array(0);
  private nextTemperature = 0;
  private withoutTemperature = 0;

  private readonly cycles: EstimatedCycles;
  private readonly charge = new LargestCharge();

  /** The sample before, as it was given to the estimator. */
  private last_ms = -1;
  private lastVoltage_mV = 0;
  private lastCurrent_mA = 0;
  private lastTemperature_C: number;
  private cycle = 1;
  private kind: StepKind = 'rest';
  /** The next sample is the first of its step. */
  private stepBegins = true;
  private largestCurrent_mA = 0;
  private openSince_ms = -1;
  private lowest_V = Infinity;
  private highest_V = -Infinity;

  /** @throws InputError for a cell that does not exist or is a half cell */
  constructor(cell: RecordedCell) {
    this.profile = recordedProfile(cell);
    this.assumed_C = cell.temperature_C ?? reference_C;
    this.lastTemperature_C = this.assumed_C;
    this.estimator = createEstimator(cellModelOf(this.profile), Infinity, 0);
    this.cycles = new EstimatedCycles(this.estimator);
  }

  add(batch: SampleBatch): void {
    for (let i = 0; i < batch.length; i++)
      this.largestCurrent_mA = Math.max(this.largestCurrent_mA, Math.abs(1000 * batch.current_A[i]!));
    this.ahead.add(batch);
  }

  /** The file is over. @param cycles the numbers of its cycles */
  finish(cycles: readonly number[]): EstimatedMeasurement {
    this.ahead.release();
    this.splitter.finish();
    closeCycle(this.estimator);
    finish(this.estimator);
    this.cycles.look(this.cycle, 0, this.last_ms);
    const { profile } = this;
    return {
      cell: {
        name: profile.name,
        title: profile.title,
        area_cm2: profile.area_cm2,
        capacity_mAh: capacityOf_mAh(profile),
        longestGap_s: this.estimator.longestGap_s,
        zero_mA: this.zero.at_ms < 0 ? null : this.zero.zero_mA,
      },
      cycles: new Map(cycles.map((n) => [n, this.cycles.report(n, this.noCycle())])),
      warnings: this.charge.warnings(profile),
      notes: this.temperatureNote(),
    };
  }

  begin(kind: StepKind, cycle: number, start_s: number): void {
    // Current jumps at the step's edge, which may lie behind the last sample: until there the last one holds.
    const start_ms = this.toMs(start_s);
    if (this.last_ms >= 0 && start_ms - this.last_ms > 1)
      this.give(start_ms, this.lastVoltage_mV, this.lastCurrent_mA, this.lastTemperature_C);
    this.kind = kind;
    this.cycle = cycle;
    this.stepBegins = true;
  }

  sample({ time_s, voltage_V, current_A }: Readonly<Sample>, flowing_A: number): void {
    const temperature_C = this.takeTemperature();
    this.lowest_V = Math.min(this.lowest_V, voltage_V);
    this.highest_V = Math.max(this.highest_V, voltage_V);
    const at_ms = this.toMs(time_s);
    const current_mA = 1000 * flowing_A;
    this.watchZero(at_ms, 1000 * current_A);
    // A step's closing row without current has no voltage under current either.
    const closing = flowing_A !== current_A && !this.stepBegins;
    const since_mA = this.isSteady(current_mA) ? (current_mA + this.lastCurrent_mA) / 2 : current_mA;
    this.give(at_ms, closing ? this.lastVoltage_mV : 1000 * voltage_V, since_mA, temperature_C);
    this.lastCurrent_mA = current_mA;
    this.stepBegins = false;
  }

  end(): void {
    // The next step's beginning says as much.
  }

  private pass(batch: SampleBatch): void {
    const held = this.temperatures.subarray(this.nextTemperature);
    this.temperatures = new Float64Array(held.length + batch.length);
    this.temperatures.set(held);
    this.temperatures.set(batch.temperature_C.subarray(0, batch.length), held.length);
    this.nextTemperature = 0;
    this.splitter.add(batch);
  }

  private takeTemperature(): number {
    const temperature_C = this.temperatures[this.nextTemperature++]!;
    if (!Number.isNaN(temperature_C)) return temperature_C;
    this.withoutTemperature++;
    return this.assumed_C;
  }

  /** Within a step current changes slowly: between two samples their mean has flowed. A jump is taken to lie right behind the first. */
  private isSteady(current_mA: number): boolean {
    const change_mA = Math.abs(current_mA - this.lastCurrent_mA);
    return !this.stepBegins && change_mA < steadyPart * Math.abs(this.lastCurrent_mA);
  }

  private toMs(time_s: number): number {
    return (time_s - this.ahead.first_s) * 1000;
  }

  /** `current_mA` has flowed since the sample before, and the voltage is that of this moment. */
  private give(at_ms: number, voltage_mV: number, current_mA: number, temperature_C: number): void {
    const dt_s = this.last_ms < 0 ? 0 : (at_ms - this.last_ms) / 1000;
    addSample(this.estimator, at_ms, voltage_mV, current_mA - this.zero.zero_mA, temperature_C, false);
    this.last_ms = at_ms;
    this.lastVoltage_mV = voltage_mV;
    this.lastTemperature_C = temperature_C;
    if (this.kind !== 'rest' && dt_s <= this.estimator.longestGap_s) this.charge.add((current_mA * dt_s) / 3600);
    this.cycles.look(this.cycle, dt_s, at_ms);
  }

  /** What the channel reads while no current can flow, as on the device; the file's largest current stands for its range. */
  private watchZero(at_ms: number, reading_mA: number): void {
    const range_mA = this.largestCurrent_mA;
    watchZero(this.zero, reading_mA, this.openSince_ms, range_mA, at_ms);
    if (Math.abs(reading_mA) >= LARGEST_SHARE * range_mA) this.openSince_ms = -1;
    else if (this.openSince_ms < 0) this.openSince_ms = at_ms;
  }

  private noCycle(): string {
    const { chargeCutoff_V, dischargeCutoff_V } = this.profile;
    return (
      `no charge and discharge between the cut-off voltages of the cell (${dischargeCutoff_V} to ${chargeCutoff_V} V; ` +
      `this file: ${this.lowest_V.toFixed(2)} to ${this.highest_V.toFixed(2)} V), with a rest behind them, ended in this cycle`
    );
  }

  private temperatureNote(): string[] {
    const { withoutTemperature, assumed_C } = this;
    const { samples } = this.ahead;
    if (withoutTemperature === 0) return [];
    const where =
      withoutTemperature === samples
        ? 'The file tells no temperature'
        : `${withoutTemperature} samples tell no temperature`;
    return [`${where}: ${assumed_C} degC taken for the estimates.`];
  }
}
