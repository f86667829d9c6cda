import { describe, expect, it } from 'vitest';
import { createBms } from '../../firmware/bms';
import { Fault, faultName } from '../../firmware/protect/faults';
import { releaseFault } from '../../firmware/protect/protect';
import { loadProfile } from '../../sim/profiles/profile';
import { Cell } from '../../sim/cell/cell';
import { Channel } from '../../sim/bench/channel';
import { channelConfig } from '../../sim/campaign/channelRun';
import { channelBench, WHAT, type ChannelBench } from './channelBench';

const STATES = Object.keys(WHAT) as (keyof typeof WHAT)[];

/** Makes something break in a running channel. */
type Break = (bench: ChannelBench) => void;

/** Switches open and set-point zero, judged at pins and parts, not by the firmware's opinion. */
function isSafe({ channel }: ChannelBench): boolean {
  return !channel.chargeSwitch.level && !channel.dischargeSwitch.level && channel.dac.output === 0;
}

/** What is promised of the first form of the firmware: longest time from the fault to open switches. */
const ROWS: [fault: string, within_ms: number, breaks: Break, states: (keyof typeof WHAT)[]][] = [
  ['over-voltage', 700, ({ bms }) => (bms.config.limits.overVoltage_mV = 3500), STATES],
  ['under-voltage', 700, ({ bms }) => (bms.config.limits.underVoltage_mV = 4500), STATES],
  ['over-current in discharge', 700, ({ bms }) => (bms.config.limits.overDischarge_mA = 500), ['discharge']],
  ['over-current in charge', 700, ({ bms }) => (bms.config.limits.overCharge_mA = 100), ['charge']],
  ['over-temperature', 1500, ({ channel }) => (channel.sensorTemperature_C = 80), STATES],
  ['under-temperature', 1500, ({ channel }) => (channel.sensorTemperature_C = -40), STATES],
  ['over-temperature', 1500, ({ channel }) => (channel.sensorTemperature_C = 1e6), STATES], // a shorted thermistor
  ['stale data', 2000, ({ channel, config }) => channel.bus.detach(config.board.ina228.address), STATES],
  ['stale data', 16000, ({ channel, config }) => channel.bus.detach(config.board.ads1115.address), STATES],
  ['stale data', 16000, ({ channel, config }) => channel.bus.detach(config.board.dac.address), ['rest']],
  ['part reset itself', 2000, ({ channel }) => channel.ina.reset(), ['rest']],
  ['invalid data', 700, ({ channel }) => (channel.ina.run = saturated(channel)), STATES],
  ['current does not follow the set-point', 1000, ({ channel }) => (channel.stageGain = 0.5), ['charge', 'discharge']],
  ['actuator read-back does not match', 2000, ({ channel }) => channel.dac.writeTo([0, 7], 0), ['rest']],
  ['actuator read-back does not match', 2000, ({ channel }) => (channel.chargeSwitch.level = true), ['discharge']],
];

function saturated(channel: Channel): Channel['ina']['run'] {
  const { ina } = channel;
  const run = ina.run.bind(ina);
  return (dt_s, bus_V) => run(dt_s, bus_V, 1000);
}

describe('every fault opens both switches and sets zero, in its time, and stays', () => {
  const cases = ROWS.flatMap(([fault, within_ms, breaks, states]) =>
    states.map((state) => ({ fault, within_ms, breaks, state })),
  );
  it.each(cases)('$fault in $state within $within_ms ms', ({ fault, within_ms, breaks, state }) => {
    const bench = channelBench(state);
    bench.run(120000);
    expect(faultName(bench.bms.protection.fault)).toBe('none');
    if (state !== 'rest') expect(isSafe(bench)).toBe(false);
    breaks(bench);
    const took_ms = bench.run(60000, () => bench.bms.protection.fault !== Fault.None);
    expect(faultName(bench.bms.protection.fault)).toBe(fault);
    expect(took_ms).toBeLessThanOrEqual(within_ms);
    expect(isSafe(bench)).toBe(true);
    bench.run(60000);
    expect(isSafe(bench)).toBe(true);
    expect(bench.channel.current_A).toBe(0);
  });

  it('with a DAC that no longer answers the switches open all the same', () => {
    const bench = channelBench('discharge');
    bench.run(120000);
    bench.channel.bus.detach(bench.config.board.dac.address);
    bench.run(16000, () => bench.bms.protection.fault !== Fault.None);
    expect(faultName(bench.bms.protection.fault)).toBe('stale data');
    bench.run(1000);
    expect(bench.channel.dischargeSwitch.level).toBe(false);
    expect(bench.channel.current_A).toBe(0);
  });

  it('the coarse second opinion trips a current monitor that reads a wrong voltage', () => {
    const bench = channelBench('rest');
    bench.run(60000);
    const { ina } = bench.channel;
    const run = ina.run.bind(ina);
    ina.run = (dt_s, bus_V, current_A) => run(dt_s, bus_V - 0.5, current_A);
    bench.run(5000, () => bench.bms.protection.fault !== Fault.None);
    expect(faultName(bench.bms.protection.fault)).toBe('sensors disagree');
  });

  it("the chip's own accumulator trips a firmware that counts wrongly", () => {
    const bench = channelBench('discharge');
    bench.run(60000);
    // As if 5 % of the charge passed between the samples.
    const { ina } = bench.channel;
    const accumulate = ina['accumulate'].bind(ina);
    ina['accumulate'] = (dt_s, shunt_V, pin_V) => accumulate(1.05 * dt_s, shunt_V, pin_V);
    bench.run(300000, () => bench.bms.protection.fault !== Fault.None);
    expect(faultName(bench.bms.protection.fault)).toBe('charge counts disagree');
  });

  it('a released fault trips again while its cause lasts, and the run goes on when it is gone', () => {
    const bench = channelBench('discharge');
    bench.run(10000);
    bench.channel.sensorTemperature_C = 80;
    bench.run(10000);
    releaseFault(bench.bms.protection);
    bench.run(10000);
    expect(faultName(bench.bms.protection.fault)).toBe('over-temperature');
    bench.channel.sensorTemperature_C = undefined;
    bench.run(10000);
    releaseFault(bench.bms.protection);
    bench.run(10000);
    expect(faultName(bench.bms.protection.fault)).toBe('none');
    expect(bench.channel.current_A).toBeCloseTo(1, 1);
  });

  it('a single bad sample trips nothing', () => {
    const bench = channelBench('discharge');
    bench.run(10000);
    const { ina } = bench.channel;
    const run = ina.run.bind(ina);
    ina.run = (dt_s) => run(dt_s, 5, 0);
    bench.run(100);
    ina.run = run;
    bench.run(10000);
    expect(faultName(bench.bms.protection.fault)).toBe('none');
  });
});

describe('start-up', () => {
  const profile = loadProfile('afl-l1');
  const config = channelConfig(profile, { charge_C: 0.2, discharge_C: 1, cycles: 0 });
  it('opens both switches before it touches the bus, and refuses a board without its parts', () => {
    for (const part of [config.board.ina228.address, config.board.dac.address, config.board.ads1115.address]) {
      const channel = new Channel(config.board, new Cell(profile), 1);
      channel.chargeSwitch.level = channel.dischargeSwitch.level = true;
      channel.bus.detach(part);
      expect(() => createBms(config, channel, 0)).toThrow(/no acknowledge/);
      expect(channel.chargeSwitch.level || channel.dischargeSwitch.level).toBe(false);
    }
  });
});
