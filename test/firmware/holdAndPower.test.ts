import { describe, expect, it } from 'vitest';
import { EndedBy } from '../../firmware/protocol/protocol';
import { createStep, StepKind } from '../../firmware/protocol/step';
import { faultName } from '../../firmware/protect/names';
import { allow, channelBench } from './channelBench';
import { follow, repeat } from './follow';

const { Rest, Charge, Hold, Power } = StepKind;

describe('a hold at the cut-off of a charge, through the chips', () => {
  const LIMIT_MA = 50;
  const holds = (charge_mA: number, noise: number, period_ms: number, hold_ms: number) => {
    const bench = channelBench('rest', (config) => {
      const charge = createStep(Charge, charge_mA, 4300, 0);
      config.protocol = [charge, createStep(Hold, LIMIT_MA, 4300, hold_ms), createStep(Rest, 0, 0, 1000), repeat(1)];
      config.pace.period_ms = period_ms;
      allow(config.limits, 2000);
    });
    const { bms, channel } = bench;
    const errors = (channel.ina as unknown as { errors: { busNoise_V: number } }).errors;
    errors.busNoise_V *= noise;
    const found = { voltages_mV: [] as number[], wishes_mA: [] as number[], passed_mC: 0, time_ms: 0 };
    let at_ms = 0;
    bench.run(1e8, () => {
      const now_ms = channel.clock.now_ms;
      found.passed_mC -= channel.current_A * (now_ms - at_ms);
      if (bms.run.index === 1) {
        found.voltages_mV.push(channel.cell.voltage_V * 1000);
        found.wishes_mA.push(-bms.actuator.wish_mA);
        found.time_ms += now_ms - at_ms;
      }
      at_ms = now_ms;
      return !bms.run.running || bms.protection.fault !== 0;
    });
    expect(faultName(bms.protection.fault)).toBe('none');
    return { ...found, last: bms.run.last };
  };

  it.each([
    [1000, 1, 100],
    [1000, 3, 100],
    [1000, 1, 1000],
    [200, 1, 100],
    [200, 3, 100],
  ])(
    'from %i mA, noise times %i, at a pace of %i ms: within millivolts, until the current has fallen',
    (charge_mA, noise, period_ms) => {
      const { voltages_mV, wishes_mA, passed_mC, last } = holds(charge_mA, noise, period_ms, 0);
      expect(last.chargeEnd).toBe(EndedBy.Current);
      expect(Math.max(...voltages_mV)).toBeLessThan(4300 + 2);
      expect(Math.min(...voltages_mV)).toBeGreaterThan(4300 - 4);
      expect(wishes_mA[0]).toBe(charge_mA);
      for (let k = 1; k < wishes_mA.length; k++) expect(wishes_mA[k]!).toBeLessThanOrEqual(wishes_mA[k - 1]!);
      expect(wishes_mA.at(-1)).toBeLessThan(LIMIT_MA * 1.02);
      expect(wishes_mA.at(-1)).toBeGreaterThan(LIMIT_MA);
      expect(Math.abs(last.charge_mC / passed_mC - 1)).toBeLessThan(5e-4);
    },
  );

  it('ends after its time, and at once without a charge before it', () => {
    const { last, time_ms } = holds(1000, 1, 100, 120000);
    expect(last.chargeEnd).toBe(EndedBy.Time);
    expect(time_ms).toBe(120000);
    const alone = follow([createStep(Hold, 1, 4000, 0), createStep(Rest, 0, 0, 1000)]);
    expect(alone.charge_mC).toBe(0);
    expect(alone.stretches[0]!.to_ms - alone.stretches[0]!.from_ms).toBe(100);
  });
});

describe('a discharge of constant power, through the chips', () => {
  const POWER_MW = 5000;
  const powers = (time_ms: number) => {
    const bench = channelBench('rest', (config) => {
      config.protocol = [createStep(Power, POWER_MW, 3000, time_ms), createStep(Rest, 0, 0, 1000), repeat(1)];
      allow(config.limits, 3000);
    });
    const { bms, channel } = bench;
    const found = { powers_mW: [] as number[], changes: 0, passed_mC: 0, time_ms: 0 };
    let at_ms = 0;
    let wish_mA = 0;
    bench.run(1e8, () => {
      const now_ms = channel.clock.now_ms;
      if (bms.selfTest === undefined) found.passed_mC += channel.current_A * (now_ms - at_ms);
      if (channel.current_A > 0 && bms.selfTest === undefined) {
        found.powers_mW.push(channel.current_A * channel.cell.voltage_V * 1000);
        found.time_ms += now_ms - at_ms;
      }
      if (bms.actuator.wish_mA !== wish_mA) found.changes++;
      wish_mA = bms.actuator.wish_mA;
      at_ms = now_ms;
      return !bms.run.running || bms.protection.fault !== 0;
    });
    expect(faultName(bms.protection.fault)).toBe('none');
    return { ...found, run: bms.run };
  };

  it('keeps its power while the voltage falls, and counts as the discharge', () => {
    const { powers_mW, changes, passed_mC, run } = powers(0);
    // The first tick goes by the voltage at rest; then a 256th, the power stage's gain and the monitor's errors.
    expect(Math.abs(powers_mW[0]! / POWER_MW - 1)).toBeLessThan(0.01);
    for (const power_mW of powers_mW.slice(1)) expect(Math.abs(power_mW / POWER_MW - 1)).toBeLessThan(1 / 256 + 0.003);
    expect(run.last.dischargeEnd).toBe(EndedBy.Voltage);
    expect(run.capacity_mC[0]).toBe(run.last.discharge_mC);
    expect(Math.abs(run.last.discharge_mC / passed_mC - 1)).toBeLessThan(5e-4);
    expect(changes).toBeGreaterThan(50);
    expect(changes).toBeLessThan(200);
  });

  it('ends after its time', () => {
    const { time_ms, run } = powers(60000);
    expect(time_ms).toBe(60000);
    expect(run.last.dischargeEnd).toBe(EndedBy.Time);
  });
});
