/** What the device entry needs of the interpreter around it. */

/** Time since the interpreter started [ms, whole]. */
export function now_ms(): number {
  return Math.floor(getTime() * 1000 + 0.5);
}

/** Calls once after `delay_ms`. */
export function after(delay_ms: number, callback: () => void): void {
  setTimeout(callback, delay_ms);
}

/** Resets the board unless `kickWatchdog` is called within `timeout_s` (whole seconds: an ESP32 rounds). */
export function startWatchdog(timeout_s: number): void {
  E.enableWatchdog(timeout_s, false);
}

export function kickWatchdog(): void {
  E.kickWatchdog();
}

/** One line on the console. Console and telemetry share a UART: a prefix tells them apart. */
export function printLine(text: string): void {
  print('#' + text);
}

/** A file of the interpreter's Storage; undefined when there is none. */
export function readFile(name: string): string | undefined {
  return require('Storage').read(name);
}

/** Makes a value reachable from the console under this name. */
export function expose(name: string, value: object): void {
  (global as unknown as Record<string, object>)[name] = value;
}

/**
 * Calls a function of a part of the firmware that lies in Storage, and drops the part again: its functions take memory only
 * meanwhile.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a part returns its caller knows
export function withPart(name: string, call: string, values: unknown[]): any {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a module of the firmware, by its name in Storage
  const part = require(name as 'Storage') as unknown as Record<
    string,
    { apply(self: unknown, values: unknown[]): unknown }
  >;
  try {
    return part[call].apply(undefined, values);
  } finally {
    Modules.removeCached(name);
    // Functions and the scope they share hold each other: only the collector frees them.
    process.memory();
  }
}

/** JsVars that are free, garbage not counted. */
export function freeMemory(): number {
  const memory = process.memory(false);
  return memory.total - memory.usage;
}

/** 32 bits from the interpreter's random source. */
export function randomWord(): number {
  return E.hwRand() >>> 0;
}

/** ESP32 technical reference manual, RTC_CNTL_RESET_STATE_REG: the cause of the last reset of the first processor. */
const RESET_STATE = 0x3ff48034;
const POWER_ON = 1;
const BROWN_OUT = 15;
const WATCHDOGS = [4, 7, 8, 9, 11, 13, 16];

/** Why the controller started: a `ResetCause` of firmware/device.ts. */
export function resetCause(): number {
  if (process.env.BOARD !== 'ESP32') return 0;
  const cause = peek32(RESET_STATE) & 63;
  if (cause === POWER_ON) return 1;
  if (cause === BROWN_OUT) return 4;
  return WATCHDOGS.indexOf(cause) >= 0 ? 3 : 2;
}

/** The controller's own number. */
export function deviceId(): string {
  return process.env.SERIAL;
}

/** @returns whether there was room */
export function writeFile(name: string, text: string): boolean {
  return require('Storage').write(name, text);
}

export function eraseFile(name: string): void {
  require('Storage').erase(name);
}
