/** A board at a serial port that the user has chosen, by Web Serial (Chrome and Edge on computers). */
import { LiveSource, type LiveEntry } from '../../liveSource';
import type { Port } from '../../../link/port';
import type { Source } from './source';

/** What is used of Web Serial (wicg.github.io/serial). */
interface SerialPort {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
  getInfo(): { usbVendorId?: number; usbProductId?: number };
}
interface Serial {
  requestPort(): Promise<SerialPort>;
  getPorts(): Promise<SerialPort[]>;
}

const BAUD_RATE = 115200;
const GONE = 'the port is gone';
const serial = (navigator as { serial?: Serial }).serial;

export const hasSerial = serial !== undefined;

/**
 * Lets the user choose a port, and watches the board there; when it is unplugged, until it is back.
 * @returns undefined when the user chose none
 */
export async function listenToSerial(heard: (entry: LiveEntry) => void): Promise<Source | undefined> {
  let chosen: SerialPort;
  try {
    chosen = await serial!.requestPort();
  } catch (error) {
    if ((error as DOMException).name === 'NotFoundError') return undefined;
    throw error;
  }
  const stop = new AbortController();
  const source = new LiveSource(async () => openPort(await present(chosen)), heard);
  void source.run(stop.signal);
  return {
    name: 'serial port',
    isExclusive: true,
    request: (line) => source.request(line),
    stop: () => stop.abort(),
  };
}

/** A board that was plugged in again may be another object. */
async function present(port: SerialPort): Promise<SerialPort> {
  const ports = await serial!.getPorts();
  const same = JSON.stringify(port.getInfo());
  const found = ports.includes(port) ? port : ports.find((other) => JSON.stringify(other.getInfo()) === same);
  if (found === undefined) throw new Error('the board is not plugged in');
  return found;
}

async function openPort(port: SerialPort): Promise<Port> {
  try {
    await port.open({ baudRate: BAUD_RATE });
  } catch {
    throw new Error('the serial port cannot be opened; does another program or page use it?');
  }
  const reader = port.readable!.getReader();
  const writer = port.writable!.getWriter();
  let onText: (text: string) => void = () => undefined;
  let onClosed: (why: string) => void = () => undefined;
  const reading = (async () => {
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        let text = '';
        for (const byte of value) text += String.fromCharCode(byte);
        onText(text);
      }
    } catch {
      // Said below: it is gone.
    }
    reader.releaseLock();
    onClosed(GONE);
  })();
  return {
    name: 'serial port',
    write: (text) => {
      writer.write(Uint8Array.from(text, (character) => character.charCodeAt(0))).catch(() => undefined);
    },
    onText: (listener) => (onText = listener),
    onClosed: (listener) => (onClosed = listener),
    close: async () => {
      onClosed = () => undefined;
      await reader.cancel().catch(() => undefined);
      await reading;
      await writer.close().catch(() => undefined);
      writer.releaseLock();
      await port.close().catch(() => undefined);
    },
  };
}
