/** `npm run study:steering`: what steering the discharge rate is worth. Takes about 40 minutes on two cores. */
import { join } from 'node:path';
import { Command } from 'commander';
import { withProgress } from '../../cli/progress';
import { processTerminal } from '../../cli/terminal';
import { type MissionCaseResult, missionCases } from '../../mission/study';
import { findings } from './asked';
import { missionFindings } from './askedMissions';
import { compare } from './compare';
import { fullStudy, quickMissions, quickStudy } from './design';
import { missionJobs, steeringJobs } from './jobs';
import { picturesOf } from './pictures';
import { Store } from './store';
import { type Job, runJobs } from './study';
import { tablesOf } from './tables';
import type { TaskResult } from './task';
import { writeDocs } from '../writeDocs';

interface Flags {
  quick?: boolean;
  json?: boolean;
  write?: boolean;
  out: string;
}

const ROOT = join(__dirname, '..', '..', '..');
/** As a shell reports a program that Ctrl-C ended. */
const INTERRUPTED = 130;

async function main({ quick, json, write, out }: Flags): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort());
  const terminal = processTerminal(stop.signal);
  const store = new Store(out);
  const steering = steeringJobs(quick ? quickStudy() : fullStudy());
  const missions = missionJobs(quick ? quickMissions() : missionCases());
  const jobs = [...steering, ...missions];
  const left = await withProgress(terminal, (onProgress) => runJobs(jobs, store, onProgress, stop.signal));
  const done = <Result>(of: readonly Job[]): Result[] =>
    of.filter(({ key }) => store.has(key)).map(({ key }) => store.get(key) as Result);
  const runs = done<TaskResult>(steering);
  const flights = done<MissionCaseResult>(missions);
  const tables = tablesOf(runs, flights);
  const found = [...findings(compare(runs)), ...missionFindings(flights)];
  if (json) terminal.stdout(`${JSON.stringify({ findings: found, runs, missions: flights }, null, 1)}\n`);
  else terminal.stdout(`${tables}\n`);
  if (left > 0) {
    terminal.stderr(`${left} of ${jobs.length} runs are left; the others are kept in ${out}: start again to go on\n`);
    process.exitCode = INTERRUPTED;
  } else if (write) writeDocs(join(ROOT, 'docs'), 'study:steering', tables, picturesOf(runs));
}

const program = new Command('study:steering')
  .description(
    'policies of the discharge rate side by side on the same cells, beside the best constant rate of each; missions with and without advice',
  )
  .option('--quick', 'one draw of each kind of cell: about five minutes')
  .option('--json', 'findings and every run as JSON')
  .option('--write', 'put tables and pictures into docs/')
  .option(
    '--out <folder>',
    'keeps every finished run, so that a study that was stopped goes on',
    join(ROOT, 'results', 'steering'),
  )
  .action(main);
void program.parseAsync();
