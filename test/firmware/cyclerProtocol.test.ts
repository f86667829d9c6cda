import { describe, expect, it } from 'vitest';
import { EndedBy } from '../../firmware/protocol/protocol';
import { type ProtocolStep, Steered, StepKind } from '../../firmware/protocol/step';
import { faultName } from '../../firmware/protect/names';
import { channelConfig } from '../../sim/campaign/channelRun';
import { cyclerProtocol } from '../../firmware/protocol/cycler';
import { allow, channelBench } from './channelBench';
import { loadProfile } from '../../sim/profiles/profile';

const profile = loadProfile('afl-l1');
const NO_DIAGNOSTICS = {
  interrupts: 0,
  slowStripEvery: 0,
  slowStrip_mA: 0,
  slowStripRest_ms: 0,
  fullPulseEvery: 0,
  holdTo_mA: 0,
  hold_ms: 0,
  steered: false,
  tail_mA: 0,
  checkupEvery: 0,
  checkup_mA: 0,
};
const protocol = (cycles: number) => channelConfig(profile, { charge_C: 1, discharge_C: 2, cycles }).protocol;

describe('the cycler protocol', () => {
  it('is formation twice and then the cycle under test', () => {
    const steps = protocol(3);
    expect(steps.map((step) => step.kind)).toEqual([1, 0, 2, 0, 3, 1, 0, 2, 0, 3]);
    expect(steps[4]).toMatchObject({ to: 0, times: 2 });
    expect(steps[9]).toMatchObject({ to: 5, times: 3 });
    expect(steps[7]!.current_mA).toBeCloseTo(1998);
    expect(steps.every((step) => step.interrupts === 0 && step.every === 0)).toBe(true);
  });

  it('holds the diagnostics that are asked for', () => {
    const steps = cyclerProtocol({
      ...NO_DIAGNOSTICS,
      formationCycles: 2,
      formation_mA: 100,
      formationRest_ms: 600000,
      charge_mA: 200,
      discharge_mA: 1000,
      rest_ms: 300000,
      chargeTo_mV: 4300,
      dischargeTo_mV: 3000,
      cycles: 0,
      interrupts: 4,
      slowStripEvery: 10,
      slowStrip_mA: 50,
      slowStripRest_ms: 1800000,
      fullPulseEvery: 5,
    });
    const { Rest, Charge, Discharge, Repeat, SlowStrip } = StepKind;
    const row = (step: ProtocolStep): number[] => [
      step.kind,
      step.current_mA,
      step.time_ms,
      step.interrupts,
      step.every,
    ];
    expect(steps.map(row)).toEqual([
      [Charge, 100, 0, 0, 0],
      [Rest, 0, 600000, 0, 0],
      [Discharge, 100, 0, 4, 0],
      [Rest, 0, 600000, 0, 0],
      [Repeat, 0, 0, 0, 0],
      [Charge, 200, 0, 0, 0],
      [Rest, 0, 300000, 0, 0],
      [Discharge, 1000, 10000, 0, 5],
      [Rest, 0, 40000, 0, 5],
      [Discharge, 1000, 0, 4, 0],
      [Rest, 0, 1800000, 0, 10],
      [SlowStrip, 50, 0, 0, 10],
      [Rest, 0, 300000, 0, 0],
      [Repeat, 0, 0, 0, 0],
    ]);
    expect(steps.map(({ to, times }) => [to, times]).filter(([to, times]) => to || times)).toEqual([
      [0, 2],
      [5, 0],
    ]);
    expect(steps.filter((step) => step.current_mA > 0 && step.kind !== Charge).map((step) => step.until_mV)).toEqual(
      Array(4).fill(3000),
    );
  });

  it('holds what the steering may change, check-ups and a hold, after formation alone', () => {
    const { Rest, Charge, Discharge, Repeat, SlowStrip, Hold } = StepKind;
    const { Rate, Tail, Checkup } = Steered;
    const all = {
      ...NO_DIAGNOSTICS,
      formationCycles: 1,
      formation_mA: 100,
      formationRest_ms: 600000,
      charge_mA: 200,
      discharge_mA: 1000,
      rest_ms: 300000,
      chargeTo_mV: 4300,
      dischargeTo_mV: 3000,
      cycles: 0,
      interrupts: 4,
      holdTo_mA: 50,
      hold_ms: 3600000,
      steered: true,
      tail_mA: 90,
      checkupEvery: 20,
      checkup_mA: 210,
    };
    const rows = (steps: ProtocolStep[]): (number | undefined)[][] =>
      steps.map((step) => [
        step.kind,
        step.current_mA,
        step.until_mV,
        step.time_ms,
        step.interrupts,
        step.every,
        step.steer,
      ]);
    const first = [
      [Charge, 100, 4300, 0, 0, 0, undefined],
      [Rest, 0, 0, 600000, 0, 0, undefined],
      [Discharge, 100, 3000, 0, 4, 0, undefined],
      [Rest, 0, 0, 600000, 0, 0, undefined],
      [Repeat, 0, 0, 0, 0, 0, undefined],
      [Charge, 200, 4300, 0, 0, 0, undefined],
    ];
    const last = [
      [Rest, 0, 0, 300000, 0, 0, undefined],
      [Repeat, 0, 0, 0, 0, 0, undefined],
    ];
    expect(rows(cyclerProtocol(all))).toEqual([
      ...first,
      [Hold, 50, 4300, 3600000, 0, 0, undefined],
      [Rest, 0, 0, 300000, 0, 0, undefined],
      [Discharge, 1000, 3000, 0, 4, -20, Rate],
      [Discharge, 210, 3000, 0, 4, 20, Checkup],
      [Rest, 0, 0, -1, 0, -20, Steered.Rest],
      [SlowStrip, 90, 3000, -1, 0, -20, Tail],
      ...last,
    ]);
    expect(rows(cyclerProtocol({ ...all, holdTo_mA: 0, tail_mA: 0, checkupEvery: 0 }))).toEqual([
      ...first,
      [Rest, 0, 0, 300000, 0, 0, undefined],
      [Discharge, 1000, 3000, 0, 4, 0, Rate],
      ...last,
    ]);
  });

  it('runs on the chips: the record holds the charge that really passed, and the run ends after its cycles', () => {
    const bench = channelBench('rest', (config) => {
      config.protocol = cyclerProtocol({
        formationCycles: 1,
        formation_mA: 999,
        formationRest_ms: 60000,
        charge_mA: 999,
        discharge_mA: 1998,
        rest_ms: 60000,
        chargeTo_mV: 4300,
        dischargeTo_mV: 3000,
        cycles: 2,
        ...NO_DIAGNOSTICS,
      });
      allow(config.limits, 3000);
    });
    const { bms, channel } = bench;
    let charged_mC = 0;
    let discharged_mC = 0;
    let finished = 0;
    let at_ms = 0;
    const truth: number[][] = [];
    bench.run(1e8, () => {
      const passed_mC = channel.current_A * (channel.clock.now_ms - at_ms);
      at_ms = channel.clock.now_ms;
      if (passed_mC > 0) discharged_mC += passed_mC;
      else charged_mC -= passed_mC;
      if (bms.run.finished !== finished) {
        finished = bms.run.finished;
        truth.push([charged_mC, discharged_mC, bms.run.last.charge_mC, bms.run.last.discharge_mC]);
        expect(bms.run.last).toMatchObject({ chargeEnd: EndedBy.Voltage, dischargeEnd: EndedBy.Voltage });
        charged_mC = discharged_mC = 0;
      }
      return !bms.run.running;
    });
    expect(faultName(bms.protection.fault)).toBe('none');
    expect(truth).toHaveLength(3);
    expect(bms.run.last.n).toBe(2);
    // Gain error of the current monitor 1e-4, its offset, and the samples at the edges.
    for (const [charge, discharge, countedCharge, countedDischarge] of truth as [number, number, number, number][]) {
      expect(Math.abs(countedCharge / charge - 1)).toBeLessThan(5e-4);
      expect(Math.abs(countedDischarge / discharge - 1)).toBeLessThan(5e-4);
    }
    bench.run(10000);
    expect(channel.current_A).toBe(0);
  });

  it('a slower tick on the plateaus ends its steps where the fast one does', () => {
    const capacity = (period_ms: number): number => {
      const bench = channelBench('discharge', (config) => (config.pace.period_ms = period_ms));
      bench.run(1e7, () => !bench.bms.run.running);
      expect(faultName(bench.bms.protection.fault)).toBe('none');
      return bench.bms.counter.charge_mC / 3600;
    };
    const [fast, slow] = [capacity(100), capacity(1000)];
    expect(Math.abs(slow - fast)).toBeLessThan(999 / 3600); // mAh: less than one slow tick of about 3300
  });
});
