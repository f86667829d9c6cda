import { createContext, runInContext, Script, type Context } from 'node:vm';
import { crc32 } from 'node:zlib';
import { NACK, type Answer, type Board, type Request } from './board';

/** Number of pins a board names, D0 to D39. */
export const PIN_COUNT = 40;

/**
 * Runs a device bundle on Node, on a simulated board, with the Espruino globals it uses (I2C1, pins, getTime, timers, E, print,
 * Storage). The bundle is the very text that is flashed.
 */
export class NodeDevice {
  private readonly context: Context;
  private readonly callbacks: ((() => void) | undefined)[] = [undefined];

  /** `files` are what the bundle can read from Storage, by name, `written` what it has written there, maybe before a reset. */
  constructor(
    private readonly board: Board,
    files: Readonly<Record<string, string>> = {},
    private readonly written = new Map<string, Uint8Array>(),
  ) {
    const globals: Record<string, unknown> = { ...this.deviceGlobals(files) };
    globals['global'] = globals;
    this.context = createContext(globals);
  }

  /** Runs the bundle as boot code. */
  boot(bundle: string): void {
    new Script(bundle, { filename: 'bundle.js' }).runInContext(this.context);
  }

  /** Calls the callback of a timer that is due. */
  call(id: number): void {
    const callback = this.callbacks[id];
    if (!callback) throw new Error(`timer ${id} has no callback`);
    if (!this.repeating.has(id)) this.callbacks[id] = undefined;
    callback();
  }

  /** Evaluates an expression in the device's global scope. */
  evaluate(expression: string): unknown {
    return runInContext(expression, this.context);
  }

  private readonly repeating = new Set<number>();

  private ask(...request: Request): Answer {
    const answer = this.board.perform(request);
    if (answer === NACK) throw new Error('I2C: not acknowledged');
    return answer;
  }

  private setTimer(callback: () => void, delay_ms: number, repeat: boolean): number {
    let id = 1; // the smallest free one, as the interpreter's side of the link does
    while (this.callbacks[id]) id++;
    this.callbacks[id] = callback;
    if (repeat) this.repeating.add(id);
    else this.repeating.delete(id);
    this.ask('setTimer', id, delay_ms, repeat ? 1 : 0);
    return id;
  }

  private clearTimer(id: number): void {
    this.callbacks[id] = undefined;
    this.ask('clearTimer', id);
  }

  private deviceGlobals(files: Readonly<Record<string, string>>): Record<string, unknown> {
    const pins = Array.from({ length: PIN_COUNT }, (_, index) => ({
      index,
      mode: (mode: string) => void this.ask('pinMode', index, mode),
      write: (level: boolean) => void this.ask('pinWrite', index, level ? 1 : 0),
      read: () => this.ask('pinRead', index),
    }));
    const print = (...parts: unknown[]): void => void this.ask('print', parts.join(' '));
    const storage = {
      readArrayBuffer: (name: string) => this.written.get(name)?.slice().buffer,
      write: (name: string, data: Uint8Array) => Boolean(this.written.set(name, data.slice())),
      read: (name: string) => files[name],
      readJSON: (name: string) => (files[name] === undefined ? undefined : (JSON.parse(files[name]) as unknown)),
    };
    return {
      ...Object.fromEntries(pins.map((pin) => [`D${pin.index}`, pin])),
      Pin: (name: string) => pins[Number(name.slice(1))],
      I2C1: {
        setup: (options: { bitrate?: number }) => void this.ask('i2cSetup', options.bitrate ?? 100_000),
        readReg: (address: number, register: number, count: number) => this.ask('readReg', address, register, count),
        readFrom: (address: number, count: number) => this.ask('readFrom', address, count),
        writeTo: (address: number, bytes: ArrayLike<number>) => void this.ask('writeTo', address, ...Array.from(bytes)),
      },
      analogRead: (pin: { index: number }) => this.ask('analogRead', pin.index),
      getTime: () => this.ask('getTime'),
      setTimeout: (callback: () => void, delay_ms: number) => this.setTimer(callback, delay_ms, false),
      setInterval: (callback: () => void, delay_ms: number) => this.setTimer(callback, delay_ms, true),
      clearTimeout: (id: number) => this.clearTimer(id),
      clearInterval: (id: number) => this.clearTimer(id),
      print,
      console: { log: print },
      E: {
        enableWatchdog: (timeout_s: number) => void this.ask('enableWatchdog', timeout_s),
        kickWatchdog: () => void this.ask('kickWatchdog'),
        CRC32: (data: string | Uint8Array) => crc32(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
      },
      require: (name: string) => {
        if (name !== 'Storage') throw new Error(`Module "${name}" not found`);
        return storage;
      },
    };
  }
}
