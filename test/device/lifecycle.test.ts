import { beforeAll, describe, expect, it } from 'vitest';
import { Count } from '../../firmware/device';
import { Fault } from '../../firmware/protect/faults';
import { Switch } from '../../firmware/protect/switches';
import { createStep, StepKind } from '../../firmware/protocol/step';
import { Channel } from '../../sim/bench/channel';
import { build } from '../../sim/build/build';
import { channelConfig } from '../../sim/campaign/channelRun';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import { loadProfile } from '../../sim/profiles/profile';
import type { BuildResult } from '../../sim/results/types';
import { authorise, newKey } from '../../sim/service/authorise';
import { Life } from './life';

const profile = loadProfile('afl-l1');
const config = channelConfig(profile, { charge_C: 0.2, discharge_C: 1, cycles: 0 });
config.protocol = [createStep(StepKind.Discharge, 500, 3000, 0), createStep(StepKind.Rest, 0, 0, 36e5)];
const files = { 'caldera.json': JSON.stringify(config) };
const WATCHDOG = 8;
const BROWN_OUT = 15;

let built: BuildResult;
beforeAll(async () => {
  built = await build({ board: 'cycler' });
});

function channel(): Channel {
  const cell = new Cell(profile);
  runStep(cell, -0.6, { until_V: 4.1, longest_s: 1e5 });
  runStep(cell, 0, { longest_s: 600 });
  return new Channel(config.board, cell, 1);
}

const life = (own: Readonly<Record<string, string>> = files): Life => new Life(built, channel(), own);
const isOpen = ({ channel }: Life): boolean => !channel.chargeSwitch.level && !channel.dischargeSwitch.level;

describe('the start', () => {
  it('is protected within three seconds, tests itself, and discharges', () => {
    const device = life().boot();
    expect(device.run(3000, () => device.caldera.bms!.sense.at_ms > 0)).toBeLessThan(3000);
    device.run(5000);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
    expect(device.channel.current_A).toBeCloseTo(0.5, 1);
    expect(device.lines).toEqual(['ready']);
  });

  it.each([
    ['no JSON', '{', 'the file is not JSON'],
    ['another kind', '[]', 'configuration is not an object'],
    [
      'a limit out of range',
      JSON.stringify({ ...config, limits: { ...config.limits, overVoltage_mV: 9000 } }),
      'limits.overVoltage_mV is 9000 mV; allowed: 1000 to 5000',
    ],
    [
      'limits the wrong way round',
      JSON.stringify({ ...config, limits: { ...config.limits, underVoltage_mV: 4400 } }),
      'limits.underVoltage_mV is 4400 mV; allowed: at most limits.overVoltage_mV, 4350',
    ],
    [
      'more than the shunt can measure',
      JSON.stringify({ ...config, limits: { ...config.limits, overDischarge_mA: 9000 } }),
      'limits.overDischarge_mA is 9000 mA',
    ],
    [
      'a step beyond the limits',
      JSON.stringify({ ...config, protocol: [createStep(StepKind.Charge, 100, 4800, 0)] }),
      'protocol[0].until_mV is 4800 mV; allowed: 2500 to 4350',
    ],
  ])('with %s for a configuration stays safe, watches, says why, and comes back', (_, text, why) => {
    const device = life({ 'caldera.json': text }).boot();
    device.run(4000);
    expect(device.lines.join('\n')).toContain(why);
    expect(device.isTripped(Fault.ConfigurationInvalid)).toBe(true);
    expect(isOpen(device)).toBe(true);
    expect(device.caldera.bms!.sense.voltage_mV).toBeCloseTo(device.channel.cell.voltage_V * 1000, -1);
    expect(device.serve('status')).toContain('configuration invalid');
    device.hardware.storage.set('caldera.json', files['caldera.json']);
    device.run(15000);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
  });

  it.each([
    ['alert', 'D41'],
    ['discharge', 'CHG'],
  ])('with a pin that the interpreter lacks names it: %s at %s', (pin, name) => {
    const board = { ...config.board, pins: { ...config.board.pins, [pin]: name } };
    const device = life({ 'caldera.json': JSON.stringify({ ...config, board }) }).boot();
    device.run(1000);
    expect(device.lines.at(-1)).toBe(`self-test failed: Error: pin ${name} does not exist on this interpreter`);
    expect(isOpen(device)).toBe(true);
    expect(device.ask(1, 'status', 370)).toContain(`pin ${name} does not exist`);
  });

  it('without a part stays open, talks and tries again until it is there', () => {
    const device = life();
    device.channel.bus.detach(config.board.ina228.address);
    device.boot();
    device.run(12000);
    expect(device.caldera.bms).toBeUndefined();
    expect(device.caldera.fault).toBe(Fault.SelfTestFailed);
    expect(device.serve('status')).toContain('not ready');
    expect(device.serve('limits')).toBe('refused: the board is not ready');
    expect(isOpen(device)).toBe(true);
    // Each time soon enough for a host, whatever it waits for.
    for (let number = 1; number <= 5; number++) expect(device.ask(number, 'version', 370)).toMatch(/^ok caldera /);
    device.channel.bus.attach(config.board.ina228.address, device.channel.ina);
    device.run(12000);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
  });
});

