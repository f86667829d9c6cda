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

/** As a reset does. */
export function restartController(): void {
  E.reboot();
}

/** One line on the console. Console and telemetry share a UART: a prefix tells them apart. */
export function printLine(text: string): void {
  print(text);
}

/** A file of the interpreter's Storage; undefined when there is none. */
export function readFile(name: string): string | undefined {
  return require('Storage').read(name);
}

/** Makes a value reachable from the console under this name. */
export function expose(name: string, value: object): void {
  (global as unknown as Record<string, object>)[name] = value;
}

/** The begin of the names of this firmware's files in Storage: there may be two firmwares (loader/). */
export function filePrefix(): string {
  return (global as unknown as { calderaSlot?: string }).calderaSlot ?? 'caldera-';
}

/**
 * Calls a function of a part of the firmware that lies in Storage, and drops the part again: its functions take memory only
 * meanwhile. A part sees all that the program has (sim/build/split.ts).
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a part returns its caller knows
export function withPart(name: string, call: string, values: unknown[]): any {
  const prefix = filePrefix();
  common = readFile(prefix + 'common');
  part = readFile(prefix + name);
  try {
    return openPart()[call].apply(undefined, values);
  } finally {
    common = part = undefined;
    // Functions and the scope they share hold each other: only the collector frees them.
    process.memory();
  }
}

/** `eval`, in the scope of the call: the bundler gives it its name. Code of a string in flash stays there. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as a part
declare function evaluate(code: string | undefined): any;

/** The text of what several parts share, and of the part. */
let common: string | undefined;
let part: string | undefined;

/** Without a name of its own, which might hide one that the part means. */
function openPart(): Record<string, { apply(self: unknown, values: unknown[]): unknown }> {
  evaluate(common);
  return evaluate(part);
}

/** The text of the functions that are made at each call (sim/build/cold.ts). It stays in flash. */
const COLD_CODE = readFile(filePrefix() + 'cold') as string;

/**
 * Makes a function. Without a name of its own, which might hide one that the function means.
 * @param arguments where its text begins and ends
 */
export function callCold(): unknown {
  return evaluate(COLD_CODE.slice(arguments[0], arguments[1]));
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
