import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../sim/random';
import { etaConcRow, figures, inventoryRow, select } from '../../../sim/study/estimators/report';
import { type CaseResult, QUANTITIES, type SpanErrors } from '../../../sim/study/estimators/runCase';
import { studyCase } from '../../../sim/study/estimators/studyCase';
import {
  addError,
  addRefusal,
  bias,
  coverage_pct,
  meanTruth,
  noErrors,
  refused_pct,
  rms,
} from '../../../sim/study/estimators/sums';
import { tablesOf } from '../../../sim/study/estimators/tables';
import { between } from '../../../sim/study/writeDocs';

/** A span whose estimates are all off by the same. */
function span(eta_mV: number, lithium: number): SpanErrors {
  const one = {
    etaConc: { plateau: noErrors(), knee: noErrors() },
    inventory: Object.fromEntries(QUANTITIES.map((quantity) => [quantity, noErrors()])) as SpanErrors['inventory'],
    limit: noErrors(),
  };
  for (let k = 0; k < 100; k++) addError(one.etaConc.plateau, 50 + eta_mV, k < 95 ? 10 : 0.1, 50);
  addRefusal(one.etaConc.plateau, 50, 25);
  addRefusal(one.etaConc.knee, 300, 9);
  addError(one.etaConc.knee, 320, 5, 300);
  for (const quantity of QUANTITIES) addError(one.inventory[quantity], 1 + lithium, 1, 1);
  addError(one.limit, 1.1, 0.2, 1);
  return one;
}

const result = (rate_C: number, eta_mV: number, lithium: number, more: Partial<CaseResult> = {}): CaseResult => ({
  studyCase: studyCase({ group: 'headline', cell: 'afl-l1', rate_C, cycles: 100 }),
  cycles: 100,
  first: 1,
  last: 0.7,
  cathodeLost: 0,
  ended: null,
  spans: { '41-50': span(eta_mV, lithium), '91-100': span(eta_mV, lithium) },
  ...more,
});

describe('sums of errors', () => {
  it('give rms, bias, coverage, refusals and the mean truth', () => {
    const sums = noErrors();
    addError(sums, 11, 1, 10, 2);
    addError(sums, 7, 1, 10, 1);
    addRefusal(sums, 20, 1);
    expect(rms(sums)).toBeCloseTo(Math.sqrt((2 * 1 + 9) / 3), 12);
    expect(bias(sums)).toBeCloseTo(-1 / 3, 12);
    expect(coverage_pct(sums)).toBeCloseTo(200 / 3, 12);
    expect(refused_pct(sums)).toBe(25);
    expect(meanTruth(sums)).toBe(12.5);
  });

  it('cover 95 % of errors that are as large as stated', () => {
    const random = new Random(1);
    const sums = noErrors();
    for (let k = 0; k < 20000; k++) addError(sums, 3 * random.normal(), 3, 0);
    expect(coverage_pct(sums)).toBeGreaterThan(94.5);
    expect(coverage_pct(sums)).toBeLessThan(95.5);
    expect(rms(sums)).toBeCloseTo(3, 1);
  });
});

describe('the report', () => {
  const results = [result(0.5, 2.9, 0.015), result(1, -6, 0.015), result(2, 1, 0.05)];

  it('pools what it is asked for', () => {
    const row = etaConcRow(results);
    expect(row.rms_mV).toBeCloseTo(Math.sqrt((2.9 ** 2 + 36 + 1) / 3), 9);
    expect(row.bias_mV).toBeCloseTo((2.9 - 6 + 1) / 3, 9);
    expect(row).toMatchObject({
      runs: 3,
      truth_mV: 50,
      coverage_pct: 95,
      refused_pct: 20,
      kneeValid_pct: 10,
      kneeRms_mV: 20,
    });
    expect(select(results, { rate_C: 1 })).toEqual([results[1]]);
    expect(inventoryRow(select(results, { rate_C: 2 }), 'lambda', ['91-100'])).toMatchObject({ samples: 1, truth: 1 });
    expect(etaConcRow([]).rms_mV).toBeNull();
  });

  it('says which figures are reached and which fall short, and none that was not run', () => {
    const list = figures(results);
    const found = (what: string) => list.find((figure) => figure.what === what);
    expect(found('eta_conc at 0.5C, rms')).toMatchObject({ most: 3, pass: true });
    expect(found('eta_conc at 1C, rms')).toMatchObject({ most: 5, pass: false });
    expect(found('eta_conc at 3C, rms')).toBeUndefined();
    expect(found('eta_conc in its 95 % interval')).toMatchObject({ value: 95, pass: true });
    expect(found('lambda at cycle 50, rms')).toMatchObject({ most: 0.02, pass: false });
    // An interval that always holds the truth is too wide.
    expect(found('sei at cycle 100 in its 95 % interval')).toMatchObject({ value: 100, pass: false });
    expect(list.some(({ plant }) => plant === 'detailed')).toBe(false);
  });

  it('asks the detailed plant half as much again', () => {
    const detailed = results.map((one) => ({ ...one, studyCase: { ...one.studyCase, plant: 'detailed' as const } }));
    expect(figures(detailed).find(({ what }) => what === 'eta_conc at 1C, rms')).toMatchObject({
      most: 7.5,
      pass: true,
    });
  });

  it('lists runs that ended early, alike ones together', () => {
    const ended = [1, 2].map((rate_C) =>
      result(rate_C, 1, 0.01, {
        cycles: 4 + rate_C,
        first: 0.4,
        ended: `cycle ${4 + rate_C} gave 9 % of the nominal capacity`,
      }),
    );
    const row = tablesOf([...results, ...ended])
      .split('\n')
      .at(-1)!;
    expect(row.split('|').map((cell) => cell.trim())).toEqual([
      '',
      'afl-l1',
      'reduced',
      '25',
      '1, 2C',
      '2',
      '5 to 6',
      '40',
      'too little capacity left',
      '',
    ]);
    expect(tablesOf(results)).toMatch(/None\.$/);
  });
});

describe('the page', () => {
  const page = readFileSync(`${__dirname}/../../../docs/estimators.md`, 'utf8');

  it('takes new tables between its markers and keeps the rest', () => {
    const written = between('study:estimators', page, 'NEW');
    expect(written).toContain('\n\nNEW\n\n');
    expect(written).not.toContain('### Asked and found');
    expect(written.split('NEW')[0]).toBe(`${page.split('--write -->')[0]}--write -->\n\n`);
    expect(between('study:estimators', written, 'NEW')).toBe(written);
    expect(() => between('study:estimators', 'no markers', 'NEW')).toThrow('lacks');
  });

  it('holds the tables of the full study and shows its pictures', () => {
    for (const title of [
      'Asked and found',
      'Concentration overpotential',
      'Members of the ensemble',
      'Other electrolytes',
      'Temperature',
    ])
      expect(page).toContain(`### ${title}`);
    const pictures = [...page.matchAll(/\]\((pictures\/estimators-[a-z-]+\.svg)\)/g)].map(([, path]) => path);
    expect(pictures).toHaveLength(3);
    for (const path of pictures) expect(readFileSync(`${__dirname}/../../../docs/${path}`, 'utf8')).toMatch(/^<svg/);
  });
});
