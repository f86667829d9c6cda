/** Makes firmware/protect/rows.ts, what the engine reads, from the fault table. */
import { Action, Fault, Group, Policy, Release } from '../../firmware/protect/faults';
import { FAULT_TABLE, type FaultRow, type Response } from '../../firmware/protect/table';

/** @throws Error naming a row that contradicts itself */
export function checkTable(table: readonly FaultRow[]): void {
  table.forEach((row, index) => {
    const refuse = (why: string): never => {
      throw new Error(`fault table, row "${row.name}": ${why}`);
    };
    if (row.fault !== index + 1) refuse(`stands at place ${index + 1}, but is number ${row.fault}`);
    if (row.early < 0 || row.release < 0) refuse('a distance from its trip level is negative');
    if (row.samples < 1 || row.samples > 100 || row.time_ms < 0 || row.time_ms > 10000 || row.time_ms % 100 !== 0)
      refuse('debounce is out of range; allowed: 1 to 100 samples, 0 to 10000 ms in steps of 100');
    if (row.derates !== Action.Warn && row.early === 0) refuse('derates, but has no early level to begin at');
    if (row.promised_ms < row.time_ms) refuse('promises to be faster than its debounce');
    if (row.release === 0 && typeof row.trip !== 'number' && row.group !== Group.Tick)
      refuse('is released at the level it trips at');
    // Else all current would be let through again for as long as it takes to derate anew.
    if (row.derates !== Action.Warn && row.release < row.early) refuse('is released where it still derates');
    for (const { action, release } of [row.cycler, row.flight])
      if (release === Release.Restart && action !== Action.Open && action !== Action.Warn)
        refuse('starts anew while current flows');
  });
  if (table.length !== Fault.length - 1) throw new Error(`fault table: ${table.length} rows of ${Fault.length - 1}`);
}

const packed = (row: FaultRow, { action, release }: Response): number => action | (release << 2) | (row.derates << 4);

function rowNumbers(policy: Policy): string {
  const rows = FAULT_TABLE.map((row) => {
    const response = policy === Policy.Flight ? row.flight : row.cycler;
    return `    ${[row.group, row.over ? 1 : -1, row.samples, row.time_ms / 100, packed(row, response)].join(', ')},`;
  });
  return ['    0, 1, 1, 0, 0,', ...rows].join('\n');
}

function levelSource(row: FaultRow): string {
  const sign = row.over ? '' : '-';
  const trip = typeof row.trip === 'number' ? `${row.over ? row.trip : -row.trip}` : `${sign}limits.${row.trip}`;
  const before = (distance: number): string =>
    typeof row.trip === 'number'
      ? `${Number(((row.over ? row.trip : -row.trip) - distance).toPrecision(12))}`
      : distance === 0
        ? trip
        : `${trip} - ${distance}`;
  return `    ${trip}, ${before(row.early)}, ${before(row.release)},`;
}

/** The source of firmware/protect/rows.ts. */
export function compiledRows(): string {
  checkTable(FAULT_TABLE);
  return `/** Made from table.ts by \`npm run faults:table\`; a test holds the two together. Change the table, not this file. */
import type { Limits } from '../config/config';
import { Policy } from './faults';

/* prettier-ignore */
/** Group, sign, samples, time in 100 ms and response of each row (see \`Of\`). */
export function faultRows(policy: Policy): number[] {
  if (policy === Policy.Flight) return [
${rowNumbers(Policy.Flight)}
  ];
  return [
${rowNumbers(Policy.Cycler)}
  ];
}

/* prettier-ignore */
/** Trip, early and release level of each row (see \`Level\`), with its sign. */
export function faultLevels(limits: Limits): number[] {
  return [
    0, 0, 0,
${FAULT_TABLE.map(levelSource).join('\n')}
  ];
}
`;
}

/** The source of firmware/protect/names.ts. */
export function compiledNames(): string {
  return `/** Made from table.ts by \`npm run faults:table\`. */

/* prettier-ignore */
/** The name of a fault, as it is shown: one text, because each of its own would take memory. */
export function faultName(fault: number): string {
  return (
    'none' +
${FAULT_TABLE.map((row) => `    ',${row.name}'`).join(' +\n')}
  ).split(',')[fault] || 'fault ' + fault;
}
`;
}
