/**
 * A board to flash: the real interpreter, its console joined to a TCP port or to any other stream as a UART would be. It keeps its flash
 * in a file of a folder of its own, and is started again when it ends: that stands for the board's reset.
 */
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { end, startConsole, type Console } from '../device/console';

export class Board {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-board-'));
  /** All it said, over every start. */
  said = '';
  starts = 0;
  /** Bytes that came by way of the port. */
  received = 0;
  private child: Console | undefined;
  private server: net.Server | undefined;
  private readonly sockets = new Set<net.Socket>();
  private readonly listeners = new Set<(bytes: Buffer) => void>();
  private stopped = false;

  start(): void {
    this.starts++;
    const child = startConsole(this.folder);
    this.child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (bytes: Buffer) => {
      this.said += bytes.toString('latin1');
      for (const listen of this.listeners) listen(bytes);
    });
    child.on('close', () => {
      if (!this.stopped && this.child === child) this.start();
    });
  }

  type(text: string): void {
    this.child?.stdin.write(Buffer.from(text, 'latin1'));
  }

  onSaid(listener: (bytes: Buffer) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The power is cut and comes back. */
  async reset(): Promise<void> {
    await this.end();
    this.stopped = false;
    this.said = '';
    this.start();
  }

  /** Waits for something said since the last reset. */
  async says(pattern: RegExp, within_ms = 10_000): Promise<RegExpExecArray> {
    for (const began_ms = Date.now(); Date.now() - began_ms < within_ms; await delay(10)) {
      const found = pattern.exec(this.said);
      if (found) return found;
    }
    throw new Error(`no ${pattern} in: ${this.said}`);
  }

  /** A bit of what is in flash falls. */
  damage(content: string): void {
    const file = path.join(this.folder, 'espruino.flash');
    const flash = fs.readFileSync(file);
    const at = flash.indexOf(Buffer.from(content, 'latin1'));
    if (at < 0) throw new Error('this is not in flash');
    flash[at + content.length - 1]! ^= 1;
    fs.writeFileSync(file, flash);
  }

  /** The value of an expression on it. */
  async evaluate(expression: string): Promise<string> {
    this.said = '';
    this.type(`\x10print("<"+"=",${expression},"=>")\n`);
    return (await this.says(/<= (.*) =>/))[1]!;
  }

  /**
   * A TCP port that leads to its console.
   * @param cutAfter bytes towards the board after which the connection breaks, once
   */
  async listen(cutAfter = Infinity): Promise<string> {
    let left = cutAfter;
    this.server = net.createServer((socket) => {
      this.sockets.add(socket);
      const stop = this.onSaid((bytes) => void socket.write(bytes));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        stop();
        this.sockets.delete(socket);
      });
      socket.on('data', (bytes: Buffer) => {
        const passed = bytes.subarray(0, left);
        left -= passed.length;
        this.child?.stdin.write(passed);
        this.received += passed.length;
        if (left <= 0) {
          left = Infinity;
          socket.destroy();
        }
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    return `tcp://127.0.0.1:${(this.server.address() as net.AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await this.end();
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private end(): Promise<void> {
    this.stopped = true;
    const child = this.child;
    this.child = undefined;
    return end(child);
  }
}
