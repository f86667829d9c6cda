/** A TCP port on this machine that leads to a device: for the upload tool, which is to use the connection that is open already. */
import * as net from 'node:net';
import type { Conversation } from './conversation';

/**
 * The tool types it, twice, when the prompt is half a second late. What it uploads holds none; it would break off what was sent before, and the
 * second ends the interpreter of a PC.
 */
const CTRL_C = '\x03';

export interface Bridge {
  /** As the program is to call it. */
  readonly port: string;
  close(): Promise<void>;
}

/** @param onSent called with the count of bytes of each piece that goes to the device */
export async function openBridge(device: Conversation, onSent: (bytes: number) => void): Promise<Bridge> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    const stop = device.listen((text) => void socket.write(Buffer.from(text, 'latin1')));
    socket.on('data', (bytes: Buffer) => {
      device.write(bytes.toString('latin1').replaceAll(CTRL_C, ''));
      onSent(bytes.length);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      stop();
      sockets.delete(socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: `tcp://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
