/** Whatever is killed, and whenever: no run is lost, none is there twice, the table is the same to the byte. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../sim/random';
import { LONG } from '../long';
import { compile, digestOf, type Program, type Running } from './program';
import { RedisServer, withRedis } from './redisServer';

const KILLS = LONG ? { worker: 20, coordinator: 10 } : { worker: 3, coordinator: 2 };
const RUNS = LONG ? 4000 : 240;
const random = new Random(Number(process.env.CALDERA_SEED ?? 1), 'kills');

let program: Program;
let folder: string;
let design: string;
let reference: string;
const out = (name: string): string => join(folder, name);
const table = (name: string): string => digestOf(join(out(name), 'runs.parquet'));

beforeAll(async () => {
  program = compile();
  folder = mkdtempSync(join(tmpdir(), 'caldera-killed-'));
  design = out('design.yaml');
  writeFileSync(
    design,
    `seed: 7
run: { cycles: ${LONG ? 60 : 16}, mismatch: 0.2 }
grid: { cell: [afl-l1, afl-l2], policy: [1C, 2C] }
sample: { method: latin-hypercube, points: ${RUNS / 4}, of: { temperature_C: { from: 10, to: 40 } } }
cycles: true
`,
  );
  expect(await program.start('sweep', design, '--threads', '1', '--out', out('reference')).ended).toBe(0);
  reference = table('reference');
});

afterAll(() => {
  program?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Lets it run for a moment that nobody chose. */
const moment = (most_ms: number): Promise<void> => delay(most_ms * random.uniform());

describe('on this machine', () => {
  it('two threads and chunks of another size make the same table', async () => {
    expect(await program.start('sweep', design, '--threads', '2', '--chunk', '7', '--out', out('two')).ended).toBe(0);
    expect(table('two')).toBe(reference);
    expect(digestOf(join(out('two'), 'cycles.parquet'))).toBe(digestOf(join(out('reference'), 'cycles.parquet')));
  });

  it(`killed ${KILLS.coordinator} times, it goes on where it was`, async () => {
    const args = ['sweep', design, '--threads', '2', '--out', out('killed')];
    let hits = 0;
    for (let kill = 0; kill < KILLS.coordinator; kill++) {
      const running = program.start(...args);
      await delay(400);
      await moment(LONG ? 8000 : 600);
      await running.kill();
      if (running.process.signalCode === 'SIGKILL') hits++;
    }
    expect(hits).toBeGreaterThan(0);
    expect(await program.start(...args).ended).toBe(0);
    expect(table('killed')).toBe(reference);
  });

  it('stopped by Ctrl-C it says so, and goes on later', async () => {
    const args = ['sweep', design, '--threads', '1', '--chunk', '5', '--out', out('stopped')];
    const running = program.start(...args);
    while (!existsSync(join(out('stopped'), '.chunks'))) await delay(100);
    await running.kill('SIGINT');
    expect(running.process.exitCode).toBe(130);
    expect(running.stderr()).toMatch(/stopped after \d+ of \d+ runs; the same command goes on/);
    expect(await program.start(...args).ended).toBe(0);
    expect(table('stopped')).toBe(reference);
  });
});

withRedis('over Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis?.remove());

  const worker = (): Running => program.start('worker', '--redis', redis.url, '--threads', '1', '--lost', '2');
  const coordinator = (name: string): Running =>
    program.start('sweep', design, '--redis', redis.url, '--out', out(name));

  it(`workers killed ${KILLS.worker} times, the coordinator ${KILLS.coordinator} times, Redis restarted with its data`, async () => {
    let workers = [worker(), worker()];
    let running = coordinator('redis');
    let hits = 0;
    const deeds = [
      ...Array.from({ length: KILLS.worker }, () => 'worker' as const),
      ...Array.from({ length: KILLS.coordinator }, () => 'coordinator' as const),
      'redis' as const,
    ].sort(() => random.uniform() - 0.5);
    for (const deed of deeds) {
      await delay(LONG ? 300 : 150);
      await moment(LONG ? 4000 : 400);
      if (running.process.exitCode === null) hits++;
      if (deed === 'worker') {
        await workers[0]!.kill();
        workers = [workers[1]!, worker()];
      } else if (deed === 'coordinator') {
        await running.kill();
        running = coordinator('redis');
      } else {
        // Who finds no Redis at the start does not wait for it, but says so and ends: workers and coordinator are let begin.
        for (const one of workers) while (!one.stderr().includes('worker with')) await delay(50);
        await delay(2000);
        await redis.kill();
        await moment(1000);
        await redis.start();
      }
    }
    expect(hits).toBeGreaterThan(deeds.length / 2);
    expect(await running.ended, running.stderr()).toBe(0);
    for (const one of workers) await one.kill('SIGTERM');
    expect(workers.map((one) => one.process.exitCode)).toEqual([0, 0]);
    expect(table('redis')).toBe(reference);
    expect(redis.cli('hlen', 'caldera:campaigns')).toBe('0');
  });
});
