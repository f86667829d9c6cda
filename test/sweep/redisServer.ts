/** A Redis of the test's own, on a free port, with its data in a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe } from 'vitest';

const found = spawnSync('redis-server', ['--version']).status === 0;
if (!found) {
  const text = 'no redis-server on PATH: campaigns over Redis are not tested (Debian: apt-get install redis-server)';
  if (process.env.CI === 'true') throw new Error(text);
  console.warn(`SKIPPED: ${text}.`);
}

/** A suite that needs a Redis; counted as skipped, and said so, where there is none. */
export const withRedis = found ? describe : describe.skip;

export class RedisServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'caldera-redis-'));
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  static async start(...options: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--dir', this.folder, '--save', '', '--appendonly', 'yes'];
    this.process = spawn('redis-server', [...settings, ...this.options], { stdio: 'ignore' });
    for (let tries = 0; tries < 100 && !(await this.answers()); tries++) await delay(50);
  }

  async kill(): Promise<void> {
    const { process } = this;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  cli(...args: string[]): string {
    return spawnSync('redis-cli', ['-p', String(this.port), ...args], { encoding: 'utf8' }).stdout.trim();
  }

  private async answers(): Promise<boolean> {
    return /PONG|NOAUTH/.test(this.cli('ping'));
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
