/** Cells that the firmware cycled on simulated chips, replayed from what it measured. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Estimated as Known, Why } from '../../firmware/estimate/estimates';
import { ChannelRun } from '../../sim/campaign/channelRun';
import type { Observation } from '../../sim/campaign/cyclingRun';
import { loadProfile } from '../../sim/profiles/profile';
import { LargestCharge } from '../../sim/replay/estimatedCapacity';
import { replay } from '../../sim/replay/replay';
import type { ReplayedCycle } from '../../sim/replay/report';
import { bdfHeader, bdfRow } from '../../sim/results/bdf';
import { cli } from '../cli/harness';
import { readWhole } from './batches';
import { newareText } from './converted';
import { replayEstimatesPicture } from '../../sim/picture/replayEstimates';
import { isWhole, series, seriesNamed, texts, values } from '../picture/drawn';
import { fileOf } from './derivedFiles';
import { arbinFile, maccorFile } from './realFiles';

/** A cycle as the firmware saw it while it ran, and as it was. */
interface OnDevice {
  truth: Observation;
  lambda_mAh: number;
  cathode_mAh: number;
  ce_pct: number;
}

const cell = 'afl-l1';
const area_cm2 = 333;
let everySecond: string[];
let onDevice: OnDevice[];

beforeAll(() => {
  everySecond = [];
  onDevice = [];
  const run = new ChannelRun(loadProfile(cell), {
    ...{ charge_C: 0.5, discharge_C: 1, cycles: 3, temperature_C: 25, seed: 1, interrupts: 3 },
    sampleEvery_s: 1,
    onSample: (sample) => everySecond.push(bdfRow(sample)),
  });
  while (onDevice.length < 3) {
    const truth = run.advance(1000);
    if (!truth) continue;
    const { value, why } = run.bms.estimator!.known;
    expect(why[Known.Lambda_mAh]).toBe(Why.Valid);
    onDevice.push({
      truth,
      lambda_mAh: value[Known.Lambda_mAh]!,
      cathode_mAh: value[Known.Cathode_mAh]!,
      ce_pct: value[Known.CoulombicEfficiency_pct]!,
    });
  }
});

const bdf = (rows: readonly string[]): string => fileOf(`${bdfHeader}\n${rows.join('\n')}\n`);

const sparser = new Map<number, string[]>();

/** Of each step the first and the last row, and between them one in `every_s` seconds; interrupts keep their edges too. */
function sparse(every_s: number): string[] {
  const known = sparser.get(every_s);
  if (known) return [...known];
  const at = everySecond.map((row) => row.split(','));
  let due_s = 0;
  const rows = everySecond.filter((_, k) => {
    const edge = [-1, 1].some((side) => {
      const other = at[k + side];
      return !other || other[4] !== at[k]![4] || Math.abs(Number(other[2]) - Number(at[k]![2])) > 0.05;
    });
    const time_s = Number(at[k]![0]);
    if (!edge && time_s < due_s) return false;
    due_s = time_s + every_s;
    return true;
  });
  sparser.set(every_s, rows);
  return [...rows];
}

const withColumns = (row: string, change: (cells: string[]) => void): string => {
  const cells = row.split(',');
  change(cells);
  return cells.join(',');
};

const mainCycles = (cycles: readonly ReplayedCycle[]) => cycles.filter(({ n }) => n > 0).map((c) => c.estimated!);

/** The estimates of cycles 1 to 3 are at most this far from the firmware's. */
function expectNear(
  cycles: readonly ReplayedCycle[],
  bound: { etaConc_mV: number; lithium_mAh_cm2: number; ce_pct: number },
): void {
  const estimates = mainCycles(cycles);
  expect(estimates).toHaveLength(3);
  estimates.forEach((estimate, k) => {
    const device = onDevice[k]!;
    const { lithium_mAh } = device.truth.estimated!;
    const off_mAh = (found: number | null, by: number | null): number => Math.abs(found! - by!) / area_cm2;
    expect(estimate.why).toEqual({});
    expect(Math.abs(estimate.etaConc_mV! - device.truth.estimated!.etaConc_mV!)).toBeLessThan(bound.etaConc_mV);
    expect(off_mAh(estimate.lambda_mAh, device.lambda_mAh)).toBeLessThan(bound.lithium_mAh_cm2);
    expect(off_mAh(estimate.cathode_mAh, device.cathode_mAh)).toBeLessThan(bound.lithium_mAh_cm2);
    for (const pool of ['active', 'residual', 'isolated', 'dead', 'sei'] as const)
      expect(off_mAh(estimate.lithium_mAh[pool], lithium_mAh[pool])).toBeLessThan(bound.lithium_mAh_cm2);
    expect(Math.abs(estimate.ce_pct! - device.ce_pct)).toBeLessThan(bound.ce_pct);
  });
}

