/** `caldera worker`: does the chunks of whatever campaigns a Redis has, on the threads of this machine; joins and leaves at will. */
import type { Worker } from 'bullmq';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError } from '../../errors';
import { untilAborted } from '../engine/abort';
import type { CampaignSpec } from '../engine/campaign';
import { TRIES } from '../engine/chunk';
import { codeVersion } from '../engine/code';
import { openPool, type Pool } from '../engine/pool';
import { connect, inWords, passes, type Connection } from './connection';
import { redisLibrary } from './library';
import { CAMPAIGNS, GONE_AFTER_MS, PREFIX, queueName, specKey } from './names';
import type { Announcement, JobData, JobResult } from './names';

export interface WorkerOptions {
  redis: string;
  threads: number | null;
  /** Leaves when there has been nothing to do for so long [s]; null: stays. */
  idle_s: number | null;
  /** A worker that has not been heard of for so long [s] is believed lost, and its runs are done by others. */
  lost_s: number;
  version: string;
}

const LOOK_EVERY_MS = 1000;

/** Works until it is told to stop, which lets it finish what it has begun. @returns how many runs it has done @throws InputError */
export async function runWorker(
  options: WorkerOptions,
  say: (text: string) => void,
  signal?: AbortSignal,
): Promise<{ runs: number }> {
  const connection = await connect(options.redis, say);
  const pool = openPool(options.threads);
  try {
    return await new Campaigns(options, connection, pool, say).work(signal);
  } finally {
    await connection.close();
    await pool.close();
  }
}

class Campaigns {
  private readonly workers = new Map<string, Worker<JobData, JobResult>>();
  private readonly refused = new Set<string>();
  private readonly code: string;
  private busy_ms = performance.now();
  private inWork = 0;
  private runs = 0;

  constructor(
    private readonly options: WorkerOptions,
    private readonly connection: Connection,
    private readonly pool: Pool,
    private readonly say: (text: string) => void,
  ) {
    this.code = codeVersion(options.version);
  }

  async work(signal: AbortSignal | undefined): Promise<{ runs: number }> {
    const { idle_s } = this.options;
    this.say(`worker with ${this.pool.threads} threads at ${this.connection.name}, version ${this.code}`);
    while (!signal?.aborted) {
      await this.look(signal);
      if (this.inWork > 0) this.busy_ms = performance.now();
      if (idle_s !== null && performance.now() - this.busy_ms > 1000 * idle_s) break;
      await delay(LOOK_EVERY_MS, undefined, signal && { signal }).catch(() => undefined);
    }
    await Promise.all([...this.workers.values()].map((worker) => this.leave(worker)));
    return { runs: this.runs };
  }

  /** Which campaigns there are. */
  private async look(signal: AbortSignal | undefined): Promise<void> {
    try {
      // Redis may be away for long: the stop must not wait for it.
      const all = Object.entries(await untilAborted(this.connection.client.hgetall(CAMPAIGNS), signal));
      const there = new Map(all.map(([id, json]) => [id, JSON.parse(json) as Announcement]));
      for (const [id, worker] of this.workers)
        if (!there.has(id)) {
          this.workers.delete(id);
          void this.leave(worker);
        }
      for (const [id, { code, seen_ms }] of there)
        if (code !== this.code) this.refuse(id, code, seen_ms);
        else if (!this.workers.has(id)) await this.join(id);
      this.connection.trouble(undefined);
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof InputError || !passes(error as Error)) throw error;
      this.connection.trouble(inWords(error as Error));
    }
  }

  /** Runs of another version would give other results: one who does nothing else had better say so than wait. */
  private refuse(id: string, code: string, seen_ms: number): void {
    if (Date.now() - seen_ms > GONE_AFTER_MS || this.refused.has(id)) return;
    this.refused.add(id);
    const why = `this worker is version ${this.code}, the campaign ${id} needs ${code}`;
    if (this.workers.size === 0) throw new InputError(`${why}; allowed: a worker of the same version and sources`);
    this.say(`${why}: left to others`);
  }

  private async join(id: string): Promise<void> {
    const json = await this.connection.client.get(specKey(id));
    if (json === null) return;
    const spec = JSON.parse(json) as CampaignSpec;
    const { Worker } = redisLibrary().bullmq;
    const lost_ms = 1000 * this.options.lost_s;
    const worker = new Worker<JobData, JobResult>(
      queueName(id),
      async ({ data: { from, to } }) => {
        this.inWork++;
        try {
          const { data, took_s, setAside } = await this.pool.run({ id, spec, from, to });
          this.runs += to - from;
          return { data: Buffer.from(data).toString('base64'), took_s, setAside };
        } finally {
          this.inWork--;
        }
      },
      {
        connection: this.connection.client,
        prefix: PREFIX,
        // One more than there are threads: none waits for Redis.
        concurrency: this.pool.threads + 1,
        lockDuration: lost_ms,
        stalledInterval: lost_ms / 2,
        maxStalledCount: TRIES - 1,
        drainDelay: 1,
      },
    );
    worker.on('error', this.connection.report);
    worker.on('completed', () => this.connection.trouble(undefined));
    this.workers.set(id, worker);
    this.say(`joined campaign ${id}`);
  }

  /** Finishes what it has begun, unless Redis is away. */
  private async leave(worker: Worker<JobData, JobResult>): Promise<void> {
    const gone = this.connection.client.status !== 'ready';
    await worker.close(gone).catch(() => undefined);
  }
}
