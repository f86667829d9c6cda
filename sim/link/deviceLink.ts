/** The host's end of the link: requests with their answers, and what the device says by itself. */
import { ANSWER, EVENT } from '../../firmware/link/link';
import { ESTIMATED, MEASURED } from '../../firmware/link/telemetry';
import { Emitter } from './emitter';
import { decodeLine, encodeRequest, Lines, LINK_VERSION, ROUND, type Frame } from './frame';
import type { Port } from './port';
import { readEstimates, readMeasurement, type EstimatesNow, type Measurement } from './telemetry';

/** The device does not answer, or is gone. */
export class LinkError extends Error {}

export interface LinkOptions {
  /** How long one attempt of a request waits for its answer. Default: 1,500 ms; a device may take two ticks. */
  timeout_ms?: number;
  /** Default: 6. */
  attempts?: number;
}

interface Events {
  measurement: [Measurement];
  estimates: [EstimatesNow];
  /** A line for a person, without its frame. */
  event: [string];
  /** So many of the device's own frames did not arrive. */
  lost: [number];
  closed: [string];
}

/** What `version` says. */
export interface DeviceVersion {
  firmware: string;
  /** Of the firmware's content. */
  build: string;
  board: string;
  interpreter: string;
}

interface Waiting {
  number: number;
  answered: (answer: string) => void;
  failed: (error: Error) => void;
}

export class DeviceLink extends Emitter<Events> {
  /** Of the device, as it said when the link was opened. */
  version: DeviceVersion = { firmware: '', build: '', board: '', interpreter: '' };
  private readonly lines = new Lines();
  private readonly timeout_ms: number;
  private readonly attempts: number;
  private number = 0;
  private waiting: Waiting | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private lastSent: number | undefined;
  /** What else was seen on the wire: it tells what is there instead of a device. */
  private seen: 'nothing' | 'something' | 'console without firmware' | 'another version' = 'nothing';
  private gone: string | undefined;

  private constructor(
    private readonly port: Port,
    options: LinkOptions,
  ) {
    super();
    this.timeout_ms = options.timeout_ms ?? 1500;
    this.attempts = options.attempts ?? 6;
    this.renumber();
    port.onText((text) => {
      for (const line of this.lines.add(text)) this.hear(line);
    });
    port.onClosed((why) => {
      this.gone = why;
      this.waiting?.failed(new LinkError(`${port.name}: ${why}`));
      this.emit('closed', why);
    });
  }

  /**
   * Asks who is there. The port is closed when no device answers.
   * @throws LinkError, with what to do, when no device answers
   */
  static async over(port: Port, options: LinkOptions = {}): Promise<DeviceLink> {
    const link = new DeviceLink(port, options);
    try {
      link.version = await link.hello();
      return link;
    } catch (error) {
      await port.close();
      throw error;
    }
  }

  /**
   * One command and its answer: `ok …`, `refused: …` or `error: …`. One after the other, sent again when no answer comes; the
   * device does it once.
   * @throws InputError for a command that cannot be sent; LinkError when no answer comes
   */
  request(line: string): Promise<string> {
    const turn = this.queue.then(() => this.ask(line, this.attempts));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  /** A command that the device has to take. @throws LinkError when it does not, beside what `request` throws */
  async order(line: string): Promise<void> {
    const answer = await this.request(line);
    if (!answer.startsWith('ok')) throw new LinkError(`the device does not take "${line}": ${answer}`);
  }

  async close(): Promise<void> {
    this.removeAllListeners();
    await this.port.close();
  }

  private async hello(): Promise<DeviceVersion> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.ask('version', 1);
        const [, firmware, build, board, interpreter] =
          /^ok caldera (\S+) build (\S+) board (\S+) link \S+ interpreter (\S+)/.exec(answer) ?? [];
        if (firmware === undefined) throw new LinkError(`${this.port.name}: the device says: ${answer}`);
        return { firmware, build: build!, board: board!, interpreter: interpreter! };
      } catch (error) {
        if (!(error instanceof NoAnswer) || attempt === this.attempts) throw error;
        // The number may be an old one to the device.
        this.renumber();
      }
    }
  }

  private renumber(): void {
    this.number = Math.floor(Math.random() * ROUND);
  }

  private async ask(line: string, attempts: number): Promise<string> {
    this.number = (this.number + 1) % ROUND;
    const text = encodeRequest(this.number, line);
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (this.gone !== undefined) throw new LinkError(`${this.port.name}: ${this.gone}`);
      const answer = await this.attempt(text);
      if (answer !== undefined) return answer;
    }
    throw new NoAnswer(this.whyNoAnswer());
  }

  /** Undefined when the time is over. */
  private attempt(text: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting = undefined;
      };
      const timer = setTimeout(() => {
        end();
        resolve(undefined);
      }, this.timeout_ms);
      this.waiting = {
        number: this.number,
        answered: (answer) => {
          end();
          resolve(answer);
        },
        failed: (error) => {
          end();
          reject(error);
        },
      };
      this.port.write(text);
    });
  }

  private whyNoAnswer(): string {
    const { name } = this.port;
    switch (this.seen) {
      case 'nothing':
        return `${name}: nothing answers; is the board powered, is this its port, and does no other program use it?`;
      case 'console without firmware':
        return `${name}: an Espruino interpreter answers, but no Caldera firmware runs there; flash it first (caldera flash)`;
      case 'another version':
        return `${name}: the device speaks another version of the link than this caldera (${LINK_VERSION}); flash the firmware that belongs to it`;
      default:
        return `${name}: the device gives no answer`;
    }
  }

  private hear(line: string): void {
    const frame = decodeLine(line);
    if (frame === undefined) {
      if (/ReferenceError.*\blink\b/.test(line)) this.seen = 'console without firmware';
      else if (this.seen === 'nothing' && line.trim() !== '') this.seen = 'something';
    } else if (frame.version !== LINK_VERSION) this.seen = 'another version';
    else if (frame.type === ANSWER) {
      this.seen = 'something';
      if (this.waiting?.number === frame.number) this.waiting.answered(frame.payload);
    } else this.hearOwn(frame);
  }

  /** What the device says without being asked. */
  private hearOwn(frame: Frame): void {
    if (frame.type !== MEASURED && frame.type !== ESTIMATED && frame.type !== EVENT) return;
    this.seen = 'something';
    if (this.lastSent !== undefined) {
      const missed = (frame.number - this.lastSent - 1 + ROUND) % ROUND;
      // Of more the device has begun anew.
      if (missed > 0 && missed < ROUND / 2 && frame.number !== 0) this.emit('lost', missed);
    }
    this.lastSent = frame.number;
    if (frame.type === EVENT) this.emit('event', frame.payload);
    else if (frame.type === MEASURED) {
      const measurement = readMeasurement(frame.payload);
      if (measurement !== undefined) this.emit('measurement', measurement);
    } else {
      const estimates = readEstimates(frame.payload);
      if (estimates !== undefined) this.emit('estimates', estimates);
    }
  }
}

class NoAnswer extends LinkError {}
