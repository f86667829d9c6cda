import type { Command } from 'commander';
import type { Context } from '../context';
import * as parse from '../options';

interface Flags {
  port?: string;
  listen: number;
  dir?: string;
}

const portText = 'a serial port, such as /dev/ttyUSB0, or tcp://host:port';

export function addDashboard(program: Command, context: Context): void {
  program
    .command('dashboard')
    .description(
      'Serves the web page to the browsers of this machine: cells and firmware that run in the browser, results, replays, and a live board. Ctrl-C ends it.',
    )
    .option('--port <port>', `also show a board: ${portText}`, parse.nonEmpty('--port', portText))
    .option('--listen <port>', 'TCP port of this machine; 0: any that is free', parse.count('--listen', 0, 65535), 8080)
    .option('--dir <dir>', 'also show the results in this folder', parse.nonEmpty('--dir', 'a folder'))
    .addHelpText(
      'after',
      `
The board is only read. What makes it less careful takes its commissioning key, which stays in the browser.
Example:
  caldera dashboard --port /dev/ttyUSB0 --dir results`,
    )
    .action((flags: Flags) => runDashboard(flags, context));
}

async function runDashboard({ port, listen, dir }: Flags, { terminal, services }: Context): Promise<void> {
  const dashboard = await services.dashboard({ port, listen, results: dir });
  terminal.stdout(`${dashboard.address}\n`);
  if (!terminal.signal.aborted)
    await new Promise((resolve) => terminal.signal.addEventListener('abort', resolve, { once: true }));
  await dashboard.close();
}
