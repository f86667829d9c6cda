/**
 * What the supervisor is to show to the rows, said a second time: every value of every row, whenever there is a fresh one, and
 * no thought of what that costs.
 */
import type { Limits } from '../../firmware/config/config';
import { check, settle } from '../../firmware/protect/engine';
import { Fault } from '../../firmware/protect/faults';
import type { Protection } from '../../firmware/protect/protection';
import { Slow } from '../../firmware/sense/sense';
import type { Inputs, SenseInput } from './inputs';

/** The current is judged from this time after a change of the set-point on. */
const FOLLOWS_MS = 150;
/** Less than this between two samples, or to the set-point, is no current at all. */
const SMALL_MA = 50;
/** 1.1 times the lasting current may flow this long. */
const LASTING_S = 50;

export class NaiveSupervisor {
  private last = { mV: 0, mA: 0, at_ms: -1, equal: 0 };
  private lastTemperature = { C: 0, mV: 0, at_ms: -1, equal: 0 };
  private heat = { charge: 0, discharge: 0 };

  constructor(
    private readonly p: Protection,
    private readonly limits: Limits,
  ) {}

  supervise(inputs: Inputs, now_ms: number): void {
    const { sense, alerted } = inputs;
    const fresh = sense.at_ms === now_ms;
    this.show(Fault.FrontEnd, Number(alerted), now_ms);
    this.show(Fault.NoAcknowledge, sense.failedTicks, now_ms);
    this.show(Fault.BusStuck, sense.stuckTicks, now_ms);
    this.show(Fault.StaleData, now_ms - sense.at_ms, now_ms);
    if (fresh) this.sample(inputs, now_ms);
    if (sense.slowDue) this.slow(inputs, now_ms);
    else this.readBack(inputs, now_ms);
    settle(this.p);
  }

  private show(fault: Fault, value: number, now_ms: number): void {
    check(this.p, fault, value, now_ms);
  }

  private sample({ sense, actuator }: Inputs, now_ms: number): void {
    const { last, heat, limits } = this;
    const { voltage_mV, current_mA } = sense;
    const passed_s = (now_ms - last.at_ms) / 1000;
    last.equal = voltage_mV - last.mV === 0 && current_mA === last.mA ? last.equal + 1 : 0;
    const steady = Math.abs(current_mA - last.mA) < SMALL_MA && passed_s > 0;
    const slope_mV_s = steady ? Math.abs(voltage_mV - last.mV) / passed_s : 0;
    Object.assign(last, { mV: voltage_mV, mA: current_mA, at_ms: now_ms });
    this.show(Fault.InvalidData, Number(sense.invalid), now_ms);
    if (sense.invalid) return;
    heat.discharge = heated(heat.discharge, current_mA / limits.lastingDischarge_mA, passed_s);
    heat.charge = heated(heat.charge, -current_mA / limits.lastingCharge_mA, passed_s);
    const settled = now_ms - actuator.since_ms > FOLLOWS_MS;
    const error_mA = settled ? Math.abs(current_mA - actuator.set_mA) : 0;

    this.show(Fault.OutOfRange, Math.abs(voltage_mV - 2750), now_ms);
    this.show(Fault.OverVoltage, voltage_mV, now_ms);
    this.show(Fault.DeepDischarge, voltage_mV, now_ms);
    this.show(Fault.UnderVoltage, voltage_mV, now_ms);
    this.show(Fault.OverDischargeCurrent, current_mA, now_ms);
    this.show(Fault.OverChargeCurrent, -current_mA, now_ms);
    this.show(Fault.LastingDischargeCurrent, heat.discharge, now_ms);
    this.show(Fault.LastingChargeCurrent, heat.charge, now_ms);
    this.show(Fault.StuckData, last.equal, now_ms);
    this.show(Fault.ImpossibleSlope, slope_mV_s, now_ms);
    const isOpen = actuator.set_mA === 0;
    this.show(Fault.CurrentWhenOpen, isOpen ? error_mA : 0, now_ms);
    this.show(Fault.CurrentNotFollowing, isOpen ? 0 : error_mA, now_ms);
  }

  private readBack({ sense, actuator }: Inputs, now_ms: number): void {
    const { set_mA } = actuator;
    const unread_ms = now_ms - actuator.checkedAt_ms;
    if (unread_ms !== 0) return this.show(Fault.StaleSlowData, unread_ms, now_ms);
    const judged = Math.abs(set_mA) >= SMALL_MA && now_ms - actuator.since_ms > FOLLOWS_MS;
    this.show(Fault.ActuatorMismatch, Number(actuator.mismatch), now_ms);
    this.show(Fault.SwitchNotClosing, judged ? (100 * sense.current_mA) / set_mA : 100, now_ms);
  }

  private slow({ sense, actuator, counter }: Inputs, now_ms: number): void {
    const age_ms = now_ms - sense.slowAt_ms[sense.slow]!;
    this.show(Fault.StaleSlowData, age_ms, now_ms);
    if (age_ms !== 0) return;
    switch (sense.slow) {
      case Slow.Temperature:
        return this.temperature(sense, now_ms);
      case Slow.CoarseVoltage:
        return this.show(Fault.VoltagesDisagree, sense.voltageGap_mV, now_ms);
      case Slow.CoarseTemperature:
        return this.show(Fault.TemperaturesDisagree, sense.temperatureGap_C, now_ms);
      case Slow.ChipCharge:
        return this.show(Fault.ChargeCountDisagrees, counter.error_mC, now_ms);
      case Slow.Settings:
        this.show(Fault.PartReset, Number(!sense.settingsHold), now_ms);
        return this.show(Fault.SetPointOutOfRange, actuator.clipped_mA, now_ms);
      default:
        return this.show(Fault.BoardTemperature, sense.ambient_C, now_ms);
    }
  }

  private temperature({ temperature_C, thermistor_mV }: SenseInput, now_ms: number): void {
    const last = this.lastTemperature;
    const rise_K = temperature_C - last.C;
    const passed_s = (now_ms - last.at_ms) / 1000;
    last.equal = thermistor_mV === last.mV ? last.equal + 1 : 0;
    Object.assign(last, { C: temperature_C, mV: thermistor_mV, at_ms: now_ms });

    this.show(Fault.ThermistorStuck, last.equal, now_ms);
    this.show(Fault.ThermistorOpen, temperature_C, now_ms);
    this.show(Fault.ThermistorShort, temperature_C, now_ms);
    // Without a thermistor there is no temperature.
    if (temperature_C < -60 || temperature_C > 150) return;
    this.show(Fault.OverTemperature, temperature_C, now_ms);
    this.show(Fault.UnderTemperature, temperature_C, now_ms);
    this.show(Fault.ChargeOverTemperature, temperature_C, now_ms);
    this.show(Fault.ChargeUnderTemperature, temperature_C, now_ms);
    // Nor has a thermistor warmed the cell that was broken before.
    this.show(Fault.TemperatureSlope, rise_K < 150 ? rise_K / passed_s : 0, now_ms);
  }
}

/**
 * All that is allowed is 1: that of 1.1 times the lasting current, beyond the lasting current's own, after `LASTING_S`. More than
 * 2 is not counted.
 */
function heated(heat: number, share: number, passed_s: number): number {
  const square = Math.min(1.9, Math.max(0, share)) ** 2;
  return Math.min(2, Math.max(0, heat + ((square - 1) * passed_s) / ((1.1 ** 2 - 1) * LASTING_S)));
}
