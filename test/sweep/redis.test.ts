/** What Redis may do to a campaign: not be there, refuse, be full, forget; and workers that are not what they should be. */
import { Queue, Worker } from 'bullmq';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { checkDesign } from '../../sim/sweep/design/readDesign';
import { createCampaign, type CampaignSpec } from '../../sim/sweep/engine/campaign';
import { runStretch } from '../../sim/sweep/engine/chunk';
import { codeVersion } from '../../sim/sweep/engine/code';
import { runCampaign } from '../../sim/sweep/engine/runCampaign';
import { workByRedis } from '../../sim/sweep/redis/coordinator';
import { CAMPAIGNS, PREFIX, queueName, type JobData, type JobResult } from '../../sim/sweep/redis/names';
import { runWorker } from '../../sim/sweep/redis/worker';
import { freePort, RedisServer, withRedis } from './redisServer';

const spec: CampaignSpec = {
  kind: 'design',
  design: checkDesign({ run: { cycles: 2 }, grid: { policy: ['1C', '2C'] }, repeats: 20 }, 'x'),
};
const campaign = createCampaign(spec);

withRedis('Redis', () => {
  let redis: RedisServer;
  let out: string;
  let said: string[];
  const say = (text: string): void => void said.push(text);
  const stop: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis?.remove());
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'caldera-redis-out-'));
    said = [];
    redis.cli('flushall');
  });
  afterEach(async () => {
    for (const one of stop.splice(0)) await one();
    rmSync(out, { recursive: true, force: true });
  });

  const coordinate = (url = redis.url, chunk = 5, signal?: AbortSignal) =>
    runCampaign(
      { spec, out, version: '1', chunk, restart: false },
      (work) => workByRedis(work, url, say),
      undefined,
      signal,
    );

  /** A worker in this process, of the kind that `caldera worker` opens; `before` may throw. */
  async function helper(before: (job: JobData) => unknown = () => undefined): Promise<void> {
    let id: string | undefined;
    while ((id = redis.cli('hkeys', CAMPAIGNS).split('\n')[0]) === '') await delay(20);
    const worker = new Worker<JobData, JobResult>(
      queueName(id!),
      async ({ data }) => {
        await before(data);
        const { data: rows, took_s, setAside } = await runStretch(campaign, data);
        return { data: Buffer.from(rows).toString('base64'), took_s, setAside };
      },
      { connection: { url: redis.url, maxRetriesPerRequest: null }, prefix: PREFIX, drainDelay: 1 },
    );
    worker.on('error', () => undefined);
    stop.push(() => worker.close(true));
  }

  const rows = async (): Promise<Record<string, unknown>[]> =>
    parquetReadObjects({ file: await asyncBufferFromFile(join(out, 'runs.parquet')) });

  it('that is not there stops coordinator and worker with a line that says so', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    const message =
      /^--redis: redis:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\); allowed: the URL of a running Redis/;
    await expect(coordinate(url)).rejects.toThrow(message);
    await expect(runWorker({ redis: url, threads: 1, idle_s: null, lost_s: 30, version: '1' }, say)).rejects.toThrow(
      message,
    );
    await expect(coordinate('localhost')).rejects.toThrow(
      "--redis: 'localhost' is not valid; allowed: redis://HOST:PORT",
    );
  });

  it('with a password lets in who has it, and says no to others without repeating it', async () => {
    const locked = await RedisServer.start('--requirepass', 'secret');
    stop.push(() => locked.remove());
    const wrong = locked.url.replace('//', '//:guess@');
    const refused = await coordinate(wrong).catch((error: Error) => error);
    expect((refused as Error).message).toMatch(/refuses the password \(WRONGPASS/);
    expect((refused as Error).message).not.toContain('guess');
    await expect(coordinate(locked.url)).rejects.toThrow(/refuses the password \(NOAUTH/);
    const ended = new AbortController();
    const running = coordinate(locked.url.replace('//', '//:secret@'), 5, ended.signal);
    await delay(300);
    ended.abort();
    expect(await running).toMatchObject({ complete: false });
  });

  it('that is full is waited for, with one line, and nothing is lost', async () => {
    redis.cli('config', 'set', 'maxmemory', '1');
    const running = coordinate();
    await delay(1500);
    expect(said.filter((text) => text.includes('is full (maxmemory); waiting'))).toHaveLength(1);
    redis.cli('config', 'set', 'maxmemory', '0');
    await helper();
    expect(await running).toMatchObject({ complete: true, setAside: 0 });
    expect(said.join()).toContain('is there again');
    expect(await rows()).toHaveLength(40);
  });

  it('that has forgotten everything is told again', async () => {
    const running = coordinate();
    await delay(500);
    redis.cli('flushall');
    // What a restart without its data is.
    redis.cli('client', 'kill', 'type', 'normal');
    await helper();
    expect(await running).toMatchObject({ complete: true });
    expect((await rows()).map(({ run }) => run)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('that may evict what is queued is warned of', async () => {
    redis.cli('config', 'set', 'maxmemory-policy', 'allkeys-lru');
    const running = coordinate();
    await helper();
    await running;
    redis.cli('config', 'set', 'maxmemory-policy', 'noeviction');
    expect(said.join()).toContain(
      'maxmemory-policy allkeys-lru: when it is full it forgets what is queued; set it to noeviction',
    );
  });

  it('a run that fails its worker whenever it is tried is found and set aside with its reason', async () => {
    const running = coordinate(redis.url, 8);
    let tries = 0;
    await helper(({ from, to }) => {
      if (from > 13 || to <= 13) return;
      if (to - from === 1) tries++;
      throw new Error('out of memory');
    });
    expect(await running).toMatchObject({ complete: true, setAside: 1 });
    const aside = (await rows()).filter(({ setAside }) => setAside !== null);
    expect(aside).toMatchObject([{ run: 13, setAside: 'tried 3 times: out of memory' }]);
    expect(tries).toBe(3);
  });

  it('a part that another coordinator left behind is counted once', async () => {
    const first = new AbortController();
    const left = coordinate(redis.url, 8, first.signal);
    await delay(400);
    first.abort();
    await left;
    const [id] = redis.cli('hkeys', CAMPAIGNS).split('\n');
    const queue = new Queue<JobData, JobResult>(queueName(id!), { connection: { url: redis.url }, prefix: PREFIX });
    await queue.add('runs', { from: 8, to: 12 }, { jobId: '8-12', lifo: true });
    await queue.close();
    const running = coordinate(redis.url, 8);
    await helper();
    expect(await running).toMatchObject({ complete: true });
    expect((await rows()).map(({ run }) => run)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('a worker of another version is refused, with both versions', async () => {
    const ended = new AbortController();
    const running = coordinate(redis.url, 5, ended.signal);
    await delay(400);
    const old = { redis: redis.url, threads: 1, idle_s: null, lost_s: 30, version: '0.9' };
    const refused = await runWorker(old, say).catch((error: Error) => error);
    expect((refused as Error).message).toContain(`this worker is version ${codeVersion('0.9')}, the campaign`);
    expect((refused as Error).message).toContain(`needs ${codeVersion('1')}; allowed: a worker of the same version`);
    ended.abort();
    await running;
  });
});
