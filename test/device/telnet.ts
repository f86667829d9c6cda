/** The interpreter as its own TCP server, with an empty flash: the way of docs/flashing.md. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interpreter } from './interpreter';
import { atTelnetPort, TELNET_PORT } from './telnetPort';

const answers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(TELNET_PORT, '127.0.0.1', () => resolve(Boolean(socket.destroy())));
    socket.on('error', () => resolve(false));
  });

/** @throws where something else has the port */
export const withTelnet = (use: (port: string) => Promise<void>): Promise<void> => atTelnetPort(() => serve(use));

async function serve(use: (port: string) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-telnet-'));
  const child = spawn(interpreter, ['--telnet'], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    const began_ms = Date.now();
    while (!(await answers()))
      if (Date.now() - began_ms > 20_000) throw new Error(`${interpreter} --telnet does not listen`);
      else await delay(100);
    await use(`tcp://127.0.0.1:${TELNET_PORT}`);
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
