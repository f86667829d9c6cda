import { NACK, type Answer, type Board, type Request } from './board';
import { ACKNOWLEDGED, AHEAD_DOUBLE, AHEAD_LEVEL, FRAME, NOT_ACKNOWLEDGED, ORDER } from './frames';
import type { Link } from './link';
import { DONE_HEADER } from './shim';

/** The program on the interpreter ended with an error. */
export class DeviceError extends Error {}

/** What the interpreter tells when the firmware has booted. */
export interface BootReport {
  version: string;
  /** JsVars: before anything, of what stands in for the hardware, and in all after the firmware has booted. */
  bare: number;
  shim: number;
  booted: number;
  total: number;
  blocksize: number;
  /** Of the boot code in flash, as the booted interpreter reads it. */
  bytes: number;
  crc32: number;
}

/** What one timer callback on the interpreter left behind. */
export interface Outcome {
  /** Cost of the callback and of one Leibniz step; 0 when it was not timed. */
  tick_us: number;
  leibniz_us: number;
  /** JsVars in use, uncollected garbage included; 0 when it was not timed. */
  memory: number;
  /** The firmware's state; valid until the next callback. */
  state: Float64Array;
}

/** The far end of the link: serves a program on the interpreter from a board, callback by callback. */
export class InterpreterDevice {
  private readonly double = Buffer.alloc(8);
  private readonly vector: Float64Array;
  private readonly vectorBytes: Buffer;

  /** `stateLength` is the number of doubles the program reports after a callback. */
  constructor(
    private readonly link: Link,
    private readonly board: Board,
    stateLength: number,
  ) {
    this.vector = new Float64Array(DONE_HEADER.length + stateLength);
    this.vectorBytes = Buffer.from(this.vector.buffer);
  }

  /** Serves the boot code until the program waits for its first timer. */
  boot(): { report: BootReport; outcome: Outcome } {
    this.serveUntil(FRAME.report);
    const report = JSON.parse(this.text()) as BootReport;
    return { report, outcome: this.outcome() };
  }

  /** Lets it call the callback of timer `id`, every request over the link. */
  call(id: number): Outcome {
    this.link.send(Uint8Array.of(ORDER.call, id));
    return this.outcome();
  }

  /**
   * The same, timed: the answers are sent ahead, so that only the interpreter's own work counts. What it asks for is returned,
   * the readings left out; the board is not touched.
   */
  callTimed(id: number, answers: readonly Answer[]): { outcome: Outcome; requests: Request[] } {
    const readings = answers.filter((answer) => answer !== undefined);
    this.link.send(Uint8Array.of(ORDER.callTimed, id, readings.length & 255, readings.length >> 8));
    this.link.send(Buffer.concat(readings.map((answer) => this.encodeAhead(answer))));
    const requests: Request[] = [];
    for (let kind = this.link.byte(); kind !== FRAME.done; kind = this.link.byte()) requests.push(this.request(kind));
    return { outcome: this.readOutcome(), requests };
  }

  /** Lets the program end. @returns JsVars in use after the last callback, garbage collected, and in all */
  stop(): { usage: number; total: number } {
    this.link.send(Uint8Array.of(ORDER.stop));
    this.serveUntil(FRAME.report);
    return JSON.parse(this.text()) as { usage: number; total: number };
  }

  private outcome(): Outcome {
    this.serveUntil(FRAME.done);
    return this.readOutcome();
  }

  private readOutcome(): Outcome {
    const length = this.length();
    if (length !== this.vector.length)
      throw new DeviceError(`the interpreter reports ${length} numbers after a callback, not ${this.vector.length}`);
    this.link.take(length * 8).copy(this.vectorBytes);
    const [tick_us, leibniz_us, memory] = this.vector as unknown as [number, number, number];
    return { tick_us, leibniz_us, memory, state: this.vector.subarray(DONE_HEADER.length) };
  }

  private serveUntil(last: number): void {
    for (let kind = this.link.byte(); kind !== last; kind = this.link.byte()) {
      const request = this.request(kind);
      this.reply(request[0], this.board.perform(request));
    }
  }

  private request(kind: number): Request {
    const { link } = this;
    switch (kind) {
      case FRAME.readReg:
        return ['readReg', link.byte(), link.byte(), link.byte()];
      case FRAME.readFrom:
        return ['readFrom', link.byte(), link.byte()];
      case FRAME.writeTo:
        return ['writeTo', link.byte(), ...link.take(link.byte())];
      case FRAME.i2cSetup:
        return ['i2cSetup', this.length() * 100];
      case FRAME.pinMode:
        return ['pinMode', link.byte(), link.take(link.byte()).toString('latin1')];
      case FRAME.pinWrite:
        return ['pinWrite', link.byte(), link.byte()];
      case FRAME.pinRead:
        return ['pinRead', link.byte()];
      case FRAME.analogRead:
        return ['analogRead', link.byte()];
      case FRAME.getTime:
        return ['getTime'];
      case FRAME.setTimer: {
        const [id, repeat] = [link.byte(), link.byte()];
        return ['setTimer', id, this.readDouble(), repeat];
      }
      case FRAME.clearTimer:
        return ['clearTimer', link.byte()];
      case FRAME.print:
        return ['print', this.text()];
      case FRAME.enableWatchdog:
        return ['enableWatchdog', this.readDouble()];
      case FRAME.kickWatchdog:
        return ['kickWatchdog'];
      case FRAME.failed:
        throw new DeviceError(`the program on the interpreter ended with an error: ${this.text()}`);
      default:
        throw new DeviceError(`the interpreter sent ${kind}, which begins no frame`);
    }
  }

  private reply(name: Request[0], answer: Answer): void {
    switch (name) {
      case 'readReg':
      case 'readFrom':
      case 'writeTo':
        if (answer === NACK) this.link.send(Uint8Array.of(NOT_ACKNOWLEDGED));
        else this.link.send(Uint8Array.of(ACKNOWLEDGED, ...((answer as Uint8Array | undefined) ?? [])));
        return;
      case 'pinRead':
        return this.link.send(Uint8Array.of(answer ? 1 : 0));
      case 'analogRead':
      case 'getTime':
        this.double.writeDoubleLE(answer as number);
        return this.link.send(this.double);
    }
  }

  private encodeAhead(answer: Answer): Buffer {
    if (answer instanceof Uint8Array) return Buffer.from([answer.length, ...answer]);
    if (typeof answer === 'boolean') return Buffer.from([AHEAD_LEVEL, answer ? 1 : 0]);
    const bytes = Buffer.alloc(9, AHEAD_DOUBLE);
    bytes.writeDoubleLE(answer as number, 1);
    return bytes;
  }

  private length(): number {
    return this.link.byte() + 256 * this.link.byte();
  }

  private text(): string {
    return this.link.take(this.length()).toString('latin1');
  }

  private readDouble(): number {
    return this.link.take(8).readDoubleLE(0);
  }
}
