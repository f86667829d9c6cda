/** The interpreter as its own TCP server, with an empty flash: the way of docs/flashing.md. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interpreter } from './interpreter';

/** The interpreter knows no other. */
const PORT = 2323;

const answers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(PORT, '127.0.0.1', () => resolve(Boolean(socket.destroy())));
    socket.on('error', () => resolve(false));
  });

/** @throws where something else has the port */
export async function withTelnet(use: (port: string) => Promise<void>): Promise<void> {
  if (await answers()) throw new Error(`something else listens on TCP port ${PORT}, which the interpreter needs`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-telnet-'));
  const child = spawn(interpreter, ['--telnet'], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
  try {
    const began_ms = Date.now();
    while (!(await answers()))
      if (Date.now() - began_ms > 20_000) throw new Error(`${interpreter} --telnet does not listen`);
      else await delay(100);
    await use(`tcp://127.0.0.1:${PORT}`);
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
