import type { Command } from 'commander';
import type { PlantKind } from '../../cell/createPlant';
import type { ResidueRule } from '../../profiles/terms';
import { reproducePicture } from '../../picture/reproduce';
import { memberCount } from '../../profiles/variants';
import type { ReproduceOptions, ReproduceResult } from '../../reproduce/run';
import type { Reproduced } from '../../reproduce/row';
import { PAPERS } from '../../reproduce/rows';
import { toCsv } from '../../results/csv';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson } from '../output';
import { withProgress } from '../progress';
import { formatTable } from '../table';
import { addModelOptions } from './cycling';

interface Flags {
  papers: string[];
  plant: PlantKind;
  residue?: ResidueRule;
  member?: number;
  out?: string;
  json?: boolean;
}

export function addReproduce(program: Command, context: Context): void {
  const papers = Object.keys(PAPERS);
  const command = program
    .command('reproduce')
    .description('Every number of the papers that the cell model claims, beside what it gives; exits 1 when one fails.')
    .option(
      '--papers <list>',
      `papers, separated by commas, of ${papers.join(', ')}`,
      parse.list('--papers', papers),
      papers,
    );
  addModelOptions(command)
    .option('--member <n>', 'member of the ensemble', parse.member('--member', memberCount))
    .option('--out <dir>', 'result folder: data and pictures', parse.nonEmpty('--out', 'a folder'))
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera reproduce --papers 000 --out results/reproduce')
    .action((flags: Flags) => runReproduce(flags, context));
}

async function runReproduce(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const options: ReproduceOptions = {
    papers: flags.papers,
    plant: flags.plant,
    residue: flags.residue ?? null,
    member: flags.member ?? null,
    pictures: flags.out !== undefined,
  };
  await inResultFolder(flags.out, async (folder) => {
    const { result, pictures } = await withProgress(terminal, (onProgress) =>
      services.reproduce(options, onProgress, terminal.signal),
    );
    if (folder) {
      folder.write('reproduce.csv', toCsv(result.rows));
      folder.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
      addPicture(terminal, folder, 'reproduce', reproducePicture(result));
      for (const { name, svg } of pictures) addPicture(terminal, folder, name, svg);
      folder.commit({ command: 'reproduce', version: context.version, options, interrupted: false });
    }
    if (flags.json) printJson(terminal, result);
    else terminal.stdout(describeResult(result));
    if (result.failed > 0) context.exitCode = 1;
    if (folder && !flags.json) terminal.stdout(`\nData and pictures: ${folder.path}\n`);
  });
}

function describeResult({ rows, passed, failed }: ReproduceResult): string {
  const table = formatTable<Reproduced>(
    [
      { head: 'paper', align: 'left', text: (row) => row.paper },
      { head: 'quantity', align: 'left', text: (row) => row.quantity },
      { head: 'unit', align: 'left', text: (row) => row.unit },
      { head: 'target', text: (row) => String(row.target) },
      { head: '+-', text: (row) => String(row.tolerance) },
      { head: 'model', text: (row) => (row.model === null ? '-' : String(Number(row.model.toPrecision(4)))) },
      { head: 'basis', align: 'left', text: (row) => row.basis },
      {
        head: '',
        align: 'left',
        text: (row) => [row.pass ? '' : 'FAIL', row.contradictory ? 'paper contradicts itself' : ''].join(' ').trim(),
      },
    ],
    rows,
  );
  const predicted = rows.filter((row) => row.basis === 'predicted').length;
  return [
    table,
    '',
    `${passed} of ${rows.length} numbers within their tolerance; ${failed} fail that do not contradict themselves`,
    `${predicted} predicted, ${rows.length - predicted} fitted; - : the model yields no such number`,
    '',
  ].join('\n');
}
