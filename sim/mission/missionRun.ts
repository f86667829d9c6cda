/**
 * A cell that flies missions: charged, flown, rested, until it can fly no more. The load demands power, so the current is what the
 * voltage makes of it, second by second. The firmware's estimator, forecast and pacing run beside the cell on its samples, one a second
 * (one in five while it charges); chips and tick are left out.
 */
import { addSample } from '../../firmware/estimate/estimate';
import type { Estimator } from '../../firmware/estimate/estimator';
import { createEstimator } from '../../firmware/estimate/create';
import { Why } from '../../firmware/estimate/estimates';
import { burstAffordable, foresee, PROMISE_SIGMAS, setBurst } from '../../firmware/steer/forecast';
import { createForecast, Foreseen } from '../../firmware/steer/foreseen';
import {
  beginFlight,
  createLandings,
  expectLanding,
  Landing,
  landingShown,
  modelHolds,
  recordLanding,
  watchBurst,
} from '../../firmware/steer/landing';
import { createGround, groundRest_s } from '../../firmware/steer/ground';
import { createPacing, Pace, paceNow, PaceReason, paceText, planPace } from '../../firmware/steer/pacing';
import { cellModelOf } from '../campaign/cellModel';
import { FORMATION_C, FORMATION_CYCLES, FORMATION_REST_S, PATIENCE } from '../campaign/cyclingRun';
import { createPlant, type PlantKind } from '../cell/createPlant';
import type { Plant } from '../cell/plant';
import type { CellProfile } from '../profiles/profile';
import { Random } from '../random';
import { phasePower_mW, type Mission, type MissionPhase } from './mission';

export interface MissionOptions {
  mission: Mission;
  /** The true cell, and what the firmware believes of it. */
  truth: CellProfile;
  believed: CellProfile;
  plant: PlantKind;
  temperature_C: number;
  /** Of the noise of the voltage, and of what varies. */
  seed: number;
  /** Cruise and landing of each mission ask for a power of their own, planned before take-off: uniform within this share, 0 to 0.3. */
  variation: number;
  /** Whether the cruise follows the firmware's advice. */
  advice: boolean;
  onSecond?: (second: FlightSecond) => void;
}

/** One second of a flight, of one cell. */
export interface FlightSecond {
  mission: number;
  phase: string;
  time_s: number;
  power_W: number;
  current_A: number;
  voltage_V: number;
  etaConc_mV: number;
  saturation: number;
}

/** What the firmware said of the landing, at its last moment before it. */
export const PROMISES = ['affordable', 'not affordable', 'unsure', 'no forecast'] as const;
export type Promised = (typeof PROMISES)[number];

/** One mission. Energies and powers are of one cell. */
export interface MissionResult {
  n: number;
  flown: boolean;
  energy_Wh: number;
  minVoltage_V: number;
  /** Which phase reached the cut-off voltage, how long into it, and how long it was asked for; null where the mission was flown. */
  failed: { phase: string; after_s: number; asked_s: number } | null;
  /** null where the cruise did not end. By the record of the landings before (landing.ts) or by the model (forecast.ts). */
  promised: Promised | null;
  by: 'record' | 'model' | null;
  /** What the model alone would have said. */
  byModel: Promised | null;
  /** Voltage at the end of the landing, as the record has it; null without. */
  expectedEnd_V: number | null;
  expectedEndSigma_V: number | null;
  /** The landing as the model foresees it: how long it would last (at most twice what is asked) less what is asked, and one standard deviation. */
  margin_s: number | null;
  marginSigma_s: number | null;
  /** The same of a copy of the true cell flown on at landing power (at most twice what is asked). */
  trueMargin_s: number | null;
  advice: Advice | null;
  cruise_Wh: number;
  /** Rest on the ground afterwards beyond the usual one. */
  recovery_s: number;
}

/** Of the cruise: parts of its planned power, and when the slow one begins before its end. */
export interface Advice {
  early: number;
  late: number;
  late_s: number;
  /** By the firmware's model: how much longer the landing could last. */
  gain_s: number;
  reason: string;
  text: string;
}

/** Noise of the voltage [V rms], as the current monitor's. */
const NOISE_V = 2e-4;
const SLOW_STEP_S = 5;
const LONGEST_GAP_S = 10;
/** Largest current of the pack's monitor, of 1C. */
const MOST_C = 8;
/** The true landing is followed for this many times its duration. */
const HORIZON = 2;

