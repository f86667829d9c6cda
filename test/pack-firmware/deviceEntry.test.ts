/** The bundle that is flashed on a drone pack, from its boot on: what a flight controller gets to know, in flight and on the ground. */
import { createHash } from 'node:crypto';
import { common, minimal } from 'node-mavlink';
import { beforeAll, describe, expect, it } from 'vitest';
import { G } from '../../firmware/drone/gauge';
import { ChargeState, MavFault } from '../../firmware/mavlink/told';
import { Wish } from '../../firmware/pack';
import { Policy } from '../../firmware/protect/faults';
import { Switch } from '../../firmware/protect/switches';
import type { BuildResult } from '../../sim/results/types';
import { authorise, newKey } from '../../sim/service/authorise';
import { receive, type Received } from '../mavlink/decode';
import { flightConfig, packBundle, packDevice, type PackDeviceUnderTest } from './packDevice';
import { CHARGER } from './packHarness';

let bundle: BuildResult;
beforeAll(async () => {
  bundle = await packBundle();
});

/** What the flight controller has received since the last call. */
async function heard(device: PackDeviceUnderTest): Promise<Received> {
  const bytes = Uint8Array.from(device.wire);
  device.wire.length = 0;
  const received = await receive(bytes);
  expect(received.invalid).toBe(0);
  return received;
}

async function lastStatus(device: PackDeviceUnderTest): Promise<common.BatteryStatus> {
  return (await heard(device)).of(common.BatteryStatus).at(-1)!;
}

/** On, and 1 A drawn. */
function flying(): PackDeviceUnderTest {
  const device = packDevice(bundle, flightConfig());
  device.run(5);
  device.bench.load = () => 1;
  device.run(20);
  return device;
}

const isOut = ({ bench }: PackDeviceUnderTest): boolean => !bench.afe.dischargeConducts;