test('sampled every second it gives what the firmware found while it ran', async () => {
  const { cycles, cell: settings, summary } = await replay(bdf(everySecond), { recorded: { cell } });
  expectNear(cycles, { etaConc_mV: 2, lithium_mAh_cm2: 0.005, ce_pct: 0.002 });
  expect(settings).toMatchObject({ name: cell, area_cm2, capacity_mAh: 999, longestGap_s: 60 });
  expect(summary.warnings).toEqual([]);
});

describe('sampled more rarely it gives nearly the same', () => {
  test.each([
    [10, { etaConc_mV: 3, lithium_mAh_cm2: 0.015, ce_pct: 0.005 }],
    [30, { etaConc_mV: 4, lithium_mAh_cm2: 0.03, ce_pct: 0.005 }],
  ])('every %i s', async (every_s, bound) => {
    const { cycles, cell: settings } = await replay(bdf(sparse(every_s)), { recorded: { cell } });
    expect(settings!.longestGap_s).toBeCloseTo(Math.max(60, 10 * every_s), 0);
    expectNear(cycles, bound);
  });
});

test('the truth lies within three standard deviations', async () => {
  const { cycles } = await replay(bdf(sparse(10)), { recorded: { cell } });
  mainCycles(cycles).forEach((estimate, k) => {
    const { lithium_mAh: truth, etaConc_mV } = onDevice[k]!.truth;
    const lambda_mAh = truth.active + truth.isolated + truth.dead + truth.sei;
    expect(Math.abs(estimate.lambda_mAh! - lambda_mAh)).toBeLessThan(3 * estimate.lambdaSigma_mAh!);
    for (const pool of ['active', 'residual', 'isolated', 'dead', 'sei'] as const)
      expect(Math.abs(estimate.lithium_mAh[pool]! - truth[pool])).toBeLessThan(3 * estimate.sigma_mAh[pool]!);
    // The discharge as a whole, where the estimate leaves out the end.
    expect(Math.abs(estimate.etaConc_mV! - etaConc_mV)).toBeLessThan(3 * estimate.etaConcSigma_mV! + 3);
  });
});

