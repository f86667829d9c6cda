/** A pack's controller that starts anew in flight: what cuts the power then, and what does not (docs/boards/drone.md). */
import { beforeAll, expect, it } from 'vitest';
import { Fault } from '../../firmware/protect/faults';
import { Row } from '../../firmware/protect/protection';
import type { BuildResult } from '../../sim/results/types';
import { flightConfig, packBundle, packDevice, type PackDeviceUnderTest } from './packDevice';

const CONFIG = 'caldera.json';
/** Between two attempts to start [s]. */
const RETRY_S = 5;

let bundle: BuildResult;
beforeAll(async () => {
  bundle = await packBundle();
});

/** On, 1 A drawn; and whether the output was ever off since. */
function flying(): { device: PackDeviceUnderTest; wasCut: () => boolean } {
  const device = packDevice(bundle, flightConfig());
  device.run(5);
  device.bench.load = () => 1;
  device.run(10);
  let cut = false;
  device.onTick = () => (cut ||= !device.bench.afe.dischargeConducts);
  return { device, wasCut: () => cut };
}

it('a front end that does not answer is left as it is until it does', () => {
  const { device, wasCut } = flying();
  device.bench.bus.defects = { noAddress: true };
  device.restart();
  device.run(3 * RETRY_S);
  expect(device.caldera.bms).toBeUndefined();
  device.bench.bus.defects = undefined;
  device.run(2 * RETRY_S);
  expect(device.caldera.bms!.protection.open).toBe(false);
  expect(wasCut()).toBe(false);
});

it('a configuration that was damaged since the start opens the switches', () => {
  const { device, wasCut } = flying();
  device.hardware.storage.set(CONFIG, device.hardware.storage.get(CONFIG)!.slice(0, -1));
  device.run(3);
  expect(wasCut()).toBe(false);
  device.restart();
  device.run(1);
  expect(device.caldera.bms!.protection.state[Fault.ConfigurationInvalid]).toBe(Row.Tripped);
  expect(wasCut()).toBe(true);
});
