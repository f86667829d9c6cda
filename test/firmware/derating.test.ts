import { describe, expect, it } from 'vitest';
import { Fault } from '../../firmware/protect/faults';
import type { ChannelDefects } from '../../sim/bench/faults';
import { channelBench } from './channelBench';
import type { State } from './faultCases/breaks';
import { isTripped, trippedNames } from './faultBench';

describe('derating comes before a trip', () => {
  it.each<[what: string, state: State, near: ChannelDefects | number, share: number]>([
    ['a high voltage', 'charge', { voltage: { stuck: 4.34 }, coarseVoltage: { stuck: 4.34 } }, 0.5],
    ['a low voltage', 'discharge', { voltage: { stuck: 2.55 }, coarseVoltage: { stuck: 2.55 } }, 0.25],
    ['a hot cell', 'discharge', 62.5, 0.5],
    ['a cold cell', 'discharge', -21, 0.8],
    ['a warm cell in charge', 'charge', 53.5, 0.5],
    ['a cool cell in charge', 'charge', -18.5, 0.5],
  ])('%s in %s', (_, state, near, share) => {
    const bench = channelBench(state, (config) => {
      config.cell = undefined;
      config.protocol[0]!.until_mV = state === 'charge' ? 9999 : -1;
    });
    bench.run(10000);
    const before_A = bench.channel.current_A;
    bench.change(() => {
      if (typeof near === 'number') bench.channel.sensorTemperature_C = near;
      else bench.channel.defects = near;
    });
    bench.run(30000);
    // Too hot to be charged it may be already.
    expect(bench.bms.protection.open).toBe(false);
    expect(Math.abs(bench.channel.current_A / before_A - share)).toBeLessThan(0.05);
  });

  it('a charge that nothing ends has faded to almost nothing when the over-voltage ends it', () => {
    const bench = channelBench('charge', (config) => {
      config.cell = undefined;
      config.protocol[0]!.current_mA = 999;
      config.protocol[0]!.until_mV = 9999;
    });
    const { channel } = bench;
    let last_A = 0;
    bench.run(36e5, () => {
      if (channel.current_A !== 0) last_A = channel.current_A;
      return isTripped(bench, Fault.OverVoltage);
    });
    expect(trippedNames(bench)).toEqual(['over-voltage']);
    expect(Math.abs(last_A)).toBeLessThan(0.05);
    expect(channel.cell.voltage_V).toBeLessThan(4.352);
  });

  it('a lasting current is kept at what may last', () => {
    const bench = channelBench('discharge', (config) => {
      config.limits.lastingDischarge_mA = 500;
    });
    bench.run(60000);
    expect(trippedNames(bench)).toEqual([]);
    expect(Math.abs(bench.channel.current_A)).toBeLessThan(0.51);
    expect(Math.abs(bench.channel.current_A)).toBeGreaterThan(0.45);
  });
});
