/** Which tests speak of which row of the fault table. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../firmware/protect/faults';
import type { FaultRow } from '../../firmware/protect/table';
import { packageFolder } from '../build/build';

export interface TestFile {
  /** From the package's folder, such as `test/firmware/faults.test.ts`. */
  path: string;
  /** Its own, and that of the lists of cases that it runs. */
  text: string;
}

/** About the form of the table and of what is made from it: they name rows, and see none of them trip. */
const OF_FORM = [
  ...['test/protect/table.test.ts', 'test/protect/compiled.test.ts', 'test/safety/manual'],
  ...['test/faults/draw.test.ts', 'test/faults/names.test.ts', 'test/faults/run.test.ts'],
];
/** Lists of cases that name the rows they are for. A test that runs all of one names it, and what runs a case. */
const LISTS = [
  { name: 'INJECTIONS', of: 'sim/faults/injections', runs: 'runScenario' },
  { name: 'SCENARIOS', of: 'sim/hil', runs: 'runScenario' },
  { name: 'FAULT_CASES', of: 'test/firmware/faultCases', runs: 'steady' },
];

/** Tests that could see a row trip: those that import the protection, and those that run a list of cases. */
export function protectionTests(folder = packageFolder()): TestFile[] {
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const lists = LISTS.map(({ name, of, runs }) => ({
    names: [name, runs].map((word) => new RegExp(`\\b${word}\\b`)),
    text: sources(folder, of).map(read).join('\n'),
  }));
  return sources(folder, 'test')
    .filter((path) => path.endsWith('.test.ts') && !OF_FORM.some((form) => path.startsWith(form)))
    .map((path) => ({ path, text: read(path) }))
    .filter(({ text }) => /from '[^']*\/(protect|faults|hil)\//.test(text))
    .map(({ path, text }) => {
      const runs = lists.filter(({ names }) => names.every((name) => name.test(text)));
      return { path, text: [text, ...runs.map((list) => list.text)].join('\n') };
    });
}

const sources = (folder: string, below: string): string[] =>
  readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })
    .map((path) => `${below}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort();

/** Those that name the row, by `Fault.Name` or by what it is shown as. */
export function testsOf(row: FaultRow, tests: readonly TestFile[]): string[] {
  const byNumber = new RegExp(`\\bFault\\.${Fault[row.fault]}\\b`);
  const byName = [`'${row.name}'`, `"${row.name}"`, `\`${row.name}\``];
  return tests
    .filter(({ text }) => byNumber.test(text) || byName.some((name) => text.includes(name)))
    .map(({ path }) => path);
}
