import { describe, expect, it } from 'vitest';
import { createStep, StepKind } from '../../firmware/protocol/step';
import { channelConfig } from '../../sim/campaign/channelRun';
import type { Ina228Errors } from '../../sim/chips/ina228';
import { loadProfile } from '../../sim/profiles/profile';
import { channelBench } from './channelBench';
import { STATES } from './faultCases/breaks';
import { flows, trippedNames } from './faultBench';

describe('nothing trips and nothing is taken away that should not be', () => {
  const profile = loadProfile('afl-l1');
  /** A current monitor at the limits of its datasheet (section 6.5), with twice its noise (assumed). */
  const specimen = (sign: number): Partial<Ina228Errors> => ({
    shuntOffset_V: sign * 1e-6,
    shuntGain: 1 + sign * 5e-4,
    busOffset_V: sign * 2.5e-3,
    busGain: 1 + sign * 5e-4,
    shuntNoise_V: 2e-6,
    busNoise_V: 600e-6,
    temperatureOffset_C: sign,
  });

  it.each([
    [0, -1],
    [0, 1],
    [45, -1],
    [45, 1],
  ])(
    'a charge to its cut-off, held there, and 3C with interrupts down to its own: %s degC, errors %s',
    (temperature_C, sign) => {
      const bench = channelBench(
        'rest',
        (config) => {
          config.limits = channelConfig(profile, { charge_C: 1, discharge_C: 3, cycles: 0 }).limits;
          config.protocol = [
            createStep(StepKind.Charge, 200, 4300, 0),
            createStep(StepKind.Hold, 50, 4300, 36e5),
            createStep(StepKind.Rest, 0, 0, 60000),
            { ...createStep(StepKind.Discharge, 2999, 3000, 0), interrupts: 4 },
            createStep(StepKind.Rest, 0, 0, 60000),
          ];
        },
        { temperature_C, ina228: specimen(sign) },
      );
      const { bms } = bench;
      const { protection } = bms;
      const tripped = new Set<string>();
      let least = 1;
      bench.run(72e5, () => {
        for (const name of trippedNames(bench)) tripped.add(name);
        least = Math.min(least, protection.charge, protection.discharge);
        return !bms.run.running;
      });
      expect([...tripped]).toEqual([]);
      expect(bms.run.running).toBe(false);
      // Some microvolts of noise at the cut-off are not the over-voltage, and the end of the discharge is above its lowest.
      expect(least).toBe(1);
    },
  );

  it('by a single bad sample', () => {
    const bench = channelBench('discharge');
    bench.run(10000);
    const { ina } = bench.channel;
    const run = ina.run.bind(ina);
    ina.run = (dt_s) => run(dt_s, 4.37, 0);
    bench.run(100);
    ina.run = run;
    bench.run(10000);
    expect(trippedNames(bench)).toEqual([]);
    expect(flows(bench, 'discharge')).toBe(true);
  });

  it('by a single sample of the voltage alone that is far off', () => {
    const bench = channelBench('discharge');
    bench.run(10000);
    const began_ms = bench.change(() => (bench.channel.defects = { voltage: { offset: -0.7 } }));
    // Up to the next tick.
    bench.run(100 - (began_ms % 100));
    expect(bench.change(() => (bench.channel.defects = undefined)) - began_ms).toBe(100);
    bench.run(10000);
    expect(trippedNames(bench)).toEqual([]);
  });

  it('by a line that is freed by nine clocks', () => {
    for (const state of STATES) {
      const bench = channelBench(state);
      bench.run(10000);
      bench.change(() => (bench.channel.bus.defects = { sdaHeld_clocks: 9 }));
      bench.run(10000);
      expect(trippedNames(bench)).toEqual([]);
      expect(flows(bench, state)).toBe(true);
    }
  });
});
