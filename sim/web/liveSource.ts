/**
 * A board that is watched for hours: opened, listened to, opened again when it went away. It runs in the server and, over Web Serial, in
 * the page: nothing of Node and nothing of the browser is used.
 */
import { DeviceLink, LinkError, type DeviceVersion } from '../link/deviceLink';
import type { Port } from '../link/port';
import { STALE_MS, type EstimatesNow, type Measurement } from '../link/telemetry';

/** What happened, and when [ms since 1970, clock of the machine that heard it]. */
export type LiveEntry = { at_ms: number } & (
  | { kind: 'opened'; version: DeviceVersion }
  | { kind: 'closed'; why: string }
  | { kind: 'measurement'; measurement: Measurement }
  | { kind: 'estimates'; estimates: EstimatesNow }
  /** A line for a person. */
  | { kind: 'event'; text: string }
  /** So many frames of the board did not arrive. */
  | { kind: 'lost'; count: number }
);

/** Between two measurements. The estimates between them take half a second: so one comes at least every 0.8 s. */
const RATE_MS = 250;
/** Between two looks whether the board is still there. */
const LOOK_MS = 500;
const RETRY_MS = 1000;
/** A board that went away is noticed, and asked for again, within some seconds. */
const LINK = { timeout_ms: 1000, attempts: 3 };
/** The wire is given so long to take the last request. */
const FAREWELL_MS = 1000;

export class LiveSource {
  private link: DeviceLink | undefined;
  private lastWhy: string | undefined;

  /** @param heard is called with everything, in order */
  constructor(
    private readonly openPort: () => Promise<Port>,
    private readonly heard: (entry: LiveEntry) => void,
  ) {}

  /** Watches until `signal` aborts; then the board is asked for no more telemetry. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.watch(await DeviceLink.over(await this.openPort(), LINK), signal);
      } catch (error) {
        this.closed((error as Error).message);
      }
      if (!signal.aborted) await pause(RETRY_MS, signal);
    }
  }

  /** One command and its answer. @throws LinkError when the board is not there */
  request(line: string): Promise<string> {
    return this.link?.request(line) ?? Promise.reject(new LinkError('no board is connected now'));
  }

  private async watch(link: DeviceLink, signal: AbortSignal): Promise<void> {
    let heard_ms = Date.now();
    let gone: string | undefined;
    const say = (entry: LiveEntry): void => {
      heard_ms = entry.at_ms;
      this.heard(entry);
    };
    link
      .on('measurement', (measurement) => say({ kind: 'measurement', at_ms: Date.now(), measurement }))
      .on('estimates', (estimates) => say({ kind: 'estimates', at_ms: Date.now(), estimates }))
      .on('event', (text) => say({ kind: 'event', at_ms: Date.now(), text }))
      .on('lost', (count) => this.heard({ kind: 'lost', at_ms: Date.now(), count }))
      .on('closed', (why) => (gone = why));
    this.lastWhy = undefined;
    this.heard({ kind: 'opened', at_ms: Date.now(), version: link.version });
    this.link = link;
    try {
      await link.order(`time ${Math.floor(Date.now() / 1000)}`);
      await link.order(`rate ${RATE_MS}`);
      while (!signal.aborted) {
        await pause(LOOK_MS, signal);
        if (gone !== undefined) throw new LinkError(gone);
        // It may have begun anew, with the rate of its configuration; or it is gone without a word, and then this says so.
        if (!signal.aborted && Date.now() - heard_ms > STALE_MS) await link.order(`rate ${RATE_MS}`);
      }
      await Promise.race([link.request('rate 0'), pause(FAREWELL_MS)]).catch(() => undefined);
    } finally {
      this.link = undefined;
      await link.close();
    }
  }

  /** Says the same reason once, however often it is tried. */
  private closed(why: string): void {
    if (why === this.lastWhy) return;
    this.lastWhy = why;
    this.heard({ kind: 'closed', at_ms: Date.now(), why });
  }
}

function pause(time_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, time_ms);
    signal?.addEventListener('abort', end);
  });
}
