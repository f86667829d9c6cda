/** Whether the report finds what is known to be in a table. */
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../sim/random';
import { lifePicture } from '../../sim/sweep/report/pictures';
import { reportOf } from '../../sim/sweep/report/report';
import { interval95, regression, survival, t95, timeAt } from '../../sim/sweep/report/statistics';
import { cli } from '../cli/harness';
import { madeUp } from './madeUp';

const found = ((): boolean => {
  try {
    createRequire(__filename)('@duckdb/node-api');
    return true;
  } catch {
    return false;
  }
})();
if (!found) {
  const text = '@duckdb/node-api is not installed: reports of campaigns are not tested (npm install)';
  if (process.env.CI === 'true') throw new Error(text);
  console.warn(`SKIPPED: ${text}.`);
}
const withDuckDb = found ? describe : describe.skip;

describe('statistics', () => {
  it("Student's t", () => {
    // Tables: 2.776 for 4 degrees of freedom, 2.228 for 10, 2.042 for 30.
    expect(t95(4)).toBeCloseTo(2.776, 1);
    expect(t95(10)).toBeCloseTo(2.228, 2);
    expect(t95(30)).toBeCloseTo(2.042, 3);
    expect(interval95(1, 4)).toBeNull();
  });

  it('survival counts those who outlived their test as far as they went', () => {
    // Kaplan and Meier by hand: of 5, one dies at 1; one leaves at 2; of 3, one dies at 3.
    const curve = survival([
      { time: 1, died: 1, left: 0 },
      { time: 2, died: 0, left: 1 },
      { time: 3, died: 1, left: 0 },
      { time: 4, died: 0, left: 2 },
    ]);
    expect(curve.map(({ share }) => Number(share.toFixed(4)))).toEqual([1, 0.8, 0.8, 0.5333, 0.5333]);
    expect(timeAt(curve, 0.6)).toBe(3);
    expect(timeAt(curve, 0.5)).toBeNull();
  });

  it('regression tells correlated inputs apart, and says when it cannot', () => {
    // y = 0.6 a + 0.8 b with corr(a, b) = 0.5.
    const r = regression(
      [
        [1, 0.5],
        [0.5, 1],
      ],
      [0.6 + 0.4, 0.3 + 0.8],
    )!;
    expect(r.coefficients[0]).toBeCloseTo(0.6, 12);
    expect(r.coefficients[1]).toBeCloseTo(0.8, 12);
    expect(
      regression(
        [
          [1, 1],
          [1, 1],
        ],
        [1, 1],
      ),
    ).toBeNull();
  });
});

describe('the picture of lives', () => {
  it.each([1, 7, 9, 11, 24])('has all of %i groups', (n) => {
    const lives = Array.from({ length: n }, (_, k) => ({ group: `group ${k}`, n: 1, alive: 0, median: 1, tenth: 1 }));
    const svg = lifePicture(
      lives.map((life) => ({ ...life, curve: [{ time: 0, share: 1 }] })),
      'Cycles',
    );
    for (const { group } of lives) expect(svg).toContain(`>${group}<`);
    const perPanel = n === 9 ? 3 : n === 24 || n === 11 ? 6 : n;
    expect(svg.split('>Share that lives longer<')).toHaveLength(1 + Math.ceil(n / perPanel));
  });
});

