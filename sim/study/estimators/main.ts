/** `npm run study:estimators`: how well the firmware's estimators do. Takes about ten minutes on two cores. */
import { join } from 'node:path';
import { Command } from 'commander';
import { withProgress } from '../../cli/progress';
import { processTerminal } from '../../cli/terminal';
import { fullStudy, quickStudy } from './design';
import { picturesOf } from './pictures';
import { figures } from './report';
import { runStudy } from './study';
import { tablesOf } from './tables';
import { writeDocs } from '../writeDocs';

interface Flags {
  quick?: boolean;
  json?: boolean;
  write?: boolean;
}

async function main(flags: Flags): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const terminal = processTerminal(stop.signal);
  const cases = flags.quick ? quickStudy() : fullStudy();
  const results = await withProgress(terminal, (onProgress) => runStudy(cases, onProgress, stop.signal));
  if (flags.json) terminal.stdout(`${JSON.stringify({ figures: figures(results), runs: results }, null, 1)}\n`);
  else terminal.stdout(`${tablesOf(results)}\n`);
  if (flags.write)
    writeDocs(join(__dirname, '..', '..', '..', 'docs'), 'study:estimators', tablesOf(results), picturesOf(results));
}

const program = new Command('study:estimators')
  .description(
    'accuracy of the estimators: firmware on simulated chips against cells that differ from what it was told',
  )
  .option('--quick', 'one draw of each case and ten cycles: about a minute')
  .option('--json', 'figures and every run as JSON')
  .option('--write', 'put tables and pictures into docs/')
  .action(main);
void program.parseAsync();
