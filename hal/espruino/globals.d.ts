/**
 * Espruino's own globals, as far as the firmware uses them. Only files in this folder may (a lint rule sees to it).
 *
 * Beside @types/espruino, which lacks `readReg`, `Storage`, `setInterval`, `process` and more, and names much that an ESP32 has
 * not: only what stands here may be used (a lint rule), and test/language holds every member against the interpreter.
 * Reference: https://www.espruino.com/Reference
 */

interface Pin {
  mode(mode: 'input' | 'input_pullup' | 'input_pulldown' | 'output' | 'opendrain' | 'analog'): void;
  /** The level at the pin. */
  read(): boolean;
  write(level: boolean): void;
}
/** The pin of that name, such as `D21`. */
declare function Pin(name: string): Pin;
/** The converter's raw reading as a fraction of full scale, 0 to 1. */
declare function analogRead(pin: Pin): number;

interface I2C {
  setup(options: { scl: Pin; sda: Pin; bitrate?: number }): void;
  readReg(address: number, register: number, count: number): Uint8Array;
  readFrom(address: number, count: number): Uint8Array;
  writeTo(address: number, bytes: { readonly length: number; readonly [index: number]: number }): void;
}
declare var I2C1: I2C;
declare var I2C2: I2C;

interface Serial {
  setup(baudRate: number, options?: { rx?: Pin; tx?: Pin }): void;
  write(data: string | Uint8Array): void;
  on(event: 'data', listener: (data: string) => void): void;
}
declare var Serial1: Serial;
declare var Serial2: Serial;

/** Seconds, with a fraction. */
declare function getTime(): number;
declare function setTimeout(callback: () => void, delay_ms: number): number;
declare function setInterval(callback: () => void, period_ms: number): number;
declare function changeInterval(id: number, period_ms: number): void;
declare function clearTimeout(id: number): void;
declare function clearInterval(id: number): void;

declare function print(...values: any[]): void;
interface Console {
  log(...values: any[]): void;
}
declare const console: Console;

interface Process {
  readonly version: string;
  readonly env: { readonly BOARD: string; readonly SERIAL: string };
  /** Counts of JsVars; collects garbage first unless told not to. */
  memory(collect?: boolean): {
    readonly free: number;
    readonly usage: number;
    readonly total: number;
    readonly blocksize: number;
  };
  on(event: 'uncaughtException', listener: (error: any) => void): void;
}
declare const process: Process;

declare namespace E {
  /** Unsigned. */
  function CRC32(data: string | Uint8Array | readonly number[]): number;
  /** An ESP32 rounds to whole seconds and takes 0.4 s for 0. */
  function enableWatchdog(timeout_s: number, automatic: boolean): void;
  function kickWatchdog(): void;
  /** As a reset of the controller. */
  function reboot(): void;
  /** Flags such as `MEMORY` or `LOW_MEMORY`, cleared by this call. */
  function getErrorFlags(): string[];
  /** 32 bits, signed. */
  function hwRand(): number;
  /** In JsVars. */
  function getSizeOf(value: any): number;
  /** A view of bytes in memory-mapped flash, without copying. */
  function memoryArea(address: number, length: number): string;
  function on(event: 'init' | 'kill', listener: () => void): void;
}

interface EspruinoStorage {
  read(name: string, offset?: number, length?: number): string | undefined;
  /** Mapped, not copied. */
  readArrayBuffer(name: string): ArrayBuffer | undefined;
  write(name: string, data: string | Uint8Array, offset?: number, size?: number): boolean;
  erase(name: string): void;
  list(): string[];
  getFree(): number;
}
interface EspruinoFlash {
  read(length: number, address: number): Uint8Array;
  write(data: string | Uint8Array, address: number): void;
  erasePage(address: number): void;
  getPage(address: number): { readonly addr: number; readonly length: number } | undefined;
}
/** Modules built into the interpreter. */
interface EspruinoModules {
  Storage: EspruinoStorage;
  Flash: EspruinoFlash;
}
declare function require<Name extends keyof EspruinoModules>(module: Name): EspruinoModules[Name];

/** Base64 of bytes, or of a text of which each character is one byte. */
declare function btoa(bytes: { readonly length: number }): string;
/** The bytes of base64, each as a character. */
declare function atob(text: string): string;

/** Memory-mapped registers of the controller, 32 bits. */
declare function peek32(address: number): number;

/** The global scope: what is put here can be reached from the console. */
declare var global: typeof globalThis;
