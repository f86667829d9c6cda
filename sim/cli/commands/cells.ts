import type { Command } from 'commander';
import { PARAMETER_ROWS } from '../../cell/parameters';
import type { Json } from '../../checkJson';
import { InputError } from '../../errors';
import { loadProfile, parameterKeys, profileNames, type CellProfile } from '../../profiles/profile';
import { nearest } from '../../nearest';
import { readJson } from '../../readJson';
import type { Context } from '../context';
import { printJson } from '../output';
import { formatTable } from '../table';

interface Flags {
  json?: boolean;
}

const jsonOption = ['--json', 'print one JSON document and nothing else'] as const;

export function addCells(program: Command, context: Context): void {
  const { terminal } = context;
  const cells = program.command('cells').description('Lists, explains and checks cell profiles.');
  cells.addHelpText(
    'after',
    `
Examples:
  caldera cells
  caldera cells show afl-l1
  caldera cells check my-cell.json`,
  );

  cells
    .command('list', { isDefault: true })
    .description('the built-in cells')
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  caldera cells list --json')
    // It also gets what is none of the others.
    .allowExcessArguments()
    .action((flags: Flags, { args: [unknown] }: Command) => {
      const known = cells.commands.map((command) => command.name());
      if (unknown !== undefined)
        throw new InputError(`cells: unknown command '${unknown}'; ${nearest(unknown, known)}`);
      const profiles = profileNames().map((name) => loadProfile(name));
      if (flags.json) printJson(terminal, { cells: profiles.map(overview) });
      else terminal.stdout(`${listTable(profiles)}\n\n'caldera cells show NAME' explains one.\n`);
    });

  cells
    .command('show')
    .description('one cell with all its parameters, their units and where they come from')
    .argument('<name|file>', `a built-in cell (${profileNames().join(', ')}) or a FILE.json`)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  caldera cells show afl-l1')
    .action((name: string, flags: Flags) => {
      const profile = loadProfile(name);
      if (flags.json) printJson(terminal, { ...overview(profile), parameters: parameters(profile) });
      else terminal.stdout(explain(profile));
    });

  cells
    .command('check')
    .description('checks a cell file and says what is wrong with it')
    .argument('<file>', 'a cell profile, FILE.json')
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  caldera cells check my-cell.json')
    .action((file: string, flags: Flags) => {
      if (!/\.json$/i.test(file))
        throw new InputError(`cells check: '${file}' is not a cell file; allowed: a FILE.json`);
      const profile = loadProfile(file);
      if (flags.json) printJson(terminal, { file, valid: true, name: profile.name });
      else terminal.stdout(`${file} is a valid cell profile: ${profile.name}\n${whatItMakes(file, profile)}\n`);
    });
}

function overview(profile: CellProfile) {
  const { name, title, source, kind, cathode, thermal, area_cm2, chargeCutoff_V, dischargeCutoff_V } = profile;
  const capacity_mAh = profile.parameters.Qn * area_cm2;
  return { name, title, source, kind, cathode, thermal, area_cm2, capacity_mAh, chargeCutoff_V, dischargeCutoff_V };
}

/** So that a slip of the pen is seen: what the numbers come to, and how many of them are the file's own. */
function whatItMakes(file: string, profile: CellProfile): string {
  const { kind, area_cm2, capacity_mAh, chargeCutoff_V, dischargeCutoff_V } = overview(profile);
  const json = readJson(file, 'cell file') as Json;
  const given = parameterKeys(json).length;
  const rest = json.basedOn === undefined ? 'neutral' : `are those of ${String(json.basedOn)}`;
  return [
    `${kind} cell, ${Number(capacity_mAh.toPrecision(4))} mAh`,
    `${area_cm2} cm2`,
    `${profile.parameters.Qn} mAh/cm2`,
    `${dischargeCutoff_V} to ${chargeCutoff_V} V; parameters: ${given} given, the others ${rest}`,
  ].join(', ');
}

function parameters(profile: CellProfile) {
  return PARAMETER_ROWS.map(({ key, symbol, unit, min, max, meaning }) => ({
    key,
    symbol,
    value: profile.parameters[symbol as keyof typeof profile.parameters],
    unit,
    min,
    max,
    basis: profile.basis[symbol],
    meaning,
  }));
}

/** Three digits, and never as a power of ten. */
function capacity({ parameters: { Qn }, area_cm2 }: CellProfile): string {
  const text = (Qn * area_cm2).toPrecision(3);
  return text.includes('e') ? Number(text).toFixed(0) : text;
}

function listTable(profiles: readonly CellProfile[]): string {
  return formatTable<CellProfile>(
    [
      { head: 'name', align: 'left', text: (profile) => profile.name },
      { head: ['capacity', 'mAh'], text: capacity },
      { head: ['area', 'cm2'], text: (profile) => String(profile.area_cm2) },
      { head: 'what it is', align: 'left', text: (profile) => profile.title },
    ],
    profiles,
  );
}

function explain(profile: CellProfile): string {
  const cell = overview(profile);
  const table = formatTable(
    [
      { head: 'parameter', align: 'left', text: (row) => row.key },
      { head: 'symbol', align: 'left', text: (row) => row.symbol },
      { head: 'value', text: (row) => String(row.value) },
      { head: 'unit', align: 'left', text: (row) => row.unit },
      { head: 'basis', align: 'left', text: (row) => row.basis ?? '' },
      { head: 'meaning', align: 'left', text: (row) => row.meaning },
    ],
    parameters(profile),
  );
  return [
    `${cell.name}: ${cell.title}`,
    `source: ${cell.source}`,
    `${cell.kind} cell, cathode ${cell.cathode}, ${cell.area_cm2} cm2, ${Number(cell.capacity_mAh.toPrecision(4))} mAh, ${cell.dischargeCutoff_V} V to ${cell.chargeCutoff_V} V`,
    ...(cell.thermal === null ? [] : [`thermal runaway: ${cell.thermal} (caldera arc --cell ${cell.name})`]),
    '',
    table,
    '',
    'basis: taken from the source, fitted to its numbers, or assumed because it gives none',
    '',
  ].join('\n');
}
