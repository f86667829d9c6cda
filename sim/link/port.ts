/** The wire to a device: a serial port, or a TCP connection to an interpreter or a serial server. */
import * as net from 'node:net';
import { InputError } from '../errors';

const BAUD_RATE = 115200;
const CONNECT_TIMEOUT_MS = 5000;

/** Each character of a text is one byte. */
export interface Port {
  readonly name: string;
  write(text: string): void;
  /** Called with what arrives, in pieces of any size. */
  onText(listener: (text: string) => void): void;
  /** Called once, when the other side or the operating system has closed it. */
  onClosed(listener: (why: string) => void): void;
  close(): Promise<void>;
}

/**
 * @param name `tcp://host:port`, or what the operating system calls a serial port
 * @throws InputError when it cannot be opened
 */
export function openPort(name: string): Promise<Port> {
  return /^tcp:/i.test(name) ? openTcp(name) : openSerial(name);
}

const allowed = 'allowed: a serial port, such as /dev/ttyUSB0 or COM3, or tcp://host:port';

async function openTcp(name: string): Promise<Port> {
  const [, host, port] = /^tcp:\/\/(.+):(\d{1,5})\/?$/i.exec(name) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65535)
    throw new InputError(`--port: '${name}' is not valid; ${allowed}`);
  const socket = net.connect({ host: host.replace(/^\[|\]$/g, ''), port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => {
      socket.destroy();
      reject(new InputError(`--port: nothing can be reached at ${name} (${why}); ${allowed}`));
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => fail('no answer'));
    socket.once('error', (error) => fail((error as NodeJS.ErrnoException).code ?? error.message));
    socket.once('connect', resolve);
  });
  socket.setTimeout(0);
  socket.removeAllListeners('error').removeAllListeners('timeout');
  let why = 'the other side closed the connection';
  socket.on('error', (error) => (why = error.message));
  return {
    name,
    write: (text) => void socket.write(Buffer.from(text, 'latin1')),
    onText: (listener) => void socket.on('data', (bytes: Buffer) => listener(bytes.toString('latin1'))),
    onClosed: (listener) => void socket.once('close', () => listener(why)),
    close: () =>
      new Promise((resolve) => {
        if (socket.destroyed) resolve();
        else socket.once('close', () => resolve()).destroy();
      }),
  };
}

async function openSerial(name: string): Promise<Port> {
  const { SerialPort } = await import('serialport').catch(() => {
    throw new InputError(
      `--port: ${name} needs the package serialport, which is not installed here (npm install serialport); tcp://host:port works without`,
    );
  });
  const port = new SerialPort({ path: name, baudRate: BAUD_RATE, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(new InputError(`--port: ${plain(error.message)}; ${allowed}`)) : resolve()));
  });
  let why = 'the port is gone';
  port.on('error', (error) => (why = plain(error.message)));
  return {
    name,
    write: (text) => void port.write(Buffer.from(text, 'latin1')),
    onText: (listener) => void port.on('data', (bytes: Buffer) => listener(bytes.toString('latin1'))),
    onClosed: (listener) => void port.once('close', () => listener(why)),
    close: () => new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())),
  };
}

const plain = (message: string): string => message.replace(/^Error: /, '');
