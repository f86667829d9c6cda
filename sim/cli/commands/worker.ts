import type { Command } from 'commander';
import { PASSWORD_VARIABLE } from '../../sweep/redis/connection';
import type { Context } from '../context';
import * as parse from '../options';

interface Flags {
  redis: string;
  threads?: number;
  idle?: number;
  lost: number;
}

/** Twice the time in which a worker on a busy machine says that it is there. */
const LOST_S = 30;

export function addWorker(program: Command, context: Context): void {
  program
    .command('worker')
    .description('Does runs of "caldera sweep --redis" on this machine; any number of workers may come and go.')
    .requiredOption(
      '--redis <url>',
      `redis://HOST:PORT; where it has no password, that of ${PASSWORD_VARIABLE}`,
      parse.nonEmpty('--redis', 'a URL such as redis://HOST:6379'),
    )
    .option('--threads <n>', 'worker threads (default: one per processor core)', parse.threads('--threads'))
    .option(
      '--idle <seconds>',
      'leave when there has been nothing to do for so long (default: stay)',
      parse.within('--idle', 1, 1e6, ' s'),
    )
    .option(
      '--lost <seconds>',
      'one that has not been heard of for so long is believed lost, and its runs go to others',
      parse.within('--lost', 1, 3600, ' s'),
      LOST_S,
    )
    .addHelpText(
      'after',
      `
Ctrl-C or SIGTERM: it finishes the chunks it has begun, then leaves. Killed at once, its chunks are done again by others.
Example:
  caldera worker --redis redis://queue.local:6379 --idle 600`,
    )
    .action((flags: Flags) => work(flags, context));
}

async function work({ redis, threads, idle, lost }: Flags, { terminal, services, version }: Context): Promise<void> {
  const stop = new AbortController();
  const leave = (): void => stop.abort();
  // What Kubernetes and Slurm send.
  process.once('SIGTERM', leave);
  terminal.signal.addEventListener('abort', leave, { once: true });
  const say = (text: string): void => terminal.stderr(`caldera: ${text}\n`);
  try {
    const options = { redis, threads: threads ?? null, idle_s: idle ?? null, lost_s: lost, version };
    const { runs } = await services.worker(options, say, stop.signal);
    say(`left after ${runs} runs`);
  } finally {
    process.removeListener('SIGTERM', leave);
  }
}
