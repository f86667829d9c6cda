/**
 * Workers on other machines: chunks are jobs of a BullMQ queue, what they give comes back through Redis and is stored here, once. Redis holds
 * no more than a window of the campaign. What Redis loses is queued again; the folder alone says what is done.
 */
import type { Job, Queue } from 'bullmq';
import { setTimeout as delay } from 'node:timers/promises';
import { untilAborted } from '../engine/abort';
import { setAside, TRIES, type Stretch } from '../engine/chunk';
import type { Work } from '../engine/embedded';
import { connect, inWords, passes, type Connection } from './connection';
import { redisLibrary } from './library';
import { ANNOUNCE_EVERY_MS, CAMPAIGNS, PREFIX, queueName, specKey, type JobData, type JobResult } from './names';

/** Finished jobs that are fetched at once. */
const BATCH = 50;
const POLL_MS = 50;
const SLOWEST_POLL_MS = 500;
/** Without news for so long, all that is queued is queued again; what is there stays as it is. */
const REPAIR_AFTER_MS = 20_000;
/** Jobs in Redis: enough for many workers, and little enough that their results take no more than this. */
const MOST_JOBS = 2000;
const FEWEST_JOBS = 16;
const FIRST_JOBS = 200;
const RESULTS_B = 64e6;

type Runs = Queue<JobData, JobResult>;

/** @throws InputError when there is no Redis, or it does not let us in */
export async function workByRedis(work: Work, url: string, say: (text: string) => void): Promise<void> {
  const connection = await connect(url, say);
  const { Queue } = redisLibrary().bullmq;
  const queue: Runs = new Queue(queueName(work.id), { connection: connection.client, prefix: PREFIX });
  queue.on('error', connection.report);
  try {
    await new Coordinator(work, queue, connection, say).run();
  } finally {
    await Promise.race([queue.close(), delay(1000)]).catch(() => undefined);
    await connection.close();
  }
}

class Coordinator {
  /** What is queued, in work, or finished and not fetched. */
  private readonly open = new Map<string, Stretch>();
  private most = FIRST_JOBS;
  private announced_ms = -Infinity;
  private news_ms = performance.now();
  private lastWorkers = -1;

  constructor(
    private readonly work: Work,
    private readonly queue: Runs,
    private readonly connection: Connection,
    private readonly say: (text: string) => void,
  ) {}

  async run(): Promise<void> {
    const { signal } = this.work;
    this.connection.client.on('ready', () => (this.news_ms = -Infinity));
    const source = this.work.gaps.stretches();
    let pause_ms = POLL_MS;
    let exhausted = false;
    while (!signal?.aborted) {
      const fetched = await this.patiently(async () => {
        await this.announce();
        while (!exhausted && this.open.size < this.most) {
          const batch: Stretch[] = [];
          while (batch.length < BATCH && this.open.size + batch.length < this.most) {
            const next = source.next();
            if (next.done) exhausted = true;
            if (next.done) break;
            batch.push(next.value);
            this.open.set(idOf(next.value), next.value);
          }
          await this.enqueue(batch);
        }
        return this.fetch();
      });
      if (exhausted && this.open.size === 0) break;
      if (fetched > 0) this.news_ms = performance.now();
      pause_ms = fetched > 0 ? POLL_MS : Math.min(SLOWEST_POLL_MS, pause_ms * 1.5);
      if (performance.now() - this.news_ms > REPAIR_AFTER_MS) await this.patiently(() => this.repair());
      if (fetched < BATCH) await delay(pause_ms, undefined, signal && { signal }).catch(() => undefined);
    }
    if (!signal?.aborted) await this.patiently(() => this.withdraw());
  }

