import type { World } from './world';

/** What a program may ask of its board; the names and arguments are Espruino's. Bytes follow as plain numbers. */
export type Request =
  | ['readReg', address: number, register: number, count: number]
  | ['readFrom', address: number, count: number]
  | ['writeTo', address: number, ...bytes: number[]]
  | ['i2cSetup', bitrate: number]
  | ['pinMode', pin: number, mode: string]
  | ['pinWrite', pin: number, level: number]
  | ['pinRead', pin: number]
  | ['analogRead', pin: number]
  | ['getTime']
  | ['setTimer', id: number, delay_ms: number, repeat: number]
  | ['clearTimer', id: number]
  | ['print', line: string]
  | ['enableWatchdog', timeout_s: number]
  | ['kickWatchdog']
  // Inside the controller: no wire is asked.
  | ['flashRead', address: number, count: number]
  | ['flashWrite', address: number, bytes: Uint8Array]
  | ['flashErase', address: number]
  | ['storeWrite', name: string, text: string]
  | ['storeErase', name: string];

/** Bytes of a read, the number of a clock or converter, the level of a pin, `NACK` of a transaction nobody acknowledged, or nothing. */
export type Answer = Uint8Array | number | boolean | typeof NACK | undefined;

/** The answer to an I2C transaction that failed on the wire. */
export const NACK = 'NACK';

interface Timer {
  due_ms: number;
  readonly period_ms: number;
  readonly order: number;
}

/**
 * An ESP32 board as a program sees it, wired to a simulated world: bus, pins, timers on the virtual clock, watchdog. Every
 * request goes through `perform` and is kept until `forget`, so two boards can be compared request by request.
 */
export class Board {
  /** Requests since the last `forget`, with their answers at the same index. */
  requests: Request[] = [];
  answers: Answer[] = [];
  /** What the world threw that no wire can: a program may catch it, so whoever runs the program asks for it. */
  failure: unknown;
  /** Whether what happens inside the controller, in raw flash and Storage, is kept among the requests too. */
  keepsInside = false;
  private readonly timers = new Map<number, Timer>();
  private order = 0;
  private watchdog_ms = 0;
  private kicked_ms = 0;

  constructor(readonly world: World) {}

  /** Drops the record, at the end of a tick. */
  forget(): void {
    this.requests = [];
    this.answers = [];
  }

  /** Does what the program asks. Throws only what the world throws that is not a bus fault. */
  perform(request: Request): Answer {
    const answer = this.answer(request);
    this.requests.push(request);
    this.answers.push(answer);
    return answer;
  }

  /** Keeps what the program has asked of the controller itself. */
  noteInside(request: Request, answer?: Answer): void {
    if (!this.keepsInside) return;
    this.requests.push(request);
    this.answers.push(answer);
  }

  /**
   * Lets virtual time pass until the earliest timer is due and returns its id, or undefined when none is set.
   * Throws when the watchdog would have reset the board before.
   */
  nextTimer(): number | undefined {
    let id: number | undefined;
    let next: Timer | undefined;
    for (const [candidate, timer] of this.timers) {
      const sooner = !next || timer.due_ms < next.due_ms || (timer.due_ms === next.due_ms && timer.order < next.order);
      if (sooner) [id, next] = [candidate, timer];
    }
    if (id === undefined || !next) return undefined;
    const reset_ms = this.kicked_ms + this.watchdog_ms;
    if (this.watchdog_ms > 0 && next.due_ms > reset_ms) {
      throw new Error(
        `the watchdog (${this.watchdog_ms} ms) would have reset the board at ${reset_ms} ms: it was not kicked in time`,
      );
    }
    // A callback that took too long is followed at once.
    this.world.advanceTo(Math.max(next.due_ms, this.now_ms()));
    if (next.period_ms > 0) next.due_ms += next.period_ms;
    else this.timers.delete(id);
    return id;
  }

  private answer(request: Request): Answer {
    const { world } = this;
    switch (request[0]) {
      case 'readReg':
        return this.transfer(() => Uint8Array.from(world.i2c.readReg(request[1], request[2], request[3])));
      case 'readFrom':
        return this.transfer(() => Uint8Array.from(world.i2c.readFrom(request[1], request[2])));
      case 'writeTo':
        return this.transfer(() => world.i2c.writeTo(request[1], request.slice(2) as number[]) as undefined);
      case 'pinWrite':
        return world.digitalWrite(`D${request[1]}`, request[2] !== 0) as undefined;
      case 'pinRead':
        return world.digitalRead(`D${request[1]}`);
      case 'analogRead':
        return world.analogRead(`D${request[1]}`);
      case 'getTime':
        return this.now_ms() / 1000;
      case 'setTimer':
        this.setTimer(request[1], Math.max(1, request[2]), request[3] !== 0);
        return undefined;
      case 'clearTimer':
        this.timers.delete(request[1]);
        return undefined;
      case 'enableWatchdog':
        this.watchdog_ms = request[1] * 1000;
        this.kicked_ms = this.now_ms();
        return undefined;
      case 'kickWatchdog':
        this.kicked_ms = this.now_ms();
        return undefined;
      default:
        return undefined; // i2cSetup, pinMode, print: kept, nothing to answer
    }
  }

  /** With what this callback has already spent on the wire. */
  private now_ms(): number {
    return this.world.now_ms() + (this.world.busy_ms ?? 0);
  }

  private setTimer(id: number, delay_ms: number, repeat: boolean): void {
    const due_ms = this.now_ms() + delay_ms;
    this.timers.set(id, { due_ms, period_ms: repeat ? delay_ms : 0, order: this.order++ });
  }

  private transfer(transaction: () => Answer): Answer {
    try {
      return transaction();
    } catch (error) {
      if (this.world.isBusFault(error)) return NACK;
      this.failure = error;
      throw error;
    }
  }
}

/** One line for a person: what was asked and what was answered. */
export function describeRequest(request: Request | undefined, answer?: Answer): string {
  if (!request) return 'nothing more';
  const [name, ...args] = request;
  const hex = name === 'readReg' || name === 'readFrom' || name === 'writeTo';
  const shown = args.map((arg) => (hex && typeof arg === 'number' ? `0x${arg.toString(16)}` : String(arg)));
  return `${name}(${shown.join(', ')})${answer === undefined ? '' : ` -> ${String(answer)}`}`;
}
