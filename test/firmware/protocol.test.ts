import { describe, expect, it } from 'vitest';
import { EndedBy } from '../../firmware/protocol/protocol';
import { faultName } from '../../firmware/protect/faults';
import { channelConfig } from '../../sim/campaign/channelRun';
import { cyclerProtocol } from '../../firmware/protocol/cycler';
import { channelBench } from './channelBench';
import { loadProfile } from '../../sim/profiles/profile';

const profile = loadProfile('afl-l1');
const protocol = (cycles: number) => channelConfig(profile, { charge_C: 1, discharge_C: 2, cycles }).protocol;

describe('the cycler protocol', () => {
  it('is formation twice and then the cycle under test', () => {
    const steps = protocol(3);
    expect(steps.map((step) => step.kind)).toEqual([1, 0, 2, 0, 3, 1, 0, 2, 0, 3]);
    expect(steps[4]).toMatchObject({ to: 0, times: 2 });
    expect(steps[9]).toMatchObject({ to: 5, times: 3 });
    expect(steps[7]!.current_mA).toBeCloseTo(1998);
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
      });
      config.limits.overCharge_mA = config.limits.overDischarge_mA = 3000;
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