withDuckDb('a report', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'caldera-report-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const of = {
    charge_C: { from: 0.1, to: 1.1 },
    temperature_C: { from: 0, to: 1 },
    slowest_C: { from: 0.1, to: 1.1 },
  };
  /** y = 4 a + 2 b + 8 (a - 1/2)(b - 1/2), c without effect: variances 16/12, 4/12 and 64/144. */
  const product = (values: Record<string, unknown>): number => {
    const a = (values.charge_C as number) - 0.1;
    const b = values.temperature_C as number;
    return 4 * a + 2 * b + 8 * (a - 0.5) * (b - 0.5);
  };

  it("Sobol's indices of a function that is known", async () => {
    madeUp(at('saltelli'), { sample: { method: 'saltelli', points: 4096, of } }, (values) => ({
      retention_pct: product(values),
    }));
    const { influences, method, incomplete } = await reportOf({ folder: at('saltelli'), answer: 'retention_pct' });
    const total = 16 / 12 + 4 / 12 + 64 / 144;
    const expected = [
      [16 / 12 / total, (16 / 12 + 64 / 144) / total],
      [4 / 12 / total, (4 / 12 + 64 / 144) / total],
      [0, 0],
    ];
    expect(method).toContain('Sobol');
    expect(incomplete).toBe(0);
    influences.forEach(({ first, second, firstWithin }, k) => {
      expect(Math.abs(first! - expected[k]![0]!)).toBeLessThan(0.02);
      expect(Math.abs(second! - expected[k]![1]!)).toBeLessThan(0.02);
      expect(firstWithin).toBeLessThan(0.1);
    });
  });

  it("Morris's effects of a function that is known; lines without an answer are counted", async () => {
    let n = 0;
    madeUp(at('morris'), { sample: { method: 'morris', points: 400, of } }, (values) => ({
      retention_pct: n++ === 5 ? null : product(values),
    }));
    const { influences, method, incomplete } = await reportOf({ folder: at('morris'), answer: 'retention_pct' });
    expect(method).toContain('Morris');
    expect(incomplete).toBeGreaterThan(0);
    const [a, b, c] = influences;
    expect(a!.first).toBeCloseTo(4, 0);
    expect(b!.first).toBeLessThan(a!.first!);
    expect(c!.first).toBe(0);
    expect(c!.second).toBe(0);
    // a and b interact, so their effects scatter.
    expect(a!.second).toBeGreaterThan(1);
  });

  it('ranks find monotone inputs, their sign and how much is explained', async () => {
    madeUp(at('lhs'), { sample: { method: 'latin-hypercube', points: 2000, of } }, (values) => ({
      retention_pct: Math.exp(3 * (values.charge_C as number)) - 5 * (values.temperature_C as number),
    }));
    const { influences, r2 } = await reportOf({ folder: at('lhs'), answer: 'retention_pct' });
    const [a, b, c] = influences.map(({ first }) => first!);
    expect(a).toBeGreaterThan(0.8);
    expect(b).toBeLessThan(-0.2);
    expect(Math.abs(c!)).toBeLessThan(0.05);
    expect(r2.all).toBeGreaterThan(0.9);
  });

  it('policies are compared on the same specimens: the interval holds the true difference, though cells differ much more', async () => {
    const json = { grid: { cell: ['afl-l1', 'afl-l2'], policy: ['1C', '2C'] }, repeats: 200 };
    madeUp(at('policies'), json, ({ cell, policy }, seed) => {
      const noise = new Random(seed, `${String(cell)} ${String(policy)}`).normal();
      const specimen = 30 * new Random(seed, 'specimen').normal();
      const life = 200 + specimen + (policy === '2C' ? 3 : 0) + noise;
      return { retention_pct: life, checkupLife: life < 220 ? life : null, cyclesRun: 220, energyFirst100_Wh: -life };
    });
    const report = await reportOf({ folder: at('policies'), answer: null });
    expect(report).toMatchObject({ runs: 800, setAside: 0, groupedBy: ['cell', 'policy'], answer: 'retention_pct' });
    const [only] = report.comparisons;
    expect(only).toMatchObject({ factor: 'policy', level: '2C', against: '1C', specimens: 200 });
    expect(Math.abs(only!.mean! - 3)).toBeLessThan(only!.within!);
    expect(only!.within).toBeLessThan(0.3);
    expect(report.spreading.checkupLife!.reduce((sum, { missing }) => sum + missing, 0)).toBeGreaterThan(50);
    for (const { median, n } of report.lives) {
      expect(n).toBe(200);
      expect(Math.abs(median! - 202)).toBeLessThan(8);
    }
    const least = report.worst.map(({ retention_pct }) => retention_pct as number);
    expect(least).toHaveLength(10);
    expect([...least].sort((a, b) => a - b)).toEqual(least);
  });

  it('what is better in one climate and worse in another is told apart, and a mean says over what', async () => {
    const json = { grid: { policy: ['0.5C', '1C'], temperature_C: [10, 40], direct: [true] }, repeats: 20 };
    madeUp(at('climates'), json, ({ policy, temperature_C }, seed) => {
      const better = policy === '0.5C' ? 0 : temperature_C === 10 ? -12 : 8;
      const noise = 0.1 * new Random(seed, `${String(policy)} ${String(temperature_C)}`).normal();
      const life = 200 + noise + better;
      return { retention_pct: life, checkupLife: temperature_C === 40 || seed % 2 ? life : null, cyclesRun: 220 };
    });
    const { comparisons, spreading, lives } = await reportOf({ folder: at('climates'), answer: null });
    expect(comparisons.map(({ among, mean }) => [among, Math.round(mean!)])).toEqual([
      ['mean over temperature_C, direct', -2],
      ['10 degC, direct true', -12],
      ['40 degC, direct true', 8],
    ]);
    expect(lives[0]!.group).toBe('0.5C, 10 degC, direct true');
    // The mean of those that died says nothing of those that did not.
    for (const { group, missing, mean } of spreading.checkupLife!) {
      expect(missing > 0).toBe(group.includes('10 degC'));
      expect(mean === null).toBe(missing > 0);
    }
    const { stdout } = await cli(['report', at('climates')], { report: reportOf });
    expect(stdout).toMatch(/1C +10 degC, direct true +20 +-1[12]/);
    expect(stdout).toMatch(/checkupLife\n +not *\n/);
    expect(stdout).not.toContain('energyFirst100_Wh'); // Nothing but dashes.
  });

  it('the command writes tables and pictures, as text and as JSON', async () => {
    const outcome = await cli(['report', at('policies')], { report: reportOf });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toContain('Life in cycles (Kaplan-Meier');
    const files = readdirSync(join(at('policies'), 'report'));
    for (const name of ['lives.svg', 'lives.png', 'comparisons.svg', 'comparisons.png', 'report.json', 'worst.csv'])
      expect(files).toContain(name);
    expect(readFileSync(join(at('policies'), 'report', 'lives.svg'), 'utf8')).toContain('Share that lives longer');
    const json = await cli(['report', at('lhs'), '--json', '--out', at('elsewhere')], { report: reportOf });
    expect(JSON.parse(json.stdout)).toMatchObject({ runs: 2000, answer: 'retention_pct' });
    expect(existsSync(join(at('elsewhere'), 'influences-1.png'))).toBe(true);
  });

  it('refuses what is no campaign, and an answer that there is not', async () => {
    expect(await cli(['report', folder], { report: reportOf })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no campaign'),
    });
    const half = at('half');
    madeUp(half, { repeats: 8 }, () => ({}));
    const config = readFileSync(join(half, 'config.json'), 'utf8').replace('"interrupted":false', '"interrupted":true');
    writeFileSync(join(half, 'config.json'), config);
    mkdirSync(join(half, '.chunks', '0'), { recursive: true });
    for (const name of ['0-2', '5-6', '3-4.writing']) writeFileSync(join(half, '.chunks', '0', name), '');
    expect(await cli(['report', half], { report: reportOf })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not complete: 3 of 8 runs are done; allowed: a complete campaign'),
    });
    const wrong = await cli(['report', at('lhs'), '--answer', 'beauty'], { report: reportOf });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("--answer is 'beauty'; allowed: cyclesRun, ");
  });
});
