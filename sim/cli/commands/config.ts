import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Command } from 'commander';
import { initBoard, type InitOptions } from '../../boards/init';
import { materials, materialsTable } from '../../boards/materials';
import type { Product } from '../../boards/product';
import { boardNames, loadProduct, readBoardFile, readProduct } from '../../boards/read';
import { startProblems } from '../../boards/start';
import { thresholds, type Threshold } from '../../boards/applied';
import { WIFI_JSVARS } from '../../boards/wifiCost';
import { wiringDiagram } from '../../boards/wiring';
import { fileText } from '../../boards/fileText';
import { InputError } from '../../errors';
import { toPng } from '../../picture/png';
import { makeDirectories } from '../../results/folder';
import type { Context } from '../context';
import * as parse from '../options';
import { printJson } from '../output';
import { formatTable } from '../table';

const jsonOption = ['--json', 'print one JSON document and nothing else'] as const;
const boardHelp = `a built-in board (${boardNames().join(', ')}) or a FILE.json`;

export function addConfig(program: Command, context: Context): void {
  const { terminal } = context;
  const config = program
    .command('config')
    .description('The board configuration: makes one for a cell, checks it, draws its wiring, lists its parts.');
  config.addHelpText(
    'after',
    `
Examples:
  caldera config init --board cycler --cell afl-l1 --out my-channel.json
  caldera config check my-channel.json
  caldera config wiring my-channel.json --out my-channel.svg
  caldera config parts my-channel.json`,
  );

  config
    .command('init')
    .description('writes a board file laid out for a cell: shunt, set-point, fuse, limits, protocol')
    .option('--board <name|file>', `where to start from: ${boardHelp}`, parse.nonEmpty('--board', boardHelp), 'cycler')
    .option('--cell <name|file>', "cell profile (default: the board's)", parse.nonEmpty('--cell', 'a cell'))
    .option('--cells <n>', "cells in series of a pack (default: the board's)", parse.count('--cells', 1, 16))
    .option('--out <file>', 'where to write it (default: standard output)', parse.nonEmpty('--out', 'a FILE.json'))
    .addHelpText('after', '\nExample:\n  caldera config init --board drone-6s --cells 4 --out quad.json')
    .action((flags: InitOptions & { out?: string }) => {
      const text = fileText(initBoard(flags));
      if (flags.out === undefined) terminal.stdout(text);
      else {
        if (fs.existsSync(flags.out))
          throw new InputError(`--out: '${flags.out}' exists; allowed: the name of a file that does not`);
        write(flags.out, text);
        terminal.stdout(`${flags.out} written; 'caldera config check ${flags.out}' after each change\n`);
      }
    });

  config
    .command('check')
    .description('checks a board file, tries it on simulated chips, and says what will apply; exits 2 when it is wrong')
    .argument('<name|file>', boardHelp)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  caldera config check my-channel.json')
    .action((name: string, flags: { json?: boolean }) => runCheck(name, flags, context));

  config
    .command('wiring')
    .description('draws the wiring diagram of a board file')
    .argument('<name|file>', boardHelp)
    .requiredOption('--out <file>', 'a FILE.svg or FILE.png', parse.nonEmpty('--out', 'a FILE.svg or FILE.png'))
    .addHelpText('after', '\nExample:\n  caldera config wiring drone-6s --out drone-6s.svg')
    .action((name: string, flags: { out: string }) => {
      if (!/\.(svg|png)$/i.test(flags.out))
        throw new InputError(`--out: '${flags.out}' is not a picture; allowed: a FILE.svg or FILE.png`);
      const svg = wiringDiagram(loadProduct(name));
      write(flags.out, /png$/i.test(flags.out) ? toPng(svg) : svg);
      terminal.stdout(`${flags.out} written\n`);
    });

  config
    .command('parts')
    .description('lists what to buy for a board file')
    .argument('<name|file>', boardHelp)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  caldera config parts cycler')
    .action((name: string, flags: { json?: boolean }) => {
      const parts = materials(loadProduct(name));
      if (flags.json) printJson(terminal, { board: name, parts });
      else terminal.stdout(`${materialsTable(parts)}\n`);
    });
}

function runCheck(name: string, { json }: { json?: boolean }, context: Context): void {
  const { terminal } = context;
  const reading = readProduct(readBoardFile(name));
  const { product } = reading;
  // Only a whole configuration can be tried.
  const problems = product ? startProblems(product) : reading.problems;
  if (product === undefined || problems.length > 0) {
    context.exitCode = 2;
    if (json) printJson(terminal, { file: name, valid: false, problems });
    else terminal.stderr(problems.map((problem) => `caldera: error: ${name}: ${problem}\n`).join(''));
    return;
  }
  const applied = thresholds(product);
  const wifi = product.config.wifi === undefined ? null : { jsVars: WIFI_JSVARS };
  if (json) {
    const { kind, config, cell, capacity_mAh } = product;
    printJson(terminal, {
      file: name,
      valid: true,
      problems: [],
      kind,
      board: config.board.name,
      cell: cell.name,
      capacity_mAh,
      thresholds: applied,
      wifi,
    });
  } else terminal.stdout(describe(name, product, applied));
}

function describe(name: string, product: Product, applied: readonly Threshold[]): string {
  const { config, cell, capacity_mAh } = product;
  const what = product.kind === 'pack' ? `a pack of ${product.cells} in series` : 'a cycler channel';
  const table = formatTable<Threshold>(
    [
      { head: 'the front end by itself', align: 'left', text: (row) => row.name },
      { head: 'wished', text: (row) => String(Number(row.wished.toPrecision(6))) },
      { head: 'applies', text: (row) => String(Number(row.applies.toPrecision(6))) },
    ],
    applied,
  );
  const wifi =
    config.wifi === undefined
      ? 'Wi-Fi: off'
      : `Wi-Fi: telemetry to ${config.wifi.broker}:${config.wifi.port}, topic ${config.wifi.topic}, every ${config.wifi.period_ms} ms; ` +
        `takes ${WIFI_JSVARS} JsVars of the 4,100 to 5,000, and what the radio itself takes of the memory`;
  return [
    `${name} is valid: ${config.board.name}, ${what}, cell ${cell.name} (${Number(capacity_mAh.toPrecision(4))} mAh)`,
    'the firmware starts with it on simulated chips, and its self-test passes',
    '',
    table,
    '',
    ...(product.kind === 'cycler' && product.config.board.relay
      ? [
          `relays: they open ${product.config.board.relay.time_ms} ms after ALERT; until then only the fuse limits a short circuit`,
        ]
      : []),
    wifi,
    '',
  ].join('\n');
}

function write(file: string, content: string | Buffer): void {
  try {
    makeDirectories(path.dirname(path.resolve(file)));
    fs.writeFileSync(file, content);
  } catch (error) {
    throw new InputError(
      `--out: ${file} cannot be written (${(error as NodeJS.ErrnoException).code}); allowed: a writable file`,
    );
  }
}