export class MissionRun {
  readonly plant: Plant;
  readonly estimator: Estimator;
  private readonly forecast = createForecast();
  private readonly pacing = createPacing();
  private readonly landings = createLandings();
  private readonly ground: Float64Array;
  private readonly noise: Random;
  private readonly demand: Random;
  private readonly nominal_mAh: number;
  private now_ms = 1e6;
  private flights = 0;
  private formed = false;

  constructor(private readonly options: MissionOptions) {
    const { truth, believed, plant, temperature_C, seed } = options;
    this.plant = createPlant(plant, truth, temperature_C);
    this.nominal_mAh = this.plant.nominal_mAh_cm2 * this.plant.area_cm2;
    this.estimator = createEstimator(cellModelOf(believed), MOST_C * this.nominal_mAh, LONGEST_GAP_S);
    this.ground = createGround(options.mission.recovery_s);
    this.noise = new Random(seed, 'mission noise');
    this.demand = new Random(seed, 'mission demand');
  }

  /** Charges, flies and rests once; the first time after two slow cycles of formation. */
  fly(): MissionResult {
    const { mission } = this.options;
    if (!this.formed) this.formation();
    this.formed = true;
    this.charge(mission.charge_C);
    this.rest(mission.chargedRest_s);
    const result = this.flight();
    this.rest(mission.groundRest_s);
    if (result.flown) {
      result.recovery_s = groundRest_s(this.ground, this.landings);
      this.rest(result.recovery_s);
    }
    return result;
  }

  private flight(): MissionResult {
    const { mission } = this.options;
    const { plant } = this;
    const result: MissionResult = {
      n: ++this.flights,
      flown: true,
      energy_Wh: 0,
      minVoltage_V: Infinity,
      failed: null,
      promised: null,
      by: null,
      byModel: null,
      expectedEnd_V: null,
      expectedEndSigma_V: null,
      margin_s: null,
      marginSigma_s: null,
      trueMargin_s: null,
      advice: null,
      cruise_Wh: 0,
      recovery_s: 0,
    };
    const landing = mission.phases.at(-1)!;
    const demand = mission.phases.map((phase) => this.demanded_mW(phase));
    const burst_mW = demand.at(-1)!;
    setBurst(this.forecast, this.estimator, burst_mW, landing.duration_s);
    beginFlight(this.landings);
    let time_s = 0;
    for (const [index, phase] of mission.phases.entries()) {
      const planned_mW = demand[index]!;
      if (phase === landing) this.sayOfLanding(result, burst_mW, landing.duration_s);
      if (phase.role === 'cruise' && this.options.advice)
        result.advice = this.plan(phase, planned_mW, burst_mW, landing.duration_s);
      for (let passed_s = 0; passed_s < phase.duration_s; passed_s++) {
        const factor =
          result.advice === null || phase.role !== 'cruise' ? 1 : paceNow(this.pacing, phase.duration_s - passed_s);
        const i = currentFor(plant, factor * planned_mW);
        this.second(i);
        const power_mW = i * plant.voltage_V * plant.area_cm2;
        foresee(this.forecast, this.estimator, power_mW, this.estimator.mostCurrent_mA, this.now_ms);
        if (phase !== landing) watchBurst(this.landings, this.estimator, power_mW / burst_mW);
        const energy_Wh = power_mW / 1000 / 3600;
        result.energy_Wh += energy_Wh;
        if (phase.role === 'cruise') result.cruise_Wh += energy_Wh;
        result.minVoltage_V = Math.min(result.minVoltage_V, plant.voltage_V);
        time_s++;
        this.options.onSecond?.({
          mission: result.n,
          phase: phase.name,
          time_s,
          power_W: power_mW / 1000,
          current_A: (i * plant.area_cm2) / 1000,
          voltage_V: plant.voltage_V,
          etaConc_mV: 1000 * plant.etaConc_V,
          saturation: plant.saturation,
        });
        if (plant.voltage_V > plant.profile.dischargeCutoff_V) continue;
        result.flown = false;
        result.failed = { phase: phase.name, after_s: passed_s + 1, asked_s: phase.duration_s };
        return result;
      }
    }
    recordLanding(this.landings, this.estimator);
    return result;
  }

  private demanded_mW(phase: MissionPhase): number {
    const power_mW = phasePower_mW(phase, this.nominal_mAh);
    if (phase.role === 'fixed' || this.options.variation === 0) return power_mW;
    return power_mW * (1 + this.options.variation * (2 * this.demand.uniform() - 1));
  }

