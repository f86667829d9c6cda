/** `npm run study:watchers`: how soon the watchers find what they look for, and how often what is not there. */
import { join } from 'node:path';
import { Command } from 'commander';
import { withProgress } from '../../cli/progress';
import { processTerminal } from '../../cli/terminal';
import { writeDocs } from '../writeDocs';
import { studyWatchers } from './study';

interface Flags {
  quick?: boolean;
  json?: boolean;
  write?: boolean;
}

const DOCS = join(__dirname, '..', '..', '..', 'docs');

async function main(flags: Flags): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const terminal = processTerminal(stop.signal);
  const { rows, tables } = await withProgress(terminal, (onProgress) =>
    studyWatchers({ quick: flags.quick === true, signal: stop.signal }, onProgress),
  );
  terminal.stdout(flags.json ? `${JSON.stringify(rows, null, 1)}\n` : `${tables}\n`);
  if (flags.write) writeDocs(DOCS, 'study:watchers', tables);
}

const program = new Command('study:watchers')
  .description('detection delays and false alarms of the lithium-metal watchers, on cells of all profiles')
  .option('--quick', 'few cases: some seconds')
  .option('--json', 'every case as JSON')
  .option('--write', 'put the tables into docs/')
  .action(main);
void program.parseAsync();
