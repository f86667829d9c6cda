/** A connection to Redis that says once what is wrong with it, and goes on when it is right again. */
import type { Redis } from 'ioredis';
import { InputError } from '../../errors';
import { redisLibrary } from './library';

/** Where the URL has no password: so that none need stand on a command line. */
export const PASSWORD_VARIABLE = 'CALDERA_REDIS_PASSWORD';

const FIRST_ANSWER_MS = 5000;
const SLOWEST_RETRY_MS = 1000;
/** Commands without which nothing can be queued; what must not be lost must not be evicted. */
const POLICY = 'noeviction';

export interface Connection {
  client: Redis;
  /** Without the password. */
  name: string;
  /** Says what is wrong, the first time; `undefined`: nothing is wrong any more. */
  trouble(problem: string | undefined): void;
  /** Says what an error means: of Redis, or of a job, such as that another worker has it by now. */
  report: (error: Error) => void;
  close(): Promise<void>;
}

/** @throws InputError when there is no Redis at the URL, or it does not let us in */
export async function connect(url: string, say: (text: string) => void): Promise<Connection> {
  const name = nameOf(url);
  const { IORedis } = redisLibrary();
  const password = process.env[PASSWORD_VARIABLE];
  const client = new IORedis(url, {
    ...(password !== undefined && new URL(url).password === '' && { password }),
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(SLOWEST_RETRY_MS, 50 * times),
  });
  let said: string | undefined;
  const trouble = (problem: string | undefined): void => {
    if (problem !== undefined && said === undefined) say(`Redis ${name}: ${problem}; waiting`);
    if (problem === undefined && said !== undefined) say(`Redis ${name} is there again`);
    said = problem;
  };
  try {
    await firstAnswer(client);
  } catch (error) {
    client.disconnect();
    throw new InputError(`--redis: ${name} ${reasonOf(error as Error)}`);
  }
  const report = (error: Error): void => (passes(error) ? trouble(inWords(error)) : say(error.message.split('\n')[0]!));
  client.on('error', report);
  client.on('ready', () => trouble(undefined));
  await checkSettings(client, say);
  return {
    client,
    name,
    trouble,
    report,
    close: async () => {
      client.disconnect();
    },
  };
}

function nameOf(url: string): string {
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    if (!/^rediss?:$/.test(protocol) || hostname === '') throw new Error();
    return `${protocol}//${hostname}:${port || 6379}${pathname === '/' ? '' : pathname}`;
  } catch {
    throw new InputError(`--redis: '${url}' is not valid; allowed: redis://HOST:PORT, or rediss:// for TLS`);
  }
}

async function firstAnswer(client: Redis): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('does not answer')), FIRST_ANSWER_MS);
    client.once('error', reject);
    client
      .connect()
      .then(() => client.ping())
      .then(() => resolve(), reject)
      .finally(() => clearTimeout(timer));
  });
  client.removeAllListeners('error');
}

function reasonOf(error: Error): string {
  const { message } = error;
  if (/WRONGPASS|NOAUTH|invalid password|NOPERM/.test(message))
    return `refuses the password (${message}); allowed: redis://USER:PASSWORD@HOST:PORT, or the password in ${PASSWORD_VARIABLE}`;
  const { code } = error as NodeJS.ErrnoException;
  return `cannot be reached (${code ?? message}); allowed: the URL of a running Redis, 6.2 or later`;
}

/** What a failing command says of Redis. */
export function inWords(error: Error): string {
  const { message } = error;
  if (message.includes('OOM command not allowed')) return 'is full (maxmemory)';
  if (/WRONGPASS|NOAUTH/.test(message)) return `refuses the password (${message})`;
  if (message.startsWith('MISCONF')) return 'cannot write its data to disk';
  if (message.startsWith('LOADING')) return 'is reading its data';
  if (message.startsWith('READONLY')) return 'is a replica that cannot be written';
  const { code } = error as NodeJS.ErrnoException;
  return `cannot be reached (${code ?? message})`;
}

/** Whether the failure is one that passes, so that waiting is right. */
export const passes = (error: Error): boolean =>
  /OOM command|MISCONF|LOADING|READONLY|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|Connection is closed|Stream isn't writeable/.test(
    `${(error as NodeJS.ErrnoException).code} ${error.message}`,
  );

/** A Redis that may throw data away is no place for a queue. One that does not tell its settings is believed. */
async function checkSettings(client: Redis, say: (text: string) => void): Promise<void> {
  const setting = async (key: string): Promise<string | undefined> => {
    try {
      return ((await client.call('CONFIG', 'GET', key)) as string[])[1];
    } catch {
      return undefined;
    }
  };
  const policy = await setting('maxmemory-policy');
  if (policy !== undefined && policy !== POLICY)
    say(`Redis has maxmemory-policy ${policy}: when it is full it forgets what is queued; set it to ${POLICY}`);
  if ((await setting('appendonly')) === 'no')
    say(
      'Redis has appendonly no: when it is restarted, what is queued is queued again, and runs in work are done twice',
    );
}
