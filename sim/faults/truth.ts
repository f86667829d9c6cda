/**
 * The judge: what the cells really go through, seen on the bench and not by the firmware. They may be outside of their limits no
 * longer than the fault table promises, where its action stops the current at all; "outside" leaves room for what the sensors may be off.
 */
import type { Limits } from '../../firmware/config/config';
import { Action, Fault } from '../../firmware/protect/faults';
import { FAULT_TABLE } from '../../firmware/protect/table';
import { responseOf, type Judged } from './response';

/** How far the truth may lie beyond a limit before it counts, by what the sensors may be off. */
export interface Tolerance {
  voltage_mV: number;
  current_mA: number;
  temperature_K: number;
}

export interface Violation {
  what: string;
  at_ms: number;
  lasted_ms: number;
}

/** The state of the cells that is farthest out, as it is now. */
export interface Extremes {
  highest_mV: number;
  lowest_mV: number;
  hottest_C: number;
  coldest_C: number;
}

/** A current through open switches that is only the offset of the power stage. */
export const NOTHING_MA = 10;
/** No protocol begins a current so often. */
const CHATTERS = 12;
const CHATTER_MS = 10000;
/** Nor does a firmware stop it for less than half a tick: that is a charger that settles. */
const PAUSE_MS = 50;

interface Watched {
  what: string;
  promised_ms: number;
  /** By how much the truth is beyond; at most 0 is inside. */
  beyond: () => number;
  since_ms: number;
  told: boolean;
}

export const promised_ms = (fault: Fault): number => FAULT_TABLE[fault - 1]!.promised_ms;

export class Truth {
  readonly violations: Violation[] = [];
  /** When current last flowed through the cells in each direction. */
  lastCharge_ms = -1;
  lastDischarge_ms = -1;
  /** Some current cannot be stopped by any switch: it is not the firmware's fault. */
  unstoppable = false;
  now_ms = 0;
  current_mA = 0;
  /** The most so far with a current flowing. */
  readonly most = { highest_mV: -Infinity, lowest_mV: Infinity };
  private readonly watched: Watched[] = [];
  private deep = false;
  private belowSince_ms = -1;
  private readonly deepBelow_mV: number;
  /** Times at which a current began, the last few. */
  private readonly begins_ms: number[] = [];
  private flowed = false;
  private chattered = false;
  private ended_ms = -Infinity;

  /**
   * @param period_ms of the ticks
   * @param look the cells as they are now; asked at every step
   */
  constructor(
    private readonly judged: Judged,
    private readonly period_ms: number,
    tolerance: Tolerance,
    private readonly look: () => Extremes,
  ) {
    const { limits } = judged;
    const { voltage_mV, current_mA, temperature_K } = tolerance;
    this.deepBelow_mV = limits.deepDischarge_mV - voltage_mV;
    const { StopCharge, StopDischarge, Open } = Action;
    this.watch(
      Fault.OverVoltage,
      StopCharge,
      'charged above the highest voltage',
      (now) => now.highest_mV - limits.overVoltage_mV - voltage_mV,
    );
    this.watch(
      Fault.UnderVoltage,
      StopDischarge,
      'discharged below the lowest voltage',
      (now) => limits.underVoltage_mV - now.lowest_mV - voltage_mV,
    );
    this.watch(
      Fault.OverChargeCurrent,
      StopCharge,
      'charged with too much current',
      () => -this.current_mA - limits.overCharge_mA - current_mA,
    );
    this.watch(
      Fault.OverDischargeCurrent,
      StopDischarge,
      'discharged with too much current',
      () => this.current_mA - limits.overDischarge_mA - current_mA,
    );
    this.watch(
      Fault.OverTemperature,
      Open,
      'current in a cell that is too hot',
      (now) => now.hottest_C - limits.overTemperature_C - temperature_K,
    );
    this.watch(
      Fault.UnderTemperature,
      Open,
      'current in a cell that is too cold',
      (now) => limits.underTemperature_C - now.coldest_C - temperature_K,
    );
    this.watch(
      Fault.ChargeOverTemperature,
      StopCharge,
      'charged too hot',
      (now) => now.hottest_C - limits.chargeOverTemperature_C - temperature_K,
    );
    this.watch(
      Fault.ChargeUnderTemperature,
      StopCharge,
      'charged too cold',
      (now) => limits.chargeUnderTemperature_C - now.coldest_C - temperature_K,
    );
    this.watch(Fault.DeepDischarge, StopCharge, 'charged after a deep discharge', () => (this.deep ? 1 : 0));
  }

