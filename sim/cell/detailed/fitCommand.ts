/**
 * `npm run fit:detailed`: fits the detailed plant from the values as they are and shows what it gives;
 * --write puts them into the JSON files. Twelve iterations take about five minutes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import * as parse from '../../cli/options';
import { fixed, formatTable } from '../../cli/table';
import { FITTED, fitDetailed, type DetailedSets } from './fit';
import { DETAILED_ROWS } from './parameters';

interface SetFile {
  parameters: Record<string, Record<string, number>>;
}

new Command('fitDetailed')
  .option('--iterations <n>', 'of Levenberg-Marquardt', parse.cycles('--iterations'), 12)
  .option('--draws <n>', 'of the random search before it', parse.cycles('--draws'))
  .option('--seed <n>', 'of the random search', parse.seed('--seed'), 1)
  .option('--write', 'put the values into the JSON files')
  .action(({ write, ...flags }: { iterations: number; draws?: number; seed: number; write?: boolean }) => {
    const onImprovement = (sum: number): void => void process.stderr.write(`sum of squares ${sum.toFixed(2)}\n`);
    const { sets, model, misfit } = fitDetailed({ ...flags, onImprovement });
    const table = formatTable(
      [
        { head: 'cell', align: 'left', text: (k) => FITTED[k]!.cell },
        { head: 'C', text: (k) => String(FITTED[k]!.rate_C) },
        { head: 'quantity', align: 'left', text: (k) => FITTED[k]!.quantity },
        { head: 'cycle', text: (k) => String(FITTED[k]!.atCycle ?? '-') },
        { head: 'paper', text: (k) => String(FITTED[k]!.value) },
        { head: 'model', text: (k) => fixed(model[k], 1) },
      ],
      FITTED.map((_, k) => k),
    );
    process.stdout.write(`${table}\n\nmisfit ${misfit.toFixed(2)}\n${JSON.stringify(sets, null, 2)}\n`);
    if (write) writeSets(sets);
  })
  .parse();

/** Every key that a file holds gets its new value. */
function writeSets(sets: DetailedSets): void {
  for (const [name, parameters] of Object.entries(sets)) {
    const path = join(__dirname, `${name}.json`);
    const file = JSON.parse(readFileSync(path, 'utf8')) as SetFile;
    for (const group of Object.values(file.parameters))
      for (const key of Object.keys(group))
        group[key] = Number(parameters[DETAILED_ROWS.find((row) => row.key === key)!.symbol].toPrecision(4));
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
  }
}