  private plan(phase: MissionPhase, cruise_mW: number, burst_mW: number, burst_s: number): Advice {
    const value = this.pacing.value;
    value[Pace.cruise_mW] = cruise_mW;
    value[Pace.cruise_s] = phase.duration_s;
    value[Pace.burst_mW] = burst_mW;
    value[Pace.burst_s] = burst_s;
    value[Pace.least] = phase.pace!.least;
    value[Pace.most] = phase.pace!.most;
    planPace(this.pacing, this.estimator);
    return {
      early: value[Pace.early]!,
      late: value[Pace.late]!,
      late_s: value[Pace.late_s]!,
      gain_s: value[Pace.gain_s]!,
      reason: PaceReason[this.pacing.reason],
      text: paceText(this.pacing),
    };
  }

  /** What the firmware says of the landing now, and what a copy of the cell does. */
  private sayOfLanding(result: MissionResult, burst_mW: number, asked_s: number): void {
    const { value, why } = this.forecast;
    const copy = this.plant.clone();
    let lasts_s = 0;
    while (lasts_s < HORIZON * asked_s && copy.voltage_V > copy.profile.dischargeCutoff_V) {
      copy.advance(currentFor(copy, burst_mW), 1);
      lasts_s++;
    }
    result.trueMargin_s = lasts_s - asked_s;
    const landings = this.landings;
    const shown = expectLanding(landings, this.estimator, burst_mW, asked_s, result.advice?.late ?? 1);
    const foreseen = why === Why.Valid && value[Foreseen.burstAt_ms]! > 0;
    if (foreseen) {
      result.margin_s = value[Foreseen.BurstLasts_s]! - asked_s;
      result.marginSigma_s = value[Foreseen.BurstLastsSigma_s]!;
    }
    result.byModel = foreseen ? this.modelSays(result.margin_s!, result.marginSigma_s!) : 'no forecast';
    result.by = shown ? 'record' : 'model';
    result.promised = result.byModel;
    if (!shown) return;
    result.expectedEnd_V = landings[Landing.expected_V]!;
    result.expectedEndSigma_V = landings[Landing.sigma_V]!;
    const sure = landingShown(landings, this.estimator);
    result.promised = sure > 0 ? 'affordable' : sure < 0 ? 'not affordable' : 'unsure';
  }

  private modelSays(margin_s: number, sigma_s: number): Promised {
    if (burstAffordable(this.forecast)) return modelHolds(this.landings) ? 'affordable' : 'unsure';
    return margin_s + PROMISE_SIGMAS * sigma_s < 0 ? 'not affordable' : 'unsure';
  }

  private formation(): void {
    for (let n = 0; n < FORMATION_CYCLES; n++) {
      this.charge(FORMATION_C);
      this.rest(FORMATION_REST_S);
      this.discharge(FORMATION_C);
      this.rest(FORMATION_REST_S);
    }
  }

  /** To the lower cut-off. */
  private discharge(rate_C: number): void {
    const { plant } = this;
    const i = rate_C * plant.nominal_mAh_cm2;
    const step_s = rate_C > 0.2 ? 1 : SLOW_STEP_S;
    const longest_s = (PATIENCE * 3600) / rate_C;
    for (let t_s = 0; plant.voltage_V > plant.profile.dischargeCutoff_V && t_s < longest_s; t_s += step_s)
      this.step(i, step_s);
  }

  private charge(rate_C: number): void {
    const { plant } = this;
    const i = -rate_C * plant.nominal_mAh_cm2;
    const longest_s = (PATIENCE * 3600) / rate_C;
    // The voltage still shows the rest before: it is looked at after the step.
    let t_s = 0;
    do {
      this.step(i, SLOW_STEP_S);
      t_s += SLOW_STEP_S;
    } while (plant.voltage_V < plant.profile.chargeCutoff_V && t_s < longest_s);
  }

  private rest(time_s: number): void {
    for (let t_s = 0; t_s < time_s; t_s++) this.second(0);
  }

  private second(i: number): void {
    this.step(i, 1);
  }

  private step(i: number, dt_s: number): void {
    const { plant, estimator } = this;
    plant.advance(i, dt_s);
    this.now_ms += 1000 * dt_s;
    const voltage_mV = 1000 * (plant.voltage_V + NOISE_V * this.noise.normal());
    addSample(estimator, this.now_ms, voltage_mV, i * plant.area_cm2, this.options.temperature_C, false);
  }
}

/** Current density [mA/cm2] of a cell that gives this power [mW]: by the voltage of a moment ago. */
function currentFor(plant: Plant, power_mW: number): number {
  return power_mW / (Math.max(0.5 * plant.profile.dischargeCutoff_V, plant.voltage_V) * plant.area_cm2);
}
