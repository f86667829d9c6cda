/**
 * The firmware's protocol, estimator and steering over a bare cell, without chips and without its ten samples a second: one sample a
 * second in discharges and interrupts, fewer where little happens, ten near the end of a discharge. The fastest way to a steered run.
 */
import { closeCycle } from '../../firmware/estimate/cycle';
import { addSample } from '../../firmware/estimate/estimate';
import { finish } from '../../firmware/estimate/second';
import type { Estimator } from '../../firmware/estimate/estimator';
import { createEstimator } from '../../firmware/estimate/create';
import { createChargeCounter } from '../../firmware/count/charge';
import { createRun, resume, runProtocol, Wait, wished, type Run } from '../../firmware/protocol/protocol';
import { StepKind } from '../../firmware/protocol/step';
import { Steers, steerStage } from '../../firmware/steer/steer';
import { createSteering, type Steering } from '../../firmware/steer/steering';
import { createPlant, type PlantKind } from '../cell/createPlant';
import type { Plant } from '../cell/plant';
import { InputError } from '../errors';
import type { CellProfile } from '../profiles/profile';
import { Random } from '../random';
import type { OnSample, Sample } from '../results/types';
import { channelConfig } from './channelRun';
import { CycleObserver } from './cycleObserver';
import { PATIENCE, type CyclingRun, type Observation } from './cyclingRun';
import type { SteeringOptions } from './steerSettings';

export interface SteeredOptions extends SteeringOptions {
  charge_C: number;
  /** The default rate. */
  discharge_C: number;
  cycles: number;
  temperature_C: number;
  plant?: PlantKind;
  seed: number;
  interrupts?: number;
  slowStripEvery?: number;
  /** Times the errors of the sensors. Default: 1. */
  noise?: number;
  sampleEvery_s: number;
  onSample?: OnSample | undefined;
  /** Called before each cycle's charge, from 1: to change the cell or its temperature. */
  onCycle?: (n: number, cell: Plant) => void;
}

/** Sensors, as large as a mean over a second of the chips' is off: noise of the voltage, gain and offset of the current, temperature. */
const VOLTAGE_NOISE_V = 2e-4;
const GAIN = 1e-3;
const OFFSET_C = 2e-5;
const TEMPERATURE_C = 0.3;
/** Time steps [s] where little happens: rests, and currents below this. */
const REST_STEP_S = 2;
/** An interrupt is over in ten seconds: each step of it is a sample, too. */
const INTERRUPT_STEP_S = 1;
const SLOW_STEP_S = 5;
const SLOW_C = 0.25;
/** And where the voltage falls steeply towards the cut-off: there a second decides how much is left behind. */
const END_V = 0.3;
const END_STEP_S = 0.1;
const LONGEST_GAP_S = 60;
const MOST_CURRENT_C = 20;

export class SteeredRun implements CyclingRun {
  readonly balance = undefined;
  stopped: string | undefined;
  readonly cell: Plant;
  readonly run: Run;
  readonly estimator: Estimator;
  readonly steering: Steering | undefined;
  private readonly observer: CycleObserver;
  private readonly noise: Random;
  private readonly gain: number;
  private readonly mainFrom: number;
  private readonly sense = { voltage_mV: 0 };
  private readonly counter = createChargeCounter();
  private readonly sample: Sample = { time_s: 0, cycle: 0, step: 1, voltage_V: 0, current_A: 0, temperature_C: 0 };
  private sampleDue_s = 0;
  private now_ms = 0;
  private stepBegan_ms = 0;
  /** Current density now [mA/cm2]. */
  private i = 0;

  /** `believed` is what the firmware is told of the cell, `profile` what it is. */
  constructor(
    profile: CellProfile,
    private readonly options: SteeredOptions,
    believed: CellProfile = profile,
  ) {
    if (profile.kind === 'half')
      throw new InputError(
        `cell "${profile.name}" is a half cell, which no rate can be steered on; allowed: a full cell`,
      );
    this.cell = createPlant(options.plant ?? 'reduced', profile, options.temperature_C);
    const config = channelConfig(believed, options);
    this.run = createRun(config.protocol);
    this.mainFrom = config.protocol.findIndex((step) => step.kind === StepKind.Repeat) + 1;
    this.estimator = createEstimator(
      config.cell!,
      MOST_CURRENT_C * this.cell.nominal_mAh_cm2 * this.cell.area_cm2,
      LONGEST_GAP_S,
    );
    this.steering = config.steer && createSteering(config.steer, config.limits.lastingDischarge_mA);
    this.observer = new CycleObserver(this.cell, this, this.mainFrom);
    this.noise = new Random(options.seed, 'steered noise');
    this.gain = 1 + GAIN * (options.noise ?? 1) * (2 * new Random(options.seed, 'steered gain').uniform() - 1);
    options.onCycle?.(1, this.cell);
  }