describe('what recorded data get wrong', () => {
  test('a gap: its cycle is not all counted, the next is known again', async () => {
    const rows = sparse(10);
    const inCharge = rows.findIndex((row) => row.split(',')[3] === '2') + 200;
    rows.splice(inCharge, 100);
    const { cycles } = await replay(bdf(rows), { recorded: { cell } });
    const [first, second, third] = mainCycles(cycles);
    expect(first!.why).toEqual({});
    expect(second).toMatchObject({ ce_pct: null, why: { ce_pct: 'the charge of this cycle was not all counted' } });
    expect(third!.why).toEqual({});
    expect(Math.abs(third!.lambda_mAh! - onDevice[2]!.lambda_mAh) / area_cm2).toBeLessThan(0.03);
  });

  test('unsigned currents', async () => {
    const signed = await readWhole(bdf(sparse(10)));
    const estimates = await Promise.all(
      [false, true].map(async (unsigned) => {
        const file = fileOf(newareText(signed, { unsigned }));
        return mainCycles((await replay(file, { recorded: { cell } })).cycles);
      }),
    );
    expect(estimates[0]![2]!.lambda_mAh).not.toBeNull();
    estimates[0]!.forEach((estimate, k) => {
      const byMagnitude = estimates[1]![k]!;
      expect(byMagnitude.why).toEqual({});
      // Magnitudes lose the sign of the zero, a fraction of a milliampere.
      expect(byMagnitude.lambda_mAh! / estimate.lambda_mAh!).toBeCloseTo(1, 2);
      expect(byMagnitude.etaConc_mV).toBeCloseTo(estimate.etaConc_mV!, 0);
    });
  });

  test('no temperature: 25 degC or what the option says, and the report says which', async () => {
    const header = bdfHeader.split(',').slice(0, 5).join(',');
    const rows = sparse(10).map((row) => row.split(',').slice(0, 5).join(','));
    const file = fileOf(`${[header, ...rows].join('\n')}\n`);
    const plain = await replay(file, { recorded: { cell } });
    expectNear(plain.cycles, { etaConc_mV: 3, lithium_mAh_cm2: 0.015, ce_pct: 0.005 });
    expect(plain.summary.notes).toContain('The file tells no temperature: 25 degC taken for the estimates.');
    const warm = await replay(file, { recorded: { cell, temperature_C: 40 } });
    expect(warm.summary.notes).toContain('The file tells no temperature: 40 degC taken for the estimates.');
    expect(
      warm.cycles[1]!.estimated!.limitingCurrent_mA! / plain.cycles[1]!.estimated!.limitingCurrent_mA!,
    ).toBeGreaterThan(1.05);
  });

  test('a current that reads 1.5 mA in rests: the zero is found and taken off', async () => {
    const rows = sparse(10).map((row) => withColumns(row, (cells) => (cells[2] = String(Number(cells[2]) - 0.0015))));
    const { cycles, cell: settings } = await replay(bdf(rows), { recorded: { cell } });
    expect(settings!.zero_mA).toBeCloseTo(1.5, 1);
    expectNear(cycles, { etaConc_mV: 3, lithium_mAh_cm2: 0.02, ce_pct: 0.02 });
    // What the cycler itself would say is wrong by far more.
    expect(Math.abs(cycles[1]!.ce_pct! - onDevice[0]!.ce_pct)).toBeGreaterThan(0.2);
  });

  test('a file that ends in a discharge: its cycle has no inventory and says why', async () => {
    const rows = sparse(10);
    const last = rows.findLastIndex((row) => Number(row.split(',')[2]) < -0.5);
    const { cycles } = await replay(bdf(rows.slice(0, last - 100)), { recorded: { cell } });
    const estimate = mainCycles(cycles).at(-1)!;
    expect(estimate).toMatchObject({ lambda_mAh: null, lithium_mAh: { active: null, sei: null }, ce_pct: null });
    expect(estimate.etaConc_mV).toBeGreaterThan(30);
    for (const reason of Object.values(estimate.why)) expect(reason).toContain('cut-off voltages');
  });

  test('a file without cycle numbers: the estimates are those after its last cycle', async () => {
    const rows = sparse(10).map((row) => row.split(',').slice(0, 3).join(','));
    const file = fileOf(`${[bdfHeader.split(',').slice(0, 3).join(','), ...rows].join('\n')}\n`);
    const { cycles } = await replay(file, { recorded: { cell } });
    expect(cycles).toHaveLength(1);
    expect(cycles[0]!.warnings.join()).toContain('5 whole cycles by the current in this one');
    expect(Math.abs(cycles[0]!.estimated!.lambda_mAh! - onDevice[2]!.lambda_mAh) / area_cm2).toBeLessThan(0.02);
  });
});

describe('the wrong cell', () => {
  test('half cells and unknown names are refused before the file is opened', async () => {
    await expect(replay('no such file', { recorded: { cell: 'afl-l1-half' } })).rejects.toThrow(
      '--cell: "afl-l1-half" is a half cell, which has no cathode to count lithium against; allowed: a full cell',
    );
    await expect(replay('no such file', { recorded: { cell: 'nca' } })).rejects.toThrow(
      'cell "nca" is unknown; allowed:',
    );
  });

  test('another area than that of the recorded cell is a warning, which names the one that fits', async () => {
    const { summary, cycles } = await replay(bdf(sparse(30)), { recorded: { cell, area_cm2: 100 } });
    expect(summary.warnings.join()).toMatch(/wrong cell or area: .* --area 3[3-7]\d would fit/);
    expectNoNumberAstray(cycles);
  });

  test('the area that fits is written out, large as it is', () => {
    const charge = new LargestCharge();
    charge.add(3987);
    expect(charge.warnings(loadProfile(cell)).join()).toMatch(/is 3987 mAh, .* 999 mAh; .*; --area 1330 would fit$/);
    charge.add(36_000);
    expect(charge.warnings(loadProfile(cell)).join()).toMatch(/is 39990 mAh, .*; --area 13300 would fit$/);
  });

  test.skipIf(!maccorFile)(
    'an NCA cell is none of 1 Ah with lithium foil: a warning, and no lithium is accounted for',
    async () => {
      const { summary, cycles } = await replay(maccorFile!, { recorded: { cell: 'tri-salt-pouch' } });
      expect(summary.warnings[0]).toMatch(
        /^wrong cell or area: the largest charge is 3987 mAh, tri-salt-pouch .* 1000 mAh/,
      );
      expect(summary.notes.join()).toContain('hold only if the measurement is of such a cell');
      expect(cycles).toHaveLength(24);
      expectNoNumberAstray(cycles);
      for (const { estimated } of cycles)
        expect(estimated).toMatchObject({ lambda_mAh: null, lithium_mAh: { dead: null } });
    },
  );
});

