import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';

/** The interpreter ended, was stopped because it no longer answered, or said what no frame is. */
export class LinkError extends Error {}

/** No run may burn more processor time than this, even when everything that watches it is gone. */
const CPU_LIMIT_S = 1800;
const READ_BYTES = 65536;
const CONSOLE_KEPT = 4000;
/** What the interpreter sends to move a terminal's cursor, and its prompt. */
const TERMINAL_CODES = /\u001b\[[0-9;?]*[A-Za-z]|^>|>$/g;

/**
 * An interpreter process joined to this one by two FIFOs. Reading blocks, so that simulator and interpreter take strict turns;
 * a guard in another thread ends an interpreter that keeps this one waiting for too long. The FIFOs have no name
 * once both ends are open, and an interpreter whose FIFO loses its other end dies at the next write: nothing is left behind.
 */
export class Link {
  private readonly input = Buffer.alloc(READ_BYTES);
  private start = 0;
  private end = 0;
  private said = '';
  private readonly exited: Promise<void>;
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly requests: number,
    private readonly answers: number,
    private readonly guard: Guard,
    private readonly stall_s: number,
  ) {
    const keep = (text: Buffer): void => void (this.said = (this.said + text.toString('latin1')).slice(-CONSOLE_KEPT));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.exited = new Promise((resolve) => child.once('close', resolve));
  }

  /**
   * Starts `interpreter -e command` in `folder`; it boots from the flash found there, with the FIFOs at descriptors 3 (answers)
   * and 4 (requests). `stall_s`: how long it may compute without asking anything.
   */
  static open(interpreter: string, folder: string, command: string, stall_s: number): Link {
    const [down, up] = ['down', 'up'].map((name) => path.join(folder, name)) as [string, string];
    execFileSync('mkfifo', [down, up]);
    // Opened for both directions first, because opening a FIFO for one direction waits for the other.
    const hold = [down, up].map((file) => fs.openSync(file, 'r+'));
    const theirs = [fs.openSync(down, 'r'), fs.openSync(up, 'w')] as const;
    const ours = [fs.openSync(up, 'r'), fs.openSync(down, 'w')] as const;
    for (const fd of hold) fs.closeSync(fd);
    fs.unlinkSync(down);
    fs.unlinkSync(up);
    const child = spawn('sh', ['-c', `ulimit -t ${CPU_LIMIT_S}; exec "$@"`, 'sh', interpreter, '-e', command], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe', ...theirs],
    });
    for (const fd of theirs) fs.closeSync(fd);
    if (child.pid === undefined) throw new LinkError(`cannot start ${interpreter}`);
    return new Link(child, ours[0], ours[1], new Guard(child.pid, stall_s), stall_s);
  }

  /** The next `count` bytes; valid until the next call. Blocks. @throws LinkError */
  take(count: number): Buffer {
    while (this.end - this.start < count) this.fill();
    this.start += count;
    return this.input.subarray(this.start - count, this.start);
  }

  /** The next byte. Blocks. @throws LinkError */
  byte(): number {
    if (this.start === this.end) this.fill();
    return this.input[this.start++] as number;
  }

  /** Sends bytes. @throws LinkError */
  send(bytes: Uint8Array): void {
    try {
      let sent = 0;
      while (sent < bytes.length) sent += fs.writeSync(this.answers, bytes, sent);
    } catch (error) {
      throw this.lost((error as Error).message);
    }
  }

  /** What the interpreter printed on its own console, the last of it. */
  get console(): string {
    return this.said.trim().replace(TERMINAL_CODES, '').trim();
  }

  /** Ends the interpreter if it has not ended by itself; after that `console` is complete. */
  close(): Promise<void> {
    return (this.closed ??= this.finish());
  }

  private async finish(): Promise<void> {
    fs.closeSync(this.answers);
    fs.closeSync(this.requests);
    const late = setTimeout(() => this.kill(), 1000);
    await this.exited;
    clearTimeout(late);
    this.child.stdin?.destroy();
    await this.guard.stop();
  }

  /** Ends the interpreter at once. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private fill(): void {
    if (this.start === this.end) this.start = this.end = 0;
    else if (this.end === READ_BYTES) {
      this.input.copyWithin(0, this.start, this.end);
      this.end -= this.start;
      this.start = 0;
    }
    this.guard.waiting();
    const count = fs.readSync(this.requests, this.input, this.end, READ_BYTES - this.end, null);
    this.guard.answered();
    if (count === 0) throw this.lost('it ended');
    this.end += count;
  }

  private lost(why: string): LinkError {
    if (this.guard.fired) return new LinkError(`the interpreter asked nothing for ${this.stall_s} s and was stopped`);
    return new LinkError(`the interpreter is gone: ${why}`);
  }
}

/**
 * Kills a process that lets this one wait too long. It runs in a thread of its own because this one is blocked meanwhile.
 * Shared words: whether this thread waits, how often it has waited, whether the guard fired.
 */
class Guard {
  private readonly words = new Int32Array(new SharedArrayBuffer(12));
  private readonly worker: Worker;

  constructor(pid: number, stall_s: number) {
    const source = `
      const { workerData: { words, pid, stall_ms } } = require('node:worker_threads');
      let turn = -1, since = Date.now();
      setInterval(() => {
        if (words[0] === 0 || words[1] !== turn) { turn = words[1]; since = Date.now(); return; }
        if (Date.now() - since < stall_ms || words[2]) return;
        words[2] = 1;
        try { process.kill(pid, 'SIGKILL'); } catch {}
      }, Math.min(200, stall_ms / 4));`;
    this.worker = new Worker(source, { eval: true, workerData: { words: this.words, pid, stall_ms: stall_s * 1000 } });
    this.worker.unref();
  }

  get fired(): boolean {
    return Atomics.load(this.words, 2) !== 0;
  }

  waiting(): void {
    Atomics.add(this.words, 1, 1);
    Atomics.store(this.words, 0, 1);
  }

  answered(): void {
    Atomics.store(this.words, 0, 0);
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}