describe('time', () => {
  it.each([-3600_000, 3600_000])('goes on when the clock is set by %d ms', (by_ms) => {
    const device = life().boot();
    device.run(30000);
    const before_mC = device.caldera.bms!.counter.charge_mC;
    const now = device.channel.now_ms.bind(device.channel);
    const board = device.board as unknown as { now_ms(): number };
    const real = board.now_ms.bind(device.board);
    // What the interpreter's clock says from here on.
    const answer = (device.board as unknown as { answer(request: unknown[]): unknown }).answer.bind(device.board);
    (device.board as unknown as { answer(request: unknown[]): unknown }).answer = (request) =>
      request[0] === 'getTime' ? (real() + by_ms) / 1000 : answer(request);
    const began_ms = now();
    device.run(10000);
    expect(device.caldera.count[Count.jumps]).toBe(1);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
    const passed_s = (now() - began_ms) / 1000;
    expect((device.caldera.bms!.counter.charge_mC - before_mC) / passed_s).toBeCloseTo(500, -1);
  });

  it('without a tick the watchdog resets within 2.5 s of the last one, and the switches open', () => {
    const device = life().boot();
    device.run(10000);
    const last_ms = device.channel.now_ms();
    // A tick that does not end: its timer is never set again.
    const board = device.board as unknown as { setTimer(id: number, delay_ms: number, repeat: boolean): void };
    const set = board.setTimer.bind(device.board);
    board.setTimer = (id, _delay_ms, repeat) => set(id, 1e6, repeat);
    let said = '';
    try {
      device.run(10000);
    } catch (error) {
      said = (error as Error).message;
    }
    const at_ms = Number(/at ([\d.]+) ms/.exec(said)![1]);
    expect(at_ms - last_ms).toBeLessThan(2500);
    device.boot(WATCHDOG);
    expect(isOpen(device)).toBe(true);
    device.run(5000);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
    expect(device.caldera.count[Count.causes + 3]).toBe(1);
  });
});

describe('resets', () => {
  it('the run goes on where it stood, a minute of counting lost at most', () => {
    const device = life().boot();
    device.run(400_000);
    const counted_mC = device.caldera.bms!.counter.charge_mC;
    device.boot();
    const { counter, run } = device.caldera.bms!;
    expect(counter.charge_mC).toBeLessThanOrEqual(counted_mC);
    expect(counted_mC - counter.charge_mC).toBeLessThanOrEqual(60.5 * 500);
    expect(run.index).toBe(0);
    device.run(10_000);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
  });

  it('a latch holds over a reset until it is released', () => {
    const device = life().boot();
    device.run(10_000);
    device.channel.sensorTemperature_C = 80;
    device.run(10_000, () => device.isTripped(Fault.OverTemperature));
    device.run(3000);
    device.channel.sensorTemperature_C = undefined;
    device.boot();
    device.run(5000);
    expect(device.isTripped(Fault.OverTemperature)).toBe(true);
    expect(isOpen(device)).toBe(true);
  });

  it('a storm of them opens the switches for good; an hour of service ends it', () => {
    const device = life().boot();
    for (let k = 0; k < 5; k++) {
      device.run(3000);
      device.boot(WATCHDOG);
    }
    device.run(5000);
    expect(device.isTripped(Fault.ResetStorm)).toBe(true);
    expect(isOpen(device)).toBe(true);
    device.run(3700_000);
    expect(device.caldera.count[Count.storm]).toBe(0);
  });

  it('a brown-out is said, and stops nothing', () => {
    const device = life().boot();
    device.run(3000);
    device.boot(BROWN_OUT);
    device.run(5000);
    expect(device.lines.some((line) => line.includes('brown-out'))).toBe(true);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
  });

  it('a current monitor that resets itself is set up again, and the discharge goes on', () => {
    const device = life().boot();
    device.run(10_000);
    device.channel.ina.reset();
    device.run(2000, () => isOpen(device));
    expect(isOpen(device)).toBe(true);
    device.run(20_000);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
  });

  it('little memory opens the switches, and more of it brings them back', () => {
    const device = life().boot();
    device.run(5000);
    device.hardware.usage = 4400;
    device.run(10_000, () => device.isTripped(Fault.MemoryLow));
    expect(device.isTripped(Fault.MemoryLow)).toBe(true);
    device.hardware.usage = 3000;
    device.run(20_000);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
  });
});

