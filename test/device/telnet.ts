/** The interpreter as its own TCP server, in an empty folder: the way of docs/flashing.md. */
import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { end } from './console';
import { interpreter } from './interpreter';
import { atTelnetPort, TELNET_PORT } from './telnetPort';

const answers = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(TELNET_PORT, '127.0.0.1', () => resolve(Boolean(socket.destroy())));
    socket.on('error', () => resolve(false));
  });

export const TELNET = `tcp://127.0.0.1:${TELNET_PORT}`;

/** Whoever has one has the TCP port's turn. It keeps its flash in its folder. */
export class TelnetBoard {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-telnet-'));
  private child: ChildProcess | undefined;

  async start(): Promise<void> {
    this.child = spawn(interpreter, ['--telnet'], { cwd: this.folder, stdio: ['pipe', 'ignore', 'ignore'] });
    for (const began_ms = Date.now(); !(await answers()); await delay(100))
      if (Date.now() - began_ms > 20_000) throw new Error(`${interpreter} --telnet does not listen`);
  }

  /** The power is cut and comes back. */
  async reset(): Promise<void> {
    await this.end();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.end();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private end(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    return end(child);
  }
}

/** @throws where something else has the port */
export const withTelnet = (use: (port: string) => Promise<void>): Promise<void> =>
  atTelnetPort(async () => {
    const board = new TelnetBoard();
    try {
      await board.start();
      await use(TELNET);
    } finally {
      await board.stop();
    }
  });
