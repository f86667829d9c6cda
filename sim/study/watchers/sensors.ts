/** What a watched cell's sensors and estimator get wrong, drawn for one specimen. All limits are assumptions but the chips'. */
import { emptyCathode, ocvError_V, openCircuit } from '../../cell/openCircuit';
import type { Plant } from '../../cell/plant';
import { Random } from '../../random';
import type { CellProfile } from '../../profiles/profile';

export interface SensorLimits {
  /** One sigma, of a second's mean. */
  voltageNoise_mV: number;
  temperatureNoise_K: number;
  /** Uniform within. */
  currentGain: number;
  currentOffset_mA_Ah: number;
  thermistor_K: number;
  /** Per kelvin away from 25 degC: a B-value that is off by 1 %. */
  thermistorSlope: number;
  ambient_K: number;
  /** The board's sensor is warmer than the surroundings. */
  boardWarmer_K: number;
  loss: number;
  limit: number;
  /** The thermistor follows the cell with this time constant. */
  thermistorLag_s: number;
  limitNoise: number;
}

const LIMITS: SensorLimits = {
  voltageNoise_mV: 0.2,
  temperatureNoise_K: 0.02,
  currentGain: 0.002,
  currentOffset_mA_Ah: 0.05,
  thermistor_K: 0.5,
  thermistorSlope: 0.0125,
  ambient_K: 1,
  boardWarmer_K: 2,
  loss: 0.2,
  limit: 0.1,
  thermistorLag_s: 10,
  limitNoise: 0.05,
};

/** Steps of the thermistor's converter at 25 degC. */
const LSB_K = 0.004;
/** The open-circuit curve is known to this [V], one sigma. */
const CURVE_V = 0.003;

export class Sensors {
  readonly gain: number;
  readonly loss: number;
  readonly limit: number;
  private readonly thermistor_K: number;
  private readonly thermistorSlope: number;
  private readonly board_K: number;
  private offset_mA = 0;
  private felt_C = NaN;
  private readonly noise: Random;

  constructor(
    readonly seed: number,
    private readonly capacity_mAh: number,
    private readonly limits: SensorLimits = LIMITS,
  ) {
    const within = (limit: number, what: string): number => limit * (2 * new Random(seed, what).uniform() - 1);
    this.gain = 1 + within(limits.currentGain, 'current gain');
    this.loss = 1 + within(limits.loss, 'loss');
    this.limit = 1 + within(limits.limit, 'limit');
    this.thermistor_K = within(limits.thermistor_K, 'thermistor');
    this.thermistorSlope = within(limits.thermistorSlope, 'thermistor slope');
    this.board_K = limits.boardWarmer_K + within(limits.ambient_K, 'board temperature');
    this.noise = new Random(seed, 'noise');
    this.zero();
  }

  /** The current's offset is zeroed in every rest, to what is left of it. */
  zero(): void {
    const { currentOffset_mA_Ah } = this.limits;
    this.offset_mA = (currentOffset_mA_Ah * this.capacity_mAh * (2 * this.noise.uniform() - 1)) / 1000;
  }

  voltage_mV(cell: Plant): number {
    return 1000 * cell.voltage_V + this.limits.voltageNoise_mV * this.noise.normal();
  }

  current_mA(current_mA: number): number {
    return current_mA * this.gain + this.offset_mA;
  }

  temperature_C(cell_C: number, dt_s: number): number {
    const { thermistorLag_s, temperatureNoise_K } = this.limits;
    if (Number.isNaN(this.felt_C)) this.felt_C = cell_C;
    this.felt_C += ((cell_C - this.felt_C) * dt_s) / (thermistorLag_s + dt_s);
    const off_K = this.thermistor_K + this.thermistorSlope * (this.felt_C - 25);
    const read_C = this.felt_C + off_K + temperatureNoise_K * this.noise.normal();
    return LSB_K * Math.round(read_C / LSB_K);
  }

  ambient_C(ambient_C: number): number {
    return ambient_C + this.board_K;
  }

  limit_mA(limit_mA: number): number {
    return limit_mA * this.limit * (1 + this.limits.limitNoise * this.noise.normal());
  }

  /** State of charge by the voltage at rest, read off the nominal curve, and its sigma. */
  restingCharge(cell: Plant): { soc: number; sigma: number } {
    const { profile } = cell;
    const error_V = profile.ocvError ? ocvError_V(profile.ocvError, cell.soc) : 0;
    const true_V = openCircuit(profile.cathode, cell.soc) + emptyCathode(cell.soc) + error_V;
    const read_V = true_V + 3e-4 * this.noise.normal();
    const curve_V = (soc: number): number => openCircuit(profile.cathode, soc) + emptyCathode(soc);
    let low = -0.1;
    let high = 1.1;
    for (let k = 0; k < 40; k++) {
      const middle = (low + high) / 2;
      if (curve_V(middle) < read_V) low = middle;
      else high = middle;
    }
    const soc = (low + high) / 2;
    return { soc, sigma: (0.004 * CURVE_V) / (curve_V(soc + 0.002) - curve_V(soc - 0.002)) };
  }
}

/** Lithium outside the cathode from the rests after charge and discharge, weighted as they are sure. [mAh] */
export class LambdaEstimate {
  private top = { soc: NaN, sigma: NaN };
  private readonly cathode_mAh: number;
  value_mAh = NaN;
  sigma_mAh = NaN;

  constructor(
    private readonly sensors: Sensors,
    believed: CellProfile,
  ) {
    this.cathode_mAh = believed.parameters.Qcat * believed.area_cm2;
  }

  charged(cell: Plant): void {
    this.top = this.sensors.restingCharge(cell);
  }

  discharged(cell: Plant, passed_mAh: number): void {
    const low = this.sensors.restingCharge(cell);
    const { top } = this;
    const highVariance = Number.isNaN(top.soc) ? Infinity : top.sigma ** 2;
    const weight = highVariance === Infinity ? 1 : highVariance / (highVariance + low.sigma ** 2);
    const high_mAh = Number.isNaN(top.soc) ? 0 : this.cathode_mAh * top.soc - passed_mAh;
    this.value_mAh = weight * this.cathode_mAh * low.soc + (1 - weight) * high_mAh;
    this.sigma_mAh = this.cathode_mAh * Math.sqrt(weight) * low.sigma;
    this.top = { soc: NaN, sigma: NaN };
  }
}
