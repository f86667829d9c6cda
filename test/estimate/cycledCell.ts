/**
 * A cell that is cycled with an estimator beside it: plant, a little noise, and whatever befalls the samples on their way.
 */
import { addSample, missSample } from '../../firmware/estimate/estimate';
import type { Estimator } from '../../firmware/estimate/estimator';
import { createEstimator } from '../../firmware/estimate/create';
import { Estimated, Why } from '../../firmware/estimate/estimates';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { createPlant, type PlantKind } from '../../sim/cell/createPlant';
import type { Plant } from '../../sim/cell/plant';
import { loadProfile, type CellProfile } from '../../sim/profiles/profile';
import { Random } from '../../sim/random';

export const MOST_CURRENT_MA = 8000;
export const LONGEST_GAP_S = 10;
const INTERRUPT_S = 10;
const REST_S = 300;

export interface Sample {
  at_ms: number;
  voltage_mV: number;
  current_mA: number;
  temperature_C: number;
}

export const PARTS = ['charge', 'top', 'discharge', 'bottom'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  known?: CellProfile;
  truth?: CellProfile;
  kind?: PlantKind;
  noise_V?: number;
  offset_mA?: number;
  temperature_C?: number;
  rate?: number;
  chargeRate?: number;
  interrupts?: number;
}

export class CycledCell {
  readonly plant: Plant;
  readonly estimator: Estimator;
  private readonly options: Required<Options>;
  private readonly noise: Random;
  now_ms = 1e6;
  /** Where in its cycle the cell is: part, and seconds since it began. */
  part: Part = 'bottom';
  charges = 0;
  since_s = 0;
  /** Charge of the last discharge [mAh/cm2], and what lay outside the cathode at its end. */
  discharged_mAh_cm2: number;
  atEnd = { lambda: 0, active: 0, isolated: 0, dead: 0, sei: 0 };
  /** Squares of the error of eta_conc while it is valid, outside the knee, in the present discharge [mV2]. */
  private squares = 0;
  private valids = 0;
  private plateau = 0;
  /** What a sample becomes on its way; undefined: it is lost. */
  onItsWay: (sample: Sample) => Sample | undefined = (sample) => sample;
  /** After every sample. */
  look: () => void = () => undefined;

  constructor(options: Options = {}, from?: CycledCell) {
    const known = options.known ?? loadProfile('afl-l1');
    this.options = {
      known,
      truth: options.truth ?? known,
      kind: options.kind ?? 'reduced',
      noise_V: options.noise_V ?? 2e-4,
      offset_mA: options.offset_mA ?? 0,
      temperature_C: options.temperature_C ?? 25,
      rate: options.rate ?? 1,
      chargeRate: options.chargeRate ?? 0.5,
      interrupts: options.interrupts ?? 3,
    };
    this.noise = new Random(7, 'noise');
    if (from) {
      this.plant = from.plant.clone();
      this.estimator = structuredClone(from.estimator);
      this.now_ms = from.now_ms;
      this.discharged_mAh_cm2 = from.discharged_mAh_cm2;
      this.atEnd = { ...from.atEnd };
      return;
    }
    this.plant = createPlant(this.options.kind, this.options.truth, this.options.temperature_C);
    this.estimator = createEstimator(cellModelOf(known), MOST_CURRENT_MA, LONGEST_GAP_S);
    this.discharged_mAh_cm2 = this.plant.nominal_mAh_cm2;
  }

  /** The same cell and estimator once more, from where they are. */
  clone(): CycledCell {
    return new CycledCell(this.options, this);
  }

  /** `dt_s` seconds at `rate` (of 1C, discharge positive), then one sample. */
  step(rate: number, dt_s: number): void {
    const { plant, options } = this;
    const i = rate * plant.nominal_mAh_cm2;
    plant.advance(i, dt_s);
    this.now_ms += 1000 * dt_s;
    this.since_s += dt_s;
    const sample = this.onItsWay({
      at_ms: this.now_ms,
      voltage_mV: 1000 * (plant.voltage_V + options.noise_V * this.noise.normal()),
      current_mA: i * plant.area_cm2 + options.offset_mA,
      temperature_C: options.temperature_C,
    });
    if (sample)
      addSample(this.estimator, sample.at_ms, sample.voltage_mV, sample.current_mA, sample.temperature_C, false);
    else missSample(this.estimator, this.now_ms);
    if (rate > 0) this.compare();
    this.look();
  }

