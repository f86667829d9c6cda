/** The glossary against the code, and the numbers of the page on concepts. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/campaign/simulate';
import { readPage, ROOT } from './markdown';

const terms = new Set(readPage('docs/glossary.md').spans.map(({ text }) => text));

function source(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'))
    .join('\n');
}

describe('glossary', () => {
  it('names nothing that the code does not have', () => {
    const words = new Set(
      ['firmware', 'hal', 'sim']
        .map(source)
        .join('\n')
        .match(/[A-Za-z_][\w+-]*/g),
    );
    const exempt = ['--json', '_mV', '_mAh_cm2', '_C', '_pct', '_s', '_ms', 'afl-l1#3', 'caldera cells show afl-l1'];
    expect([...terms].filter((term) => !words.has(term) && !exempt.includes(term))).toEqual([]);
  });

  it.each(['CycleResult', 'SimulateSummary', 'SimulateResult', 'VolcanoResult', 'VolcanoPoint', 'Lithium'])(
    'explains every key of %s',
    (name) => {
      const types = readFileSync(join(ROOT, 'sim/results/types.ts'), 'utf8');
      const body = new RegExp(`export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(types)![1]!;
      const keys = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, key]) => key!);
      expect(keys.length).toBeGreaterThan(2);
      expect(keys.filter((key) => !terms.has(key) && !['cell', 'cycles', 'summary', 'points'].includes(key))).toEqual(
        [],
      );
    },
  );
});

it('the lithium that the page on concepts counts is what the command gives', async () => {
  const page = readFileSync(join(ROOT, 'docs/concepts.md'), 'utf8');
  const [, ...told] =
    /leave about (\S+) mAh in the SEI[^0-9]*(\S+) mAh active, (\S+) mAh isolated and (\S+) mAh dead/.exec(page)!;
  const { cycles } = await simulate({
    cell: 'afl-l1',
    charge_C: 0.2,
    discharge_C: 1,
    cycles: 2,
    temperature_C: 25,
    direct: true,
    interrupts: 4,
    seed: 1,
    untilRetention_pct: null,
    sampleEvery_s: null,
  });
  const { sei, active, isolated, dead } = cycles[1]!.lithium_mAh;
  expect(told.map(Number)).toEqual(
    [sei, active, isolated, dead].map((value) => Number(value.toPrecision(value < 1 ? 1 : 2))),
  );
});
