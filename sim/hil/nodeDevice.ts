import { createContext, runInContext, Script, type Context } from 'node:vm';
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Flash } from '../../hal/bus';
import { NorFlash } from '../chips/flash';
import { Random } from '../random';
import { readable, type Names } from './readable';
import { NACK, type Answer, type Board, type Request } from './board';

/** Number of pins a board names, D0 to D39. */
export const PIN_COUNT = 40;

/** What a reset leaves: Storage, raw flash, and what the controller knows of itself. */
export class Hardware {
  readonly storage: Map<string, string>;
  readonly flash: Flash;
  /** As register RTC_CNTL_RESET_STATE of an ESP32 has it: 1 power on, 15 brown-out, 8 watchdog, 12 software. */
  resetState = 1;
  /** JsVars in use. */
  usage = 3000;

  constructor(files: Readonly<Record<string, string>> = {}, flash?: Flash) {
    this.storage = new Map(Object.entries(files));
    this.flash = flash ?? new NorFlash(FLASH_BEGIN, FLASH_PAGE, FLASH_PAGES, new Random(1, 'flash'));
  }
}

/** The raw flash of an ESP32 outside of Storage (hal/espruino/flash.ts). */
export const FLASH_BEGIN = 0x310000;
export const FLASH_PAGE = 4096;
export const FLASH_PAGES = 16;
/** JsVars of an ESP32, about. */
const TOTAL_VARS = 4500;
/** What stands in for a random source, here and in the interpreter (shim.ts). */
export const NO_CHANCE = 123456789;

/**
 * Runs a device bundle on Node, on a simulated board, with the Espruino globals it uses (I2C1, pins, getTime, timers, E, print,
 * Storage, Flash). The bundle is the very text that is flashed.
 */
export class NodeDevice {
  private readonly context: Context;
  private readonly callbacks: ((() => void) | undefined)[] = [undefined];

  constructor(
    private readonly board: Board,
    private readonly hardware = new Hardware(),
    private readonly names: Names = {},
  ) {
    const globals: Record<string, unknown> = { ...this.deviceGlobals() };
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

  /** What the firmware exposes, by the names of its sources. */
  get caldera(): unknown {
    return readable(this.evaluate('global.caldera'), this.names);
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

  private deviceGlobals(): Record<string, unknown> {
    const { hardware } = this;
    const { storage } = hardware;
    const pins = Array.from({ length: PIN_COUNT }, (_, index) => ({
      index,
      mode: (mode: string) => void this.ask('pinMode', index, mode),
      write: (level: boolean) => void this.ask('pinWrite', index, level ? 1 : 0),
      read: () => this.ask('pinRead', index),
    }));
    const print = (...parts: unknown[]): void => void this.ask('print', parts.join(' '));
    const { board } = this;
    const storageModule = {
      write: (name: string, data: string, offset = 0) => {
        board.noteInside(['storeWrite', name, data]);
        return Boolean(storage.set(name, (storage.get(name) ?? '').slice(0, offset) + data));
      },
      read: (name: string) => storage.get(name),
      erase: (name: string) => {
        board.noteInside(['storeErase', name]);
        storage.delete(name);
      },
      getFree: () => 0x40000,
    };
    const { flash } = hardware;
    const flashModule = {
      read: (length: number, address: number) => {
        const bytes = Uint8Array.from(flash.read(length, address) as Uint8Array);
        board.noteInside(['flashRead', address, length], bytes);
        return bytes;
      },
      write: (bytes: Uint8Array, address: number) => {
        board.noteInside(['flashWrite', address, Uint8Array.from(bytes)]);
        flash.write(bytes, address);
      },
      erasePage: (address: number) => {
        board.noteInside(['flashErase', address]);
        flash.erasePage(address);
      },
      getPage: (address: number) => ({ addr: address - (address % FLASH_PAGE), length: FLASH_PAGE }),
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
      // Nobody listens to it.
      Serial2: { setup: () => undefined, on: () => undefined, write: () => undefined },
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
        hwRand: () => NO_CHANCE,
        getConsole: () => 'Serial1',
        CRC32: (data: string | Uint8Array) => crc32(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
      },
      btoa: (bytes: ArrayLike<number>) => Buffer.from(Uint8Array.from(bytes)).toString('base64'),
      atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
      peek32: () => hardware.resetState,
      process: {
        version: 'node',
        env: { BOARD: 'ESP32', SERIAL: 'simulated' },
        memory: () => ({ total: TOTAL_VARS, usage: hardware.usage, free: TOTAL_VARS - hardware.usage }),
      },
      require: (name: string) => {
        if (name === 'Storage') return storageModule;
        if (name === 'Flash') return flashModule;
        if (name === 'crypto') return { SHA256: sha256 };
        throw new Error(`Module "${name}" not found`);
      },
    };
  }
}

/** As the interpreter's: bytes, or strings of which each character is a byte, joined. */
function sha256(items: readonly (ArrayBuffer | string)[]): ArrayBuffer {
  const hash = createHash('sha256');
  for (const item of items) hash.update(typeof item === 'string' ? Buffer.from(item, 'latin1') : new Uint8Array(item));
  return Uint8Array.from(hash.digest()).buffer;
}