  get simulated_s(): number {
    return this.now_ms / 1000;
  }

  advance(budget_ms: number): Observation | undefined {
    const deadline_ms = performance.now() + budget_ms;
    const { run } = this;
    do {
      for (let k = 0; k < 2000; k++) {
        const { finished } = run;
        this.tick();
        // The protocol's last cycle is one, too.
        if (run.finished === finished || run.last.loop < this.mainFrom) {
          if (this.stopped !== undefined) return undefined;
          continue;
        }
        this.options.onCycle?.(run.turns + 1, this.cell);
        return this.observer.observation();
      }
    } while (performance.now() < deadline_ms);
    return undefined;
  }

  private tick(): void {
    const { cell, run, estimator, sense, i } = this;
    const interrupted = this.now_ms < run.interrupts.until_ms;
    const slow = i < SLOW_C * cell.nominal_mAh_cm2;
    const nearEnd = i > 0 && cell.voltage_V < cell.profile.dischargeCutoff_V + END_V;
    const dt_s = interrupted ? INTERRUPT_STEP_S : i === 0 ? REST_STEP_S : nearEnd ? END_STEP_S : slow ? SLOW_STEP_S : 1;
    cell.advance(i, dt_s);
    this.now_ms += 1000 * dt_s;
    const noise = this.options.noise ?? 1;
    const voltage_V = cell.voltage_V + noise * VOLTAGE_NOISE_V * this.noise.normal();
    const current_mA = i * cell.area_cm2 * this.gain;
    const offset_mA = noise * OFFSET_C * cell.nominal_mAh_cm2 * cell.area_cm2;
    const temperature_C = cell.temperature_C + noise * TEMPERATURE_C;
    addSample(estimator, this.now_ms, 1000 * voltage_V, current_mA + offset_mA, temperature_C, false);
    sense.voltage_mV = 1000 * voltage_V;
    this.counter.charge_mC += (current_mA + offset_mA) * dt_s;
    const wish_mA = this.wish();
    const changed = this.observer.tick((i * cell.area_cm2) / 1000, dt_s);
    const edge = changed || this.now_ms < run.interrupts.until_ms !== interrupted;
    // The last moment of the step or the interrupt still belongs to it; the next sample is the first of what follows.
    if (this.options.onSample && (edge || this.now_ms >= 1000 * this.sampleDue_s))
      this.emit(voltage_V, current_mA, temperature_C);
    if (edge) this.sampleDue_s = 0;
    if (changed) this.stepChanged();
    this.i = wish_mA / cell.area_cm2;
  }

  /** As the firmware does in its tick, but for the stages between two steps, which are all run at once. */
  private wish(): number {
    const { run, estimator, steering, now_ms } = this;
    const wish_mA = runProtocol(run, this.sense, this.counter, now_ms);
    if (run.waits === Wait.Nothing) return wish_mA;
    if (run.waits === Wait.Cycle) {
      closeCycle(estimator);
      finish(estimator);
    }
    let stage = run.waits === Wait.Cycle ? Steers.Cycle : Steers.Limit;
    if (steering) while (stage !== Steers.Ready) stage = steerStage(steering, estimator, run, stage);
    resume(run, now_ms);
    return wished(run, this.sense);
  }

  private stepChanged(): void {
    const { run } = this;
    this.sample.step++;
    this.sample.cycle = run.index < this.mainFrom ? 0 : run.turns + 1;
    const step = run.steps[run.index];
    const last = run.steps[run.index - 1];
    if (last && last.current_mA > 0) this.checkPatience(last.current_mA, last.until_mV);
    this.stepBegan_ms = this.now_ms;
    if (step === undefined) this.stopped ??= 'the protocol is over';
  }

  private checkPatience(current_mA: number, until_mV: number): void {
    const nominal_ms = (3.6e6 * this.cell.nominal_mAh_cm2 * this.cell.area_cm2) / current_mA;
    if (this.now_ms - this.stepBegan_ms > PATIENCE * nominal_ms)
      this.stopped = `cycle ${this.run.turns + 1}: ${current_mA} mA did not reach ${until_mV} mV within ${PATIENCE} times its nominal time`;
  }

  private emit(voltage_V: number, current_mA: number, temperature_C: number): void {
    const { sample } = this;
    sample.time_s = this.now_ms / 1000;
    sample.voltage_V = voltage_V;
    sample.current_A = current_mA / 1000;
    sample.temperature_C = temperature_C;
    const { sampleEvery_s } = this.options;
    const interrupted = this.now_ms < this.run.interrupts.until_ms;
    this.sampleDue_s = sample.time_s + (interrupted ? Math.min(INTERRUPT_STEP_S, sampleEvery_s) : sampleEvery_s);
    this.options.onSample?.(sample);
  }
}
