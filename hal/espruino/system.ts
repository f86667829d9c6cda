/** What the device entry needs of the interpreter around it. */
import type { Store } from '../bus';

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

/** Records in the interpreter's Storage. */
export function store(): Store {
  const storage = require('Storage');
  return {
    read: function (name: string): Uint8Array | undefined {
      const found = storage.readArrayBuffer(name);
      return found === undefined ? undefined : new Uint8Array(found);
    },
    write: function (name: string, bytes: Uint8Array): void {
      if (!storage.write(name, bytes)) throw new Error('Storage is full');
    },
    checksum: function (bytes: Uint8Array): number {
      return E.CRC32(bytes);
    },
  };
}

/** Makes a value reachable from the console under this name. */
export function expose(name: string, value: object): void {
  (global as unknown as Record<string, object>)[name] = value;
}
