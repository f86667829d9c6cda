/** `npm run study:watchers`: how soon the watchers find what they look for, and how often what is not there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { withProgress } from '../../cli/progress';
import { studyWatchers } from './study';

interface Flags {
  quick?: boolean;
  json?: boolean;
  write?: boolean;
}

const PAGE = join(__dirname, '..', '..', '..', 'docs', 'watchers.md');
const BEGIN = '<!-- made by npm run study:watchers -- --write -->';
const END = '<!-- end of what it made -->';

/** Replaces what stands between the markers of a page. @throws Error where they are missing */
function between(page: string, text: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks "${BEGIN}" and "${END}"`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
}

async function main(flags: Flags): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const terminal = {
    stdout: (text: string) => void process.stdout.write(text),
    stderr: (text: string) => void process.stderr.write(text),
    showsProgress: process.stderr.isTTY === true,
    signal: stop.signal,
  };
  const { rows, tables } = await withProgress(terminal, (onProgress) =>
    studyWatchers({ quick: flags.quick === true, signal: stop.signal }, onProgress),
  );
  terminal.stdout(flags.json ? `${JSON.stringify(rows, null, 1)}\n` : `${tables}\n`);
  if (flags.write) writeFileSync(PAGE, between(readFileSync(PAGE, 'utf8'), tables));
}

const program = new Command('study:watchers')
  .description('detection delays and false alarms of the lithium-metal watchers, on cells of all profiles')
  .option('--quick', 'few cases: some seconds')
  .option('--json', 'every case as JSON')
  .option('--write', 'put the tables into docs/')
  .action(main);
void program.parseAsync();
