/**
 * The interpreter's console: who types there can do anything, without a key.
 *
 * An ESP32's console does not stay on its wire: a Bluetooth or Telnet connection moves it to itself, unless it is forced to where
 * it is (`force`, Espruino 2v29: `gatts_connect_handler`, `telnetAccept`). Bluetooth is on by default. So even an open console
 * has to be forced. A password (`E.setPassword`) is no substitute: it keeps the wire for itself and may be tried without end.
 */
import type { DigitalIn } from '../bus';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how the interpreter's types are written
  namespace E {
    function setConsole(device: string | null, options: { force: boolean }): void;
    /** The name of its device, such as `Serial1`; null while it is closed. */
    function getConsole(): string | null;
  }
}

/**
 * Nothing that is typed anywhere is executed any more, until the next reset or `openConsole`. What arrives on the console's device
 * comes as its `data` events instead, Ctrl-C included, and what is printed goes nowhere: use the device's `write`.
 * @returns the device the console was on, null if it was closed
 */
export function closeConsole(): string | null {
  const device = E.getConsole();
  E.setConsole(null, { force: true });
  return device;
}

/** Puts the console on a device and keeps it there. */
export function openConsole(device: string): void {
  E.setConsole(device, { force: true });
}

export function isConsoleOpen(): boolean {
  return E.getConsole() !== null;
}

/** The wire of that name: for what arrives there, and to answer, while the console is closed. */
export function serialOf(device: string): Serial {
  return (global as unknown as Record<string, Serial>)[device];
}

/** A button to ground, such as an ESP32's BOOT at `D0`: reads false while it is pressed. */
export function groundedButton(pin: string): DigitalIn {
  const button = Pin(pin);
  button.mode('input_pullup');
  return button;
}