/** Every number is one or is null with a reason. */
function expectNoNumberAstray(cycles: readonly ReplayedCycle[]): void {
  for (const { estimated } of cycles) {
    const { why, lithium_mAh, sigma_mAh, ...numbers } = estimated!;
    for (const value of [...Object.values(numbers), ...Object.values(lithium_mAh), ...Object.values(sigma_mAh)])
      expect(value === null || Number.isFinite(value)).toBe(true);
    for (const what of ['etaConc_mV', 'lambda_mAh', 'cathode_mAh', 'ce_pct', 'limitingCurrent_mA'] as const)
      expect(why[what] !== undefined).toBe(numbers[what] === null);
  }
}

test.skipIf(!arbinFile)(
  'without --cell nothing is estimated, and with it the measured part of the report is the same',
  async () => {
    const plain = await replay(arbinFile!);
    expect(plain.cell).toBeUndefined();
    expect(plain.cycles.every((cycle) => !('estimated' in cycle))).toBe(true);
    expect(plain.summary.notes.join()).toContain('No lithium inventory is estimated: nothing is known of the cell');
    const withCell = await replay(arbinFile!, { recorded: { cell } });
    expect(withCell.relaxations).toEqual(plain.relaxations);
    expect(withCell.cycles.map(({ estimated: _, ...cycle }) => cycle)).toEqual(plain.cycles);
  },
);

describe('picture', () => {
  const measured: Omit<ReplayedCycle, 'n' | 'estimated'> = {
    ...{ charge_mAh: 1000, discharge_mAh: 995, ce_pct: 99.5, chargeEnergy_mWh: 0, dischargeEnergy_mWh: 0 },
    ...{ fileCharge_mAh: null, fileDischarge_mAh: null, etaFast_mV: null, etaConc_mV: null },
    ...{ etaUncertainty_mV: null, etaConcUncertainty_mV: null },
    ...{ rests: 2, warnings: [] },
  };
  const cycleOf = (n: number, lambda_mAh: number | null): ReplayedCycle => ({
    ...measured,
    n,
    estimated: {
      ...{ etaConc_mV: 50, etaConcSigma_mV: 5, cathode_mAh: 1100, ce_pct: 99.5, limitingCurrent_mA: 5000 },
      ...{ lambda_mAh, lambdaSigma_mAh: lambda_mAh === null ? null : 3 },
      lithium_mAh:
        lambda_mAh === null
          ? { active: null, residual: null, isolated: null, dead: null, sei: null }
          : { active: 30, residual: 28, isolated: 20, dead: 10, sei: lambda_mAh - 60 },
      sigma_mAh: { active: 8, residual: 8, isolated: 5, dead: 2, sei: 5 },
      why: {},
    },
  });

  test('the stack adds up to lambda, and a cycle that is not known leaves a gap', () => {
    expect(isWhole(replayEstimatesPicture([1, 2, 3, 4, 5].map((n) => cycleOf(n, n === 3 ? null : 120 + n))))).toBe(
      true,
    );
    const parts = ['SEI', 'Dead', 'Isolated', 'Residual', 'Other active'];
    const runs = series().filter(({ name }) => name === 'SEI');
    expect(runs.map((run) => (values(run) as [number, number][]).map(([n]) => n))).toEqual([
      [1, 2],
      [4, 5],
    ]);
    const heights = parts.map((part) => (values(seriesNamed(part)) as [number, number][])[1]![1]);
    expect(heights.reduce((sum, height) => sum + height)).toBeCloseTo(122, 9);
    const lines = series().filter(({ name }) => name === 'Concentration, mean of discharge');
    expect(lines.map((line) => values(line).length)).toEqual([5]);
  });

  test('a panel of which nothing is known is left out', () => {
    const onlyEta = texts(replayEstimatesPicture([1, 2].map((n) => cycleOf(n, null))));
    expect(onlyEta).toEqual(expect.arrayContaining(['Overpotential / mV', 'Cycle number']));
    expect(onlyEta).not.toContain('Lithium / mAh');
    const noEta = [1, 2].map((n) => cycleOf(n, 120 + n));
    for (const { estimated } of noEta) estimated!.etaConc_mV = null;
    const onlyLithium = replayEstimatesPicture(noEta);
    expect(isWhole(onlyLithium)).toBe(true);
    expect(texts(onlyLithium)).toEqual(expect.arrayContaining(['Lithium / mAh', 'Cycle number', 'SEI']));
    expect(texts(onlyLithium)).not.toContain('Overpotential / mV');
  });

  test('a single cycle is a column and a point', () => {
    expect(isWhole(replayEstimatesPicture([cycleOf(1, 120)]))).toBe(true);
    expect(values(seriesNamed('SEI'))).toEqual([
      [0.85, 60],
      [1.15, 60],
    ]);
  });
});

