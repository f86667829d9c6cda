/** The numbers of the README are those of the tables that programs made. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../cli/harness';
import { readPage, ROOT } from './markdown';

/** Cells of every row of a page's tables. */
function rowsOf(page: string): string[][] {
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('| ')).map((line) => line.split('|').map((cell) => cell.trim()));
}

const readme = rowsOf('README.md');

/** What the README says in a row, without its name. */
function said(name: string): string[] {
  const row = readme.find((cells) => cells[1] === name);
  expect(row, name).toBeDefined();
  return row!.slice(2, -1);
}

const row = (page: string, ...begin: string[]): string[] => {
  const found = rowsOf(page).find((cells) => begin.every((cell, k) => cells[k + 1] === cell));
  expect(found, `${page}: ${begin.join(', ')}`).toBeDefined();
  return found!;
};

/** Mean and, in brackets, the worst cell, without its name. */
function steered(statement: string, cell: string, measure: string): string {
  const [, , , , , mean, worst] = row('docs/steering.md', statement, cell, measure);
  return `${mean} (${worst!.split(' ')[0]})`;
}

describe('the README says of steering what the study found', () => {
  const CELLS = ['afl-l1', 'afl-l2', 'afl-l1 checked', 'afl-l2 checked'];

  it.each([
    ['`adaptive`: check-up life, over the best constant', 'Blind', 'adaptive: check-up life / best constant'],
    [
      '`adaptive+tail`: check-up life, over the best constant',
      'Recovery',
      'adaptive+tail: check-up life / best constant',
    ],
    [
      '`adaptive+taper`: energy to end of life, over the best constant',
      'Taper',
      'adaptive+taper: energy to end of life / best constant',
    ],
  ])('%s', (name, statement, measure) => {
    expect(said(name)).toEqual(CELLS.map((cell) => steered(statement, cell, measure)));
  });

  it('beside rates in use', () => {
    expect(said('`adaptive`: check-up life, over 0.5C on L1 and 1C on L2')).toEqual(
      CELLS.map((cell) =>
        steered('Blind', cell, `adaptive: check-up life / fixed ${cell.startsWith('afl-l1') ? '0.5' : '1'}C`),
      ),
    );
  });

  it('of missions', () => {
    const [l1, l2] = ['afl-l1', 'afl-l2'].map((cell) => steered('Missions', cell, 'missions with advice / as planned'));
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`${l1} on L1, ${l2} on L2`);
  });
});

it.each([
  ['concentration overpotential at 1C [mV]', 'eta_conc at 1C, rms'],
  ['concentration overpotential at 3C [mV]', 'eta_conc at 3C, rms'],
  ['lithium outside the cathode at cycle 100 [mAh/cm2]', 'lambda at cycle 100, rms'],
  ['of which dead, as far as rates tell, cycle 100 [mAh/cm2]', 'dead at cycle 100, rms'],
])('the README says of %s what the study found', (name, figure) => {
  expect(said(name)).toEqual(['reduced', 'detailed'].map((plant) => row('docs/estimators.md', figure, plant)[3]));
});

it('the README says of faults what the campaign found', () => {
  const { runs, violations, falseTrips, hardware } = JSON.parse(
    readFileSync(join(ROOT, 'docs/safety-measured.json'), 'utf8'),
  ) as { runs: number; violations: number; falseTrips: number; hardware: { id: string; worst_ms: number }[] };
  const short = hardware.find(({ id }) => id === 'ShortCircuit')!;
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8').replaceAll('\n', ' ')).toContain(
    `${runs} runs with every fault of the table, ${violations} violations and ${falseTrips} false trips; ` +
      `with the processor stopped a short circuit is cut after ${short.worst_ms} ms at worst`,
  );
});

it('the page of the drone pack says what config check prints', async () => {
  const { stdout } = await cli(['config', 'check', 'drone-6s']);
  const { text } = readPage('docs/boards/drone.md').blocks.find(({ language }) => language === 'text')!;
  for (const line of text.split('\n')) expect(stdout.split('\n')).toContain(line);
});
