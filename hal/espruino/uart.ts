/** A UART that only sends, such as to a flight controller: what arrives is not even received. */
import type { UartOut } from '../bus';
import { serialOf } from './console';
import { pinOf } from './pins';

/** @param uart `Serial1` or `Serial2`, not the console's */
export function sendingUart(wiring: { uart: string; tx: string; baud: number }): UartOut {
  const serial = serialOf(wiring.uart);
  serial.setup(wiring.baud, { tx: pinOf(wiring.tx) });
  return serial;
}
