/** Listens to a device and keeps what it said last, with its age. */
import type { DeviceVersion } from './deviceLink';
import { openDevice } from './openDevice';
import type { EstimatesNow, Measurement } from './telemetry';

const EVENTS_KEPT = 5;

export interface Monitored {
  port: string;
  version: DeviceVersion;
  /** Undefined before the first. */
  measurement: Measurement | undefined;
  estimates: EstimatesNow | undefined;
  /** When the last of each came [ms of this machine's clock]; -Infinity: never. */
  measuredAt_ms: number;
  estimatedAt_ms: number;
  /** Frames of measurements that came, and frames of any kind that did not. */
  frames: number;
  lost: number;
  /** The last lines for a person, newest last. */
  events: string[];
}

export interface MonitorListener {
  /** The device answered; nothing is measured yet. */
  opened?(state: Readonly<Monitored>): void;
  measured?(state: Readonly<Monitored>): void;
  event?(text: string, state: Readonly<Monitored>): void;
}

export interface MonitorOptions {
  port: string;
  /** Between two measurements. */
  rate_ms: number;
}

/**
 * Sets the device's wall clock, asks for telemetry and listens until `signal` aborts; then asks for no more and closes the port.
 * @throws InputError, LinkError when the device cannot be reached, refuses or goes away
 */
export async function monitorDevice(
  { port, rate_ms }: MonitorOptions,
  listener: MonitorListener,
  signal: AbortSignal,
): Promise<Monitored> {
  const link = await openDevice(port);
  const state: Monitored = {
    port,
    version: link.version,
    measurement: undefined,
    estimates: undefined,
    measuredAt_ms: -Infinity,
    estimatedAt_ms: -Infinity,
    frames: 0,
    lost: 0,
    events: [],
  };
  try {
    const closed = new Promise<never>((_, reject) => {
      link.on('closed', (why) => reject(new Error(`${port}: ${why}`)));
    });
    closed.catch(() => undefined);
    link.on('measurement', (measurement) => {
      state.measurement = measurement;
      state.measuredAt_ms = Date.now();
      state.frames++;
      listener.measured?.(state);
    });
    link.on('estimates', (estimates) => {
      state.estimates = estimates;
      state.estimatedAt_ms = Date.now();
    });
    link.on('lost', (count) => (state.lost += count));
    link.on('event', (text) => {
      state.events = [...state.events, text].slice(-EVENTS_KEPT);
      listener.event?.(text, state);
    });
    listener.opened?.(state);
    await link.order(`time ${Math.floor(Date.now() / 1000)}`);
    await link.order(`rate ${rate_ms}`);
    if (!signal.aborted)
      await Promise.race([closed, new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))]);
    await Promise.race([link.request('rate 0'), new Promise((resolve) => setTimeout(resolve, 1000))]).catch(
      () => undefined,
    );
    return state;
  } finally {
    await link.close();
  }
}
