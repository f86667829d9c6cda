import { run } from './run';
import type { Services } from './services';
import { processTerminal } from './terminal';

/** Runs a command line as this process: its streams, its Ctrl-C, its exit code. */
export async function runAsProcess(args: readonly string[], services: Services): Promise<void> {
  // Whoever reads us may stop reading (`| head`): that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });

  const stop = new AbortController();
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(130);
    process.stderr.write('\ncaldera: stopping; what has finished is kept. Ctrl-C again quits at once.\n');
    stop.abort();
  });

  process.exitCode = await run(args, services, processTerminal(stop.signal));
}
