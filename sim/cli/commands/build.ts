import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../errors';
import { findInterpreter } from '../../hil/interpreter';
import type { BuildCost } from '../../results/types';
import { makeDirectories } from '../../results/folder';
import type { Context } from '../context';
import * as parse from '../options';
import { printJson } from '../output';

interface Flags {
  board: string;
  out?: string;
  production?: boolean;
  measure?: boolean;
  json?: boolean;
}

export function addBuild(program: Command, context: Context): void {
  program
    .command('build')
    .description(
      'Bundles the firmware for a board: the boot code, and the parts that it loads from Storage when it needs them.',
    )
    .option(
      '--board <name>',
      'kind of board: cycler or drone-6s; your own board file goes onto the device with caldera flash --config FILE.json',
      parse.nonEmpty('--board', 'the name of a board, such as cycler'),
      'cycler',
    )
    .option('--out <file>', 'where to write it (default: build/BOARD.min.js)', parse.nonEmpty('--out', 'a file'))
    .option('--production', "close the interpreter's console; docs/authorisation.md says how to get it back")
    .option('--measure', 'memory and cost of a tick on an Espruino interpreter (default: where one is found)')
    .option('--no-measure', 'only build')
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera build --board cycler --out build/cycler.min.js')
    .action((flags: Flags) => runBuild(flags, context));
}

async function runBuild(flags: Flags, { terminal, services }: Context): Promise<void> {
  const built = await services.build({ board: flags.board, production: flags.production === true });
  const { board, version, hash, code, parts } = built;
  const file = path.resolve(flags.out ?? path.join('build', `${board}.min.js`));
  writeWhole(file, code);
  const bytes = Buffer.byteLength(code);
  const written = Object.entries(parts).map(([name, source]) => {
    const partFile = path.join(path.dirname(file), `${name}.min.js`);
    writeWhole(partFile, source);
    return { name, file: partFile, bytes: Buffer.byteLength(source) };
  });
  const interpreter = flags.measure === false ? undefined : findInterpreter();
  if (flags.measure === true && interpreter === undefined)
    throw new InputError(
      '--measure: no Espruino interpreter is found; allowed: ESPRUINO=path, or espruino-linux on PATH',
    );
  const cost = interpreter === undefined ? undefined : await services.measureBuild(built, interpreter);
  const total = written.reduce((sum, part) => sum + part.bytes, bytes);
  if (flags.json)
    printJson(terminal, { board, version, hash, file, bytes, parts: written, total, ...(cost && { cost }) });
  else {
    terminal.stdout(`${board} ${version}, build ${hash}: ${total} bytes\n`);
    terminal.stdout(`program: ${bytes} bytes in ${file}\n`);
    for (const part of written) terminal.stdout(`${part.name}: ${part.bytes} bytes in ${part.file}\n`);
    if (cost) terminal.stdout(costText(cost));
    else if (flags.measure !== false)
      terminal.stdout('memory and ticks not measured: no Espruino interpreter is found (caldera doctor)\n');
  }
}

function costText({ interpreter, vars, boardVars, meanTick_leibniz, worstTick_leibniz }: BuildCost): string {
  return (
    `on Espruino ${interpreter}: ${vars} JsVars after the boot, ${boardVars} of a board's 16 bytes; ` +
    `a tick takes ${meanTick_leibniz.toFixed(0)} Leibniz steps in the mean, ${worstTick_leibniz.toFixed(0)} at most\n`
  );
}

/** Writes beside the target and renames: whoever reads the file sees the old or the new one, never half of one. */
function writeWhole(file: string, content: string): void {
  const temporary = `${file}.writing-${process.pid}`;
  try {
    makeDirectories(path.dirname(file));
    fs.writeFileSync(temporary, content);
    fs.renameSync(temporary, file);
  } catch (error) {
    if (fs.existsSync(temporary)) fs.rmSync(temporary);
    throw new InputError(
      `--out: ${file} cannot be written (${(error as NodeJS.ErrnoException).code}); allowed: a writable file`,
    );
  }
}