  /** Whatever Redis is short of passes, or the user ends the wait. */
  private async patiently<Result>(what: () => Promise<Result>): Promise<Result | 0> {
    const { signal } = this.work;
    while (!signal?.aborted)
      try {
        const result = await untilAborted(what(), signal);
        this.connection.trouble(undefined);
        return result;
      } catch (error) {
        if (signal?.aborted) break;
        if (!passes(error as Error)) throw error;
        this.connection.trouble(inWords(error as Error));
        // What was to be queued may not have been.
        this.news_ms = -Infinity;
        await delay(SLOWEST_POLL_MS, undefined, signal && { signal }).catch(() => undefined);
      }
    return 0;
  }

  /** So that workers find the campaign. */
  private async announce(): Promise<void> {
    if (performance.now() - this.announced_ms < ANNOUNCE_EVERY_MS) return;
    const { id, code, spec } = this.work;
    const { client } = this.connection;
    if (this.announced_ms === -Infinity) await client.set(specKey(id), JSON.stringify(spec));
    await client.hset(CAMPAIGNS, id, JSON.stringify({ code, seen_ms: Date.now() }));
    this.announced_ms = performance.now();
  }

  private async withdraw(): Promise<void> {
    const { id } = this.work;
    await this.connection.client.hdel(CAMPAIGNS, id);
    await this.connection.client.del(specKey(id));
    await this.queue.obliterate({ force: true });
  }

  /** A job that is there already, in whatever state, stays as it is. */
  private async enqueue(stretches: readonly Stretch[]): Promise<void> {
    if (stretches.length === 0) return;
    const opts = { attempts: TRIES, removeOnComplete: false, removeOnFail: false, stackTraceLimit: 0 };
    await this.queue.addBulk(
      stretches.map(({ from, to }) => ({
        name: 'runs',
        data: { from, to },
        opts: { ...opts, jobId: idOf({ from, to }) },
      })),
    );
  }

  private async repair(): Promise<void> {
    this.announced_ms = -Infinity;
    await this.announce();
    await this.enqueue([...this.open.values()]);
    this.news_ms = performance.now();
    const workers = (await this.queue.getWorkers()).length;
    if (workers === 0 && this.lastWorkers !== 0) this.say('no worker is there; start "caldera worker --redis URL"');
    this.lastWorkers = workers;
  }

  /** Stores what is finished, then takes it out of Redis. @returns how many jobs */
  private async fetch(): Promise<number> {
    const finished = await this.queue.getJobs(['completed'], 0, BATCH - 1, true);
    for (const job of finished) this.store(job);
    await this.takeOut(finished);
    const failed = await this.queue.getJobs(['failed'], 0, BATCH - 1, true);
    const parts = failed.flatMap((job) => this.split(job));
    for (const part of parts) this.open.set(idOf(part), part);
    await this.enqueue(parts);
    await this.takeOut(failed);
    return finished.length + failed.length;
  }

  private async takeOut(jobs: readonly Job<JobData, JobResult>[]): Promise<void> {
    await Promise.all(jobs.map((job) => job.remove()));
    for (const { id } of jobs) this.open.delete(id!);
  }

  private store({ data: { from, to }, returnvalue }: Job<JobData, JobResult>): void {
    const { data, took_s, setAside: aside } = returnvalue;
    const size = data.length;
    this.most = Math.max(FEWEST_JOBS, Math.min(MOST_JOBS, Math.floor(RESULTS_B / size)));
    this.work.onDone({ from, to, data: Buffer.from(data, 'base64'), took_s, setAside: aside });
  }

  /** What has cost its workers whenever it was tried is halved, until the run is found that does. */
  private split({ data: { from, to }, failedReason }: Job<JobData, JobResult>): Stretch[] {
    const middle = Math.ceil((from + to) / 2);
    if (to - from > 1)
      return [
        { from, to: middle },
        { from: middle, to },
      ];
    const reason = /stalled/.test(failedReason) ? 'the worker was lost' : failedReason;
    this.work.onDone(setAside(this.work.campaign, from, `tried ${TRIES} times: ${reason}`));
    return [];
  }
}

const idOf = ({ from, to }: Stretch): string => `${from}-${to}`;
