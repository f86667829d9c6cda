/**
 * `npm run fit -- PROBLEM [--iterations N] [--write]`: fits a problem from the profiles as they are, shows what changes, and
 * with --write puts the values into the profiles' files. The same profiles give the same values on every run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { formatTable, fixed } from '../cli/table';
import * as parse from '../cli/options';
import { currentValues, fit, keyOf, type FitProblem } from './fit';
import { PROBLEMS } from './problems';

const PROFILES = join(__dirname, '..', 'profiles');

const program = new Command('fit')
  .argument('<problem>', Object.keys(PROBLEMS).join(', '))
  .option('--iterations <n>', 'at most this many', parse.cycles('--iterations'), 15)
  .option('--write', 'put the values into the profiles')
  .action((name: string, { iterations, write }: { iterations: number; write?: boolean }) => {
    const problem = PROBLEMS[parse.oneOf('problem', Object.keys(PROBLEMS))(name)]!;
    const before = currentValues(problem);
    const result = fit(problem, {
      iterations,
      onIteration: (sum) => process.stderr.write(`sum of squares ${sum.toFixed(3)}\n`),
    });
    const parameters = formatTable(
      [
        { head: 'parameter', align: 'left', text: (k) => keyOf(problem.free[k]!.symbol) },
        { head: 'cells', align: 'left', text: (k) => problem.free[k]!.cells[0]! },
        { head: 'before', text: (k) => String(before[k]) },
        { head: 'after', text: (k) => String(result.values[k]) },
      ],
      problem.free.map((_, k) => k),
    );
    const rows = formatTable(
      [
        { head: 'quantity', align: 'left', text: (k) => problem.rows[k]!.quantity },
        { head: 'unit', align: 'left', text: (k) => problem.rows[k]!.unit },
        { head: 'target', text: (k) => String(problem.rows[k]!.target) },
        { head: '+-', text: (k) => String(problem.rows[k]!.tolerance) },
        { head: 'model', text: (k) => fixed(result.model[k], 3) },
      ],
      problem.rows.map((_, k) => k),
    );
    process.stdout.write(`${parameters}\n\n${rows}\n\nmisfit ${result.misfit.toFixed(3)}\n`);
    if (write) writeValues(problem, result.values);
  });

function writeValues(problem: FitProblem, values: readonly number[]): void {
  problem.free.forEach(({ symbol, cells }, k) => {
    const file = join(PROFILES, `${cells[0]}.json`);
    const json = JSON.parse(readFileSync(file, 'utf8')) as { parameters: Record<string, Record<string, number>> };
    for (const group of Object.values(json.parameters)) delete group[keyOf(symbol)];
    json.parameters.fitted = { ...json.parameters.fitted, [keyOf(symbol)]: values[k]! };
    writeFileSync(file, `${JSON.stringify(json, null, 2)}\n`);
  });
}

program.parse();