describe('service', () => {
  it('reads are free; a latch takes the key', async () => {
    const device = life().boot();
    device.run(5000);
    const key = newKey();
    expect(device.serve(`key ${key}`)).toBe('ok key set');
    device.channel.sensorTemperature_C = 80;
    device.run(10_000, () => device.isTripped(Fault.OverTemperature));
    device.channel.sensorTemperature_C = undefined;
    device.run(10_000);
    expect(device.serve('status')).toMatch(/^ok state 6, fault 3 over-temperature/);
    expect(device.serve('release over-temperature')).toMatch(/^refused/);
    expect(await authorise(async (line) => device.serve(line), 'release over-temperature', newKey())).toMatch(
      /^refused/,
    );
    expect(await authorise(async (line) => device.serve(line), 'release over-temperature', key)).toBe('ok');
    device.run(5000);
    expect(device.isTripped(Fault.OverTemperature)).toBe(false);
  });

  it('anyone may tighten a limit, within reason, and nobody widens one past the profile', async () => {
    const device = life().boot();
    device.run(5000);
    expect(device.serve('tighten discharge_mA 100')).toMatch(/^refused/);
    const widest = Math.floor(config.limits.lastingDischarge_mA);
    expect(device.serve(`tighten discharge_mA ${widest - 10}`)).toMatch(/^ok/);
    const key = newKey();
    device.serve(`key ${key}`);
    expect(await authorise(async (line) => device.serve(line), `widen discharge_mA ${widest + 100}`, key)).toMatch(
      /^refused/,
    );
    expect(await authorise(async (line) => device.serve(line), `widen discharge_mA ${widest}`, key)).toMatch(/^ok/);
  });

  it('a configuration is taken whole or not at all, and another in its file is not trusted', async () => {
    const device = life().boot();
    device.run(5000);
    const key = newKey();
    device.serve(`key ${key}`);
    const command = (json: string): Promise<string> =>
      authorise(async (line) => device.serve(line), `configure ${json}`, key);
    expect(await command('{"limits":{"overVoltage_mV":9000}}')).toContain('limits.overVoltage_mV is 9000 mV');
    expect(await command('{"nonsense":1}')).toContain('nonsense is unknown');
    expect(await command('{"limits":{"overVoltage_mV":4340}}')).toBe('ok');
    device.run(10_000);
    expect(device.caldera.bms!.config.limits.overVoltage_mV).toBe(4340);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
    device.hardware.storage.set('caldera.json', files['caldera.json']);
    device.boot();
    device.run(4000);
    expect(device.isTripped(Fault.ConfigurationUnsigned)).toBe(true);
    expect(isOpen(device)).toBe(true);
  });

  it('the events and the ten seconds before a trip can be read', async () => {
    const device = life().boot();
    device.run(60_000);
    device.channel.sensorTemperature_C = 80;
    device.run(10_000);
    expect(device.serve('events')).toMatch(/^ok [0-9a-f]{48}$/);
    expect(device.serve('log').length).toBeGreaterThan(1000);
    expect(device.serve('counters')).toMatch(/^ok starts 1/);
  });
});
