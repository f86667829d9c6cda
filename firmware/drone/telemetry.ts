/**
 * Resident: what a pack says of itself on the link, in the frames of a channel (link/telemetry.ts), so that one monitor reads both. Its
 * voltage is the stack's, its temperature the hottest cell's, its step the cell that the estimator follows; shares are of the current
 * that may last.
 */
import type { Bms } from '../bms';
import type { Device } from '../device';
import { LinkNumber, type Link } from '../link/link';
import { telemetry } from '../link/telemetry';
import { PackSlow } from '../sense/pack';
import { Slow } from '../sense/sense';
import type { PackDevice } from './device';
import { G } from './gauge';

/** The pack as a channel: renewed when it is looked at. */
const sense = { at_ms: 0, voltage_mV: 0, current_mA: 0, temperature_C: 0, slowAt_ms: new Float64Array(Slow.length) };
const run = { finished: 0, index: 0 };
const counter = { charge_mC: 0 };
const shown = { sense: sense, run: run, counter: counter } as unknown as Bms;
const channel = { bms: undefined } as unknown as Device;

/** As `telemetry`. */
export function packTelemetry(link: Link, device: PackDevice, now_ms: number): string | undefined {
  if (now_ms < link.n[LinkNumber.due_ms]) return undefined;
  const bms = device.bms;
  const gauge = device.gauge;
  channel.fault = device.fault;
  channel.bms = undefined;
  if (bms !== undefined && gauge !== undefined) {
    const own = bms.sense;
    sense.at_ms = own.at_ms;
    sense.voltage_mV = own.stack_mV;
    sense.current_mA = own.current_mA;
    sense.temperature_C = own.hottest_C;
    sense.slowAt_ms[Slow.Temperature] = own.isWarmthKnown ? own.slowAt_ms[PackSlow.Temperatures] : -1e9;
    counter.charge_mC = own.charge_mC;
    run.index = gauge.g[G.cell];
    run.finished = gauge.estimator === undefined ? 0 : gauge.estimator.cycles;
    shown.protection = bms.protection;
    shown.switches = bms.switches;
    shown.estimator = gauge.estimator;
    channel.bms = shown;
  }
  return telemetry(link, channel, now_ms);
}