  begin(part: Part): void {
    if (part === 'charge') this.charges++;
    this.part = part;
    this.since_s = 0;
  }

  charge(rate = this.options.chargeRate): void {
    this.begin('charge');
    const cutoff_V = this.plant.profile.chargeCutoff_V;
    const dt_s = rate > 0.7 ? 1 : 5;
    do this.step(-rate, dt_s);
    while (this.plant.voltage_V < cutoff_V && this.since_s < 8000 / rate);
  }

  rest(part: Part, rest_s = REST_S): void {
    this.begin(part);
    while (this.since_s < rest_s) this.step(0, 1);
  }

  discharge(rate = this.options.rate, interrupts = this.options.interrupts): void {
    this.begin('discharge');
    this.squares = this.valids = this.plateau = 0;
    const { plant } = this;
    const cutoff_V = plant.profile.dischargeCutoff_V;
    const apart = (0.9 * this.discharged_mAh_cm2) / interrupts;
    const dt_s = rate < 0.3 ? 5 : 1;
    let passed = 0;
    let next = apart / 2;
    do {
      this.step(rate, dt_s);
      passed += (rate * plant.nominal_mAh_cm2 * dt_s) / 3600;
      if (passed > next && interrupts > 0 && passed < 0.95 * this.discharged_mAh_cm2) {
        next += apart;
        for (let k = 0; k < INTERRUPT_S; k++) this.step(0, 1);
      }
    } while (plant.voltage_V > cutoff_V && this.since_s < 8000 / rate);
    this.discharged_mAh_cm2 = passed;
    plant.settle();
    const { active, isolated, dead, sei } = plant;
    this.atEnd = { lambda: active + isolated + dead + sei, active, isolated, dead, sei };
  }

  /** One cycle, begun and ended after the rest that follows a discharge. */
  cycle(): void {
    this.charge();
    this.rest('top');
    this.discharge();
    this.rest('bottom');
  }

  /** Two slow cycles as every new cell has them, then `count` usual ones. */
  cycles(count: number, formation = 1): void {
    for (let n = 0; n < formation; n++) {
      this.charge(0.25);
      this.rest('top');
      this.discharge(0.25, 3);
      this.rest('bottom');
    }
    for (let n = 0; n < count; n++) this.cycle();
  }

  /** The first moments of the next charge, in which the estimator closes the cycle behind it. */
  closeCycle(): void {
    this.begin('charge');
    this.step(-this.options.chargeRate, 5);
    this.step(-this.options.chargeRate, 5);
  }

  value(what: Estimated): number {
    return this.estimator.known.value[what] as number;
  }

  /** Value and sigma of an amount, per cm2. */
  amount(what: Estimated): number {
    return this.value(what) / this.plant.area_cm2;
  }

  amountSigma(what: Estimated): number {
    return this.sigma(what) / this.plant.area_cm2;
  }

  sigma(what: Estimated): number {
    return this.estimator.known.sigma[what] as number;
  }

  why(what: Estimated): Why {
    return this.estimator.known.why[what] as Why;
  }

  /** Error of the concentration overpotential now [mV]. */
  etaError_mV(): number {
    return this.value(Estimated.EtaConc_mV) - 1000 * this.plant.etaConc_V;
  }

  /** Of the last discharge, outside the knee: rms error of what was valid [mV], and which share was. */
  get eta(): { rms_mV: number; valid: number } {
    return { rms_mV: Math.sqrt(this.squares / this.valids), valid: this.valids / this.plateau };
  }

  private compare(): void {
    if (this.plant.saturation > 0.85) return;
    this.plateau++;
    if (this.why(Estimated.EtaConc_mV) !== Why.Valid) return;
    this.valids++;
    this.squares += this.etaError_mV() ** 2;
  }
}