  /** Something else that may not be for longer than a row promises. */
  forbid(fault: Fault, what: string, beyond: () => number): void {
    this.watched.push({ what, promised_ms: this.allowed_ms(fault), beyond, since_ms: -1, told: false });
  }

  /** Told of each step of the bench, after it. */
  step(dt_s: number, current_A: number): void {
    const begin_ms = this.now_ms;
    this.now_ms += 1000 * dt_s;
    this.current_mA = 1000 * current_A;
    this.now = this.look();
    if (this.current_mA > NOTHING_MA) this.lastDischarge_ms = this.now_ms;
    else if (this.current_mA < -NOTHING_MA) this.lastCharge_ms = this.now_ms;
    this.noteMost();
    this.watchDeep(begin_ms);
    this.watchChatter();
    if (this.unstoppable) return;
    for (const one of this.watched) {
      if (one.beyond() <= 0) {
        one.since_ms = -1;
        one.told = false;
        continue;
      }
      if (one.since_ms < 0) one.since_ms = begin_ms;
      const lasted_ms = this.now_ms - one.since_ms;
      if (lasted_ms <= one.promised_ms) continue;
      if (!one.told) this.violations.push({ what: one.what, at_ms: one.since_ms, lasted_ms });
      else this.violations.at(-1)!.lasted_ms = lasted_ms;
      one.told = true;
    }
  }

  private now: Extremes = { highest_mV: 0, lowest_mV: 0, hottest_C: 25, coldest_C: 25 };

  /** Where the row's action stops currents of `direction`, they may not flow beyond its limit. */
  private watch(fault: Fault, direction: Action, what: string, beyond: (now: Extremes) => number): void {
    const stops = responseOf(this.judged, fault).action & direction;
    if (stops === 0) return;
    this.forbid(fault, what, () => {
      const flows =
        (stops & Action.StopCharge && this.current_mA < -NOTHING_MA) ||
        (stops & Action.StopDischarge && this.current_mA > NOTHING_MA);
      return flows ? beyond(this.now) : 0;
    });
  }

  /** What is promised at ten ticks a second takes as many ticks at any other pace. */
  private allowed_ms(fault: Fault): number {
    return (promised_ms(fault) * this.period_ms) / PROMISED_PERIOD_MS;
  }

  private noteMost(): void {
    if (Math.abs(this.current_mA) <= NOTHING_MA) return;
    const { most, now } = this;
    most.highest_mV = Math.max(most.highest_mV, now.highest_mV);
    most.lowest_mV = Math.min(most.lowest_mV, now.lowest_mV);
  }

  /** A protection that takes the current away and gives it back, again and again, protects nothing. */
  private watchChatter(): void {
    const flows = Math.abs(this.current_mA) > NOTHING_MA;
    if (!flows && this.flowed) this.ended_ms = this.now_ms;
    if (flows && !this.flowed && this.now_ms - this.ended_ms > PAUSE_MS) {
      this.begins_ms.push(this.now_ms);
      if (this.begins_ms.length > CHATTERS) this.begins_ms.shift();
      const lasted_ms = this.now_ms - this.begins_ms[0]!;
      if (this.begins_ms.length === CHATTERS && lasted_ms < CHATTER_MS && !this.chattered) {
        this.chattered = true;
        this.violations.push({ what: 'the current goes on and off', at_ms: this.begins_ms[0]!, lasted_ms });
      }
    }
    this.flowed = flows;
  }

  /** A cell that was deeply discharged for longer than it takes to see it stays so. */
  private watchDeep(begin_ms: number): void {
    if (this.now.lowest_mV > this.deepBelow_mV) {
      this.belowSince_ms = -1;
      return;
    }
    if (this.belowSince_ms < 0) this.belowSince_ms = begin_ms;
    if (this.now_ms - this.belowSince_ms > this.allowed_ms(Fault.DeepDischarge)) this.deep = true;
  }
}

const PROMISED_PERIOD_MS = 100;

/** Whether a trip of these rows is right: the truth was there. */
export function wasBeyond({ most }: Truth, limits: Limits, fault: Fault, tolerance_mV: number): boolean {
  const above = most.highest_mV > limits.overVoltage_mV - tolerance_mV;
  const below = most.lowest_mV < limits.underVoltage_mV + tolerance_mV;
  if (fault === Fault.OverVoltage) return above;
  if (fault === Fault.UnderVoltage) return below;
  return fault === Fault.FrontEnd && (above || below);
}