it('plugged in it tests itself and is on; says what it measures', async () => {
  const device = flying();
  const { bench } = device;
  expect(device.printed[0]).toMatch(/^#C1e 0 ready\*/);
  // And a line of telemetry a second, as a channel's.
  const lines = device.printed.filter((line) => line.startsWith('#C1t'));
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.at(-1)).toMatch(/^#C1t \d+ \d+,2\d{4},1000,25\d\d,5,0,100,0,/);
  expect(isOut(device)).toBe(false);
  const { of } = await heard(device);
  const statuses = of(common.BatteryStatus);
  // Never "not known": PX4 takes that for empty.
  expect(Math.min(...statuses.map(({ batteryRemaining }) => batteryRemaining))).toBeGreaterThan(90);
  const last = statuses.at(-1)!;
  last.voltages.slice(0, 6).forEach((mV, k) => expect(Math.abs(mV - 1000 * bench.cells_V[k]!)).toBeLessThan(10));
  expect(last.voltages.slice(6)).toEqual([65535, 65535, 65535, 65535]);
  expect(last.currentBattery).toBe(100);
  expect(Math.abs(last.temperature - 2500)).toBeLessThan(100);
  expect([last.chargeState, last.faultBitmask]).toEqual([ChargeState.Ok, 0]);
  expect(of(minimal.Heartbeat).at(-1)!.systemStatus).toBe(minimal.MavState.ACTIVE);
  const smart = of(common.SmartBatteryInfo).at(-1)!;
  expect([smart.cellsInSeries, smart.dischargeMaximumBurstCurrent]).toEqual([6, 5795]);
  expect(smart.deviceName).toBe('Caldera_drone-6s');
});

it('a whole flight: charge, energy and time left come out right, and it warns before the end', async () => {
  const device = flying();
  const { bench } = device;
  let taken_mAh = 0;
  let taken_J = 0;
  bench.onStep = (dt_s, current_A) => {
    taken_mAh += (current_A * dt_s) / 3.6;
    taken_J += current_A * bench.stack_V * dt_s;
  };
  const begun = await lastStatus(device);
  const forecasts: { at_s: number; left_s: number; percent: number }[] = [];
  const states = new Set<number>();
  while (bench.cells_V.every((cell_V) => cell_V > 3)) {
    device.run(60);
    const { of } = await heard(device);
    const status = of(common.BatteryStatus).at(-1)!;
    states.add(status.chargeState);
    expect(status.faultBitmask).toBe(0);
    const at_s = bench.clock.now_ms / 1000;
    forecasts.push({ at_s, left_s: status.timeRemaining, percent: status.batteryRemaining });
    expect(Math.abs(status.currentConsumed - begun.currentConsumed - taken_mAh)).toBeLessThan(15);
    expect(Math.abs(status.energyConsumed - begun.energyConsumed - taken_J / 100)).toBeLessThan(15);
  }
  const end_s = bench.clock.now_ms / 1000;
  for (const { at_s, left_s } of forecasts.filter(({ at_s }) => at_s > 900 && end_s - at_s > 300)) {
    // A promise that is kept, and no useless one.
    expect(left_s).toBeLessThan(1.03 * (end_s - at_s));
    expect(left_s).toBeGreaterThan(0.6 * (end_s - at_s));
  }
  const percents = forecasts.map(({ percent }) => percent);
  expect(percents[0]).toBeGreaterThan(90);
  expect(percents.at(-1)!).toBeLessThan(8);
  expect([...states]).toEqual([ChargeState.Ok, ChargeState.Low, ChargeState.Critical]);
});

it('the estimator follows the weakest cell', () => {
  const differences = Array.from({ length: 6 }, (_, k) => (k === 3 ? { resistance: 1.5, less_mAh: 40 } : {}));
  const device = packDevice(bundle, flightConfig(), differences);
  device.run(5);
  device.bench.load = () => 2;
  device.run(200);
  expect(device.caldera.gauge!.g[G.cell]).toBe(3);
});

describe('a controller that starts anew in flight', () => {
  it('cuts nothing, is heard again within three seconds, and knows how much is left', async () => {
    const device = flying();
    device.run(600);
    const before = await lastStatus(device);
    let cut = false;
    device.onTick = () => (cut ||= isOut(device));
    device.restart();
    expect(isOut(device)).toBe(false);
    device.run(3);
    const { of } = await heard(device);
    expect(cut).toBe(false);
    const statuses = of(common.BatteryStatus);
    expect(statuses.length).toBeGreaterThan(0);
    for (const { batteryRemaining } of statuses)
      expect(Math.abs(batteryRemaining - before.batteryRemaining)).toBeLessThanOrEqual(5);
    expect(device.caldera.bms!.switches).toBe(Switch.Discharge);
  });
});

describe('faults, as PX4 takes them: any bit is "Land now!"', () => {
  it('an empty cell is an emergency, but no fault', async () => {
    const device = packDevice(bundle, flightConfig(), undefined, 3.4);
    device.run(5);
    device.bench.load = (_, terminals_V) => (terminals_V > 10 ? 1 : 0);
    device.run(1800, () => device.caldera.bms!.sense.lowest_mV < 2450);
    device.run(3);
    const status = await lastStatus(device);
    expect([status.chargeState, status.faultBitmask]).toEqual([ChargeState.Emergency, 0]);
    expect(isOut(device)).toBe(false);
  });

  it('a cell too hot to fly on is a fault', async () => {
    const device = flying();
    device.bench.cells.forEach((cell) => (cell.temperature_C = 68));
    device.run(15);
    const status = await lastStatus(device);
    expect([status.chargeState, status.faultBitmask]).toEqual([ChargeState.Unhealthy, MavFault.OverTemperature]);
  });

  it('a front end that is not heard any more: nothing is known but what was counted, no fault, nothing is cut', async () => {
    const device = flying();
    const before = await lastStatus(device);
    device.bench.bus.detach(0x08);
    device.run(10);
    const status = await lastStatus(device);
    expect(status.voltages.every((mV) => mV === 65535)).toBe(true);
    expect(status.currentBattery).toBe(-1);
    // In whole percent.
    expect(before.batteryRemaining - status.batteryRemaining).toBeOneOf([0, 1]);
    expect([status.chargeState, status.faultBitmask]).toEqual([ChargeState.Unhealthy, 0]);
    expect(isOut(device)).toBe(false);
  });
});

it('on a charger it charges, ends with the fullest cell and is full', async () => {
  const device = packDevice(bundle, flightConfig(), undefined, 4.1);
  device.run(10);
  device.bench.charger = () => CHARGER;
  device.run(60);
  expect(device.caldera.bms!.wish).toBe(Wish.Charge);
  expect((await lastStatus(device)).chargeState).toBe(ChargeState.Charging);
  device.bench.charger = undefined;
  device.bench.load = () => 1;
  device.run(20);
  expect(device.caldera.bms!.wish).toBe(Wish.On);
});

describe('service', () => {
  it('answers on the ground and not while a current flows', () => {
    const device = packDevice(bundle, flightConfig(Policy.Cycler));
    device.run(5);
    expect(device.serve('status')).toMatch(
      /^ok state 3, fault 0 none, cells_mV (\d{4} ?){6}, current_mA 0, .* left_pct \d+/,
    );
    expect(device.serve('version')).toContain('board drone-6s');
    expect(device.serve('limits')).toContain('discharge_mA 5795');
    expect(device.serve('tighten discharge_mA 3000')).toBe('ok discharge_mA 3000');
    device.run(1);
    expect(device.caldera.bms!.discharge_mA).toBe(3000);
    expect(flying().serve('status')).toBe('refused: a current flows');
  });

  it('a front end that does not answer at the start leaves a pack that can be talked to', () => {
    const device = packDevice(bundle, flightConfig());
    device.bench.bus.detach(0x08);
    device.restart();
    device.run(7);
    expect(device.caldera.bms).toBeUndefined();
    for (let number = 1; number <= 5; number++) {
      device.request(number, 'version');
      device.run(0.37);
      expect(device.printed.at(-1)).toMatch(new RegExp(`^#C1a ${number} ok caldera .* board drone-6s link`));
    }
  });

  it('a configuration that is none keeps the pack off, and says why', () => {
    const config = flightConfig();
    config.limits.overVoltage_mV = 9000;
    const device = packDevice(bundle, config);
    device.run(10);
    expect(device.printed.join()).toContain('configuration refused: limits.overVoltage_mV is 9000 mV');
    expect(isOut(device)).toBe(true);
    expect(device.serve('status')).toContain('configuration invalid');
  });
});

it('without a configuration, a model or a flight controller it runs all the same', () => {
  const device = packDevice(bundle, undefined);
  device.run(20);
  expect(isOut(device)).toBe(false);
  expect(device.wire).toEqual([]);
  expect(device.serve('status')).toMatch(/left_pct (9\d|100)/);
});

describe('a configuration', () => {
  /** On the ground, with its key. */
  function keyed(): { device: PackDeviceUnderTest; send: (command: string) => Promise<string> } {
    const device = packDevice(bundle, flightConfig());
    device.run(5);
    const key = newKey();
    expect(device.serve(`key ${key}`)).toBe('ok key set');
    return { device, send: (command) => authorise(async (line) => device.serve(line), command, key) };
  }

  it('is taken in parts, whole or not at all', async () => {
    const { device, send } = keyed();
    expect(await send('configure {"nonsense":1}')).toMatch(
      /nonsense is unknown; allowed: board, limits, .*mavlink, wifi$/,
    );
    expect(await send('configure {"limits":{"overVoltage_mV":9000}}')).toContain('limits.overVoltage_mV is 9000 mV');
    expect(await send('configure {"limits":{"overVoltage_mV":4390}}')).toBe('ok');
    device.run(10);
    expect(device.caldera.bms!.config.limits.overVoltage_mV).toBe(4390);
    expect(device.caldera.bms!.config.chargeTo_mV).toBe(flightConfig().chargeTo_mV);
  });

  it.each([
    ['as it is', (config: object) => JSON.stringify({ ...config, chargeTo_mV: 4200 }), /^ok$/, 4200],
    ['that is no object', () => '[4200', /this is not JSON/, flightConfig().chargeTo_mV],
    ['that is a number', () => '4200', /this is not JSON/, flightConfig().chargeTo_mV],
  ])('comes in pieces, %s', async (_, text, answer, chargeTo_mV) => {
    const { device, send } = keyed();
    const whole = text(flightConfig());
    const hash = createHash('sha256').update(whole).digest('hex');
    expect(await send(`upload ${whole.length} ${hash}`)).toBe('ok');
    for (let at = 0; at < whole.length; at += 60)
      expect(device.serve(`piece ${at} ${Buffer.from(whole.slice(at, at + 60)).toString('base64')}`)).toBe('ok');
    expect(device.serve('apply')).toMatch(answer);
    device.run(10);
    expect(device.caldera.bms!.config.chargeTo_mV).toBe(chargeTo_mV);
    // What has been looked at is gone.
    expect(device.serve('apply')).toContain('nothing is expected');
  });
});
