/** The numbers of the standard protocol, in the check and on the page that explains them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { standardCycling } from '../../firmware/config/defaults';
import { CYCLING_ROWS } from '../../sim/boards/cycling';
import { readBoardFile, readProduct } from '../../sim/boards/read';

const page = readFileSync(join(__dirname, '../../docs/boards/board-files.md'), 'utf8');
const section = page.slice(page.indexOf('\n## Protocol\n'), page.indexOf('\n## What is checked\n'));

it('are all explained, each with its unit and what is allowed', () => {
  const rows = [...section.matchAll(/^\| `(\w+)` +\| (\w*) +\| (\S+) to (\S+) +\|/gm)].map(([, ...row]) => row);
  expect(rows.map(([key, unit, least, most]) => [key, unit, Number(least), Number(most)])).toEqual(
    CYCLING_ROWS.map(([key, unit, least, most]) => [key, unit, least, most]),
  );
  const fields = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field);
  const diagnostics = { interrupts: 4, slowStripEvery: 0 };
  const cell = { capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 };
  expect(fields).toEqual(Object.keys(standardCycling(cell, 0.2, 1, 0, diagnostics)));
});

it.each<[change: Record<string, number>, line: string]>([
  [
    { slowStripEvery: 10, slowStrip_mA: 0 },
    'protocol.slowStrip_mA is 0 mA; allowed: 0.01 to 3510 mA, with protocol.slowStripEvery',
  ],
  [
    { checkupEvery: 10, checkup_mA: 0 },
    'protocol.checkup_mA is 0 mA; allowed: 0.01 to 3510 mA, with protocol.checkupEvery',
  ],
  [
    { chargeTo_mV: 3500, dischargeTo_mV: 3600 },
    'protocol.dischargeTo_mV is 3600 mV; allowed: 3000 to 3500 mV, protocol.chargeTo_mV',
  ],
])('%j is refused', (change, line) => {
  const file = readBoardFile('cycler') as { protocol: object };
  expect(readProduct({ ...file, protocol: { ...file.protocol, ...change } }).problems).toEqual([line]);
});

it.each<[name: string, step: object, line: string]>([
  [
    'a charge without a cut-off',
    { kind: 'charge', current_mA: 100 },
    'protocol[0].until_mV is 0 mV; allowed: 2500 to 4350 mV, at which a charge ends',
  ],
  [
    'a charge without a current',
    { kind: 'charge', until_mV: 4300 },
    'protocol[0].current_mA is 0 mA; allowed: 0.01 to 323 mA',
  ],
  [
    'a discharge without an end',
    { kind: 'discharge', current_mA: 100 },
    'protocol[0].time_ms is 0 ms; allowed: at least 1 ms, or a cut-off protocol[0].until_mV: it would never end',
  ],
  [
    'a time that is none',
    { kind: 'rest', time_ms: 'long' },
    'protocol[0].time_ms is "long"; allowed: -1 to 1000000000 ms',
  ],
  ['a step that is none', [], 'protocol[0] is []; allowed: an object'],
])('%s is refused', (_, step, line) => {
  const file = readBoardFile('cycler') as object;
  expect(readProduct({ ...file, protocol: [step] }).problems).toEqual([line]);
});