describe('command line', () => {
  test('--cell: a second table, estimates.csv and a picture', async () => {
    const file = bdf(sparse(10));
    const out = path.join(path.dirname(file), 'out');
    const outcome = await cli(['replay', file, '--cell', cell, '--out', out], { replay });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toContain('Estimated by the firmware for afl-l1, 333 cm2, 999 mAh');
    expect(outcome.stdout).toMatch(/\n +3 +\d+\.\d \+- \d+\.\d +\d+\.\d \+- \d+\.\d /);
    const files = fs.readdirSync(out);
    expect(files).toEqual(expect.arrayContaining(['estimates.csv', 'estimates.svg', 'estimates.png', 'cycles.csv']));
    const lines = fs.readFileSync(path.join(out, 'estimates.csv'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(
      /^n,etaConc_mV,etaConcSigma_mV,lambda_mAh,lambdaSigma_mAh,.*,ce_pct,limitingCurrent_mA,why$/,
    );
    expect(fs.readFileSync(path.join(out, 'cycles.csv'), 'utf8').split('\n')[0]).not.toContain('estimated');
    const svg = fs.readFileSync(path.join(out, 'estimates.svg'), 'utf8');
    for (const words of ['Concentration, mean of discharge', 'SEI', 'Isolated', 'All, measured, with 95 % interval'])
      expect(svg).toContain(words);
  });

  test('a column that no cycle fills is left out, and a table of none is one line', async () => {
    // Without formation, and without the rests after the charges.
    const rows = sparse(10).filter((row) => Number(row.split(',')[3]) > 0);
    const [times_s, currents_A] = [0, 2].map((k) => rows.map((row) => Number(row.split(',')[k])));
    let after = 'discharge';
    let left_s = 0;
    const without = rows.flatMap((row, k) => {
      if (Math.abs(currents_A![k]!) > 0.1) after = currents_A![k]! > 0 ? 'charge' : 'discharge';
      else if (after === 'charge') {
        left_s += times_s![k]! - times_s![k - 1]!;
        return [];
      }
      return [withColumns(row, (cells) => (cells[0] = String(times_s![k]! - left_s)))];
    });
    const outcome = await cli(['replay', bdf(without), '--cell', cell], { replay });
    expect(outcome.stdout).toContain('lambda, cathode, lithium pools: no rest of at least 120 s after the charge');
    const afl = await cli(['replay', bdf(rows.slice(0, 2000)), '--cell', 'homs-lfp', '--area', '1e5'], { replay });
    expect(afl.stdout).toMatch(/mAh\n\nNothing is known of any cycle:\nnot known in cycles 1 and 2/);
    expect(afl.stdout).toMatch(/cut-off voltages of the cell \(2\.5 to 3\.8 V; this file: \d\.\d\d to 4\.\d\d V\)/);
  });

  test('--area and --temperature are refused without --cell', async () => {
    for (const option of ['--area', '--temperature']) {
      const outcome = await cli(['replay', 'm.csv', option, '20']);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toContain(`${option}: says nothing without --cell; allowed: together with --cell`);
    }
  });
});
