/** A cell that is cycled while the watchers look on, with the errors of a specimen's sensors. */
import { Alarm, alarmEvidence, alarmLevel, alarmReason, Level, type Reason } from '../../../firmware/watch/alarms';
import type { WatchSettings } from '../../../firmware/watch/settings';
import { createWatch, watchCycle, watchSecond, type Watch } from '../../../firmware/watch/watch';
import { createPlant, type PlantKind } from '../../cell/createPlant';
import type { Plant } from '../../cell/plant';
import type { CellProfile } from '../../profiles/profile';
import type { HeatBalance } from '../../thermal/heatBalance';
import { heatOfCell_W, warm } from '../../thermal/selfHeat';
import { LambdaEstimate, Sensors, type SensorLimits } from './sensors';

export interface WatchedOptions {
  /** What the cell is; `settings` and `believed` what the watchers and the inventory were told. */
  profile: CellProfile;
  believed: CellProfile;
  settings: WatchSettings;
  plant?: PlantKind;
  temperature_C: number;
  seed: number;
  limits?: SensorLimits;
  /** Warms the cell; undefined: its temperature is held. */
  balance?: HeatBalance;
  /** The watchers are not told the surroundings' temperature. */
  ambientUnknown?: boolean;
}

export interface Cycle {
  charge_C: number;
  discharge_C: number;
  rest_s: number;
}

/** When an alarm first reached a level. */
export interface Found {
  alarm: Alarm;
  level: Level;
  reason: Reason;
  evidence: number;
  /** Cycle count and time then; temperature of the cell. */
  cycle: number;
  time_s: number;
  temperature_C: number;
}

/** Longest charge or discharge, as a multiple of its nominal time. */
const PATIENCE = 2;
const STEP_S = 1;
const WATCHED = [Alarm.SoftShort, Alarm.SelfHeating, Alarm.Drying, Alarm.LowTemperaturePlating];

export class WatchedCell {
  readonly watch: Watch;
  readonly cell: Plant;
  readonly sensors: Sensors;
  readonly found: Found[] = [];
  time_s = 0;
  /** The cycle that is under way, from 1. */
  cycle = 1;
  /** Largest leak in a charge of this cycle, as a share of the charge current. */
  leakShare = 0;
  /** Called before every second. */
  onSecond: (() => void) | undefined;
  /** Largest plating number of this cycle, as it is. */
  platingNumber = 0;
  private readonly lambda: LambdaEstimate;
  private readonly levels = new Uint8Array(Alarm.length);
  private charged_mAh = 0;
  private discharged_mAh = 0;

  constructor(private readonly options: WatchedOptions) {
    const { profile, settings, seed } = options;
    this.cell = createPlant(options.plant ?? 'reduced', profile, options.temperature_C);
    this.sensors = new Sensors(seed, settings.capacity_mAh, options.limits);
    this.lambda = new LambdaEstimate(this.sensors, options.believed);
    this.watch = createWatch(settings);
  }

  /** First time the alarm reached the level; undefined: it has not. */
  first(alarm: Alarm, level = Level.Alarm): Found | undefined {
    return this.found.find((found) => found.alarm === alarm && found.level >= level);
  }

  /** Charge, rest, discharge, rest. @returns false when the charge or discharge did not come to its end in time */
  runCycle(cycle: Cycle): boolean {
    const { chargeCutoff_V, dischargeCutoff_V } = this.cell.profile;
    this.leakShare = this.platingNumber = 0;
    if (!this.until(-cycle.charge_C, (voltage_V) => voltage_V >= chargeCutoff_V)) return false;
    this.rest(cycle.rest_s);
    this.lambda.charged(this.cell);
    const before_mAh = this.discharged_mAh;
    if (!this.until(cycle.discharge_C, (voltage_V) => voltage_V <= dischargeCutoff_V)) return false;
    this.rest(cycle.rest_s);
    this.closeCycle(this.discharged_mAh - before_mAh);
    return true;
  }

  rest(time_s: number): void {
    for (let left_s = time_s; left_s > 0; left_s -= STEP_S) this.second(0);
    this.sensors.zero();
  }

  private until(rate_C: number, done: (voltage_V: number) => boolean): boolean {
    const i = rate_C * this.cell.nominal_mAh_cm2;
    const longest_s = (PATIENCE * 3600) / Math.abs(rate_C);
    for (let passed_s = 0; passed_s < longest_s; passed_s += STEP_S) {
      this.second(i);
      if (done(this.cell.voltage_V)) return true;
      if (this.options.balance?.runaway_C != null) return false;
    }
    return false;
  }

  /** One second at current density `i` [mA/cm2, discharge positive]. */
  second(i: number): void {
    const { cell, sensors, options } = this;
    const { balance } = options;
    this.onSecond?.();
    cell.step(i, STEP_S);
    if (balance) warm(cell, balance, i, STEP_S);
    this.time_s += STEP_S;
    const true_mA = i * cell.area_cm2;
    const current_mA = i === 0 ? 0 : sensors.current_mA(true_mA);
    const dq_mAh = (current_mA * STEP_S) / 3600;
    if (dq_mAh > 0) this.discharged_mAh += dq_mAh;
    else this.charged_mAh -= dq_mAh;
    let number = 0;
    if (i < 0) {
      this.leakShare = Math.max(this.leakShare, cell.leak_mA_cm2 / -i);
      const truth = -i / cell.limitingCurrent_mA_cm2;
      this.platingNumber = Math.max(this.platingNumber, truth);
      number = truth / sensors.limit;
    }
    const leak_W = (cell.leak_mA_cm2 * cell.area_cm2 * cell.voltage_V) / 1000;
    const loss_W = i === 0 ? 0 : Math.max(0, heatOfCell_W(cell, i) - leak_W) * sensors.loss;
    const ambient_C = options.ambientUnknown
      ? NaN
      : sensors.ambient_C(balance ? balance.ambient_C : cell.temperature_C);
    watchSecond(
      this.watch,
      1000 * this.time_s,
      STEP_S,
      sensors.voltage_mV(cell),
      current_mA,
      sensors.temperature_C(cell.temperature_C, STEP_S),
      ambient_C,
      loss_W,
      number,
      true,
    );
    this.note();
  }

  private closeCycle(passed_mAh: number): void {
    const { lambda, cell, sensors } = this;
    const before_mAh = lambda.value_mAh;
    lambda.discharged(cell, passed_mAh);
    const { temperature_C } = cell;
    cell.temperature_C = 25;
    const limit_mA = sensors.limit_mA(cell.limitingCurrent_mA_cm2 * cell.area_cm2);
    cell.temperature_C = temperature_C;
    watchCycle(
      this.watch,
      1000 * this.time_s,
      this.charged_mAh,
      this.discharged_mAh,
      before_mAh,
      lambda.value_mAh,
      lambda.sigma_mAh,
      limit_mA,
      0.1 * limit_mA,
    );
    this.note();
    this.charged_mAh = this.discharged_mAh = 0;
    this.cycle++;
  }

  private note(): void {
    const { alarms } = this.watch;
    for (const alarm of WATCHED) {
      const level = alarmLevel(alarms, alarm);
      if (level === this.levels[alarm]) continue;
      if (level > this.levels[alarm]!)
        this.found.push({
          alarm,
          level,
          reason: alarmReason(alarms, alarm),
          evidence: alarmEvidence(alarms, alarm),
          cycle: this.cycle,
          time_s: this.time_s,
          temperature_C: this.cell.temperature_C,
        });
      this.levels[alarm] = level;
    }
  }
}
