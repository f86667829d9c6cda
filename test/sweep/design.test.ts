/** From a design to its runs: what is refused, and that every run is a function of its number alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDesign, readDesign } from '../../sim/sweep/design/readDesign';
import { runsOf } from '../../sim/sweep/design/runs';
import { createCampaign } from '../../sim/sweep/engine/campaign';

const check = (json: unknown): Promise<void> =>
  createCampaign({ kind: 'design', design: checkDesign(json, 'x.yaml') }).check();
const design = (json: unknown) => checkDesign(json, 'x.yaml');

describe('a refusal names field, value and what is allowed', () => {
  it.each([
    [
      { gird: {} },
      'x.yaml: unknown field "gird"; allowed: name, seed, run, grid, sample, repeats, cycles, timeLimit_s',
    ],
    [[], 'x.yaml: the design is []; allowed: '],
    [{ seed: -1 }, 'x.yaml: seed is -1; allowed: a whole number from 0 to 4294967295'],
    [{ run: { temperature_C: 80 } }, 'x.yaml: run.temperature_C is 80; allowed: a number from -20 to 60 degC'],
    [
      { grid: { temperature_C: [20, '30'] } },
      'x.yaml: grid.temperature_C[1] is "30"; allowed: a number from -20 to 60 degC',
    ],
    [{ grid: { policy: ['1C', 'adaptve'] } }, 'x.yaml: grid.policy[1] is "adaptve"; allowed: a rate such as 1C'],
    [{ grid: { policy: ['99C'] } }, 'x.yaml: grid.policy[0] is "99C"; allowed: a rate such as 1C'],
    [
      { grid: [{ cell: 'afl-l1' }, { celll: 'afl-l1' }] },
      'x.yaml: unknown field "grid[1].celll"; allowed: cell, policy',
    ],
    [{ repeats: 0 }, 'x.yaml: repeats is 0; allowed: a whole number from 1'],
    [
      { sample: { method: 'lhs', points: 5, of: { temperature_C: { from: 0, to: 1 } } } },
      'x.yaml: sample.method is "lhs"; allowed: random, latin-hypercube, sobol, saltelli, morris',
    ],
    [
      { sample: { method: 'sobol', points: 5, of: { temperature_C: { from: 0, to: 90 } } } },
      'x.yaml: sample.of.temperature_C is {"from":0,"to":90}; allowed: a number from -20 to 60 degC; this one goes from 0 to 90',
    ],
    [
      { sample: { method: 'sobol', points: 5, of: { seiYield: { from: 0, to: 1 } } } },
      'x.yaml: sample.of.seiYield is {"from":0,"to":1}; allowed: one of temperature_C',
    ],
    [
      { sample: { method: 'sobol', points: 5, of: { cycles: { from: 1, to: 100 } } } },
      'x.yaml: sample.of.cycles is {"from":1,"to":100}; allowed: in run or grid',
    ],
    [{ run: { cell: 'afl-l3' } }, 'cell "afl-l3" is unknown; allowed: afl-l1'],
    [{ run: { policy: '1C', discharge_C: 1 } }, 'policy and discharge_C are both given; allowed: one of them'],
    [
      { grid: { cell: ['afl-l1-half'], policy: ['adaptive'] } },
      'adaptive is not possible on the half cell "afl-l1-half"',
    ],
    [{ grid: { fault: ['any'], mission: ['evtol'] } }, 'mission and fault are both given; allowed: one of them'],
    [{ grid: { fault: ['any'], policy: ['1C'] } }, 'policy has no effect on a fault run; allowed: cell, fault'],
    [{ run: { mission: 'evtol', charge_C: 1 } }, 'run.charge_C has no effect on any run; allowed: cell, mission'],
    [{ grid: { mission: ['moon'] } }, 'mission "moon"'],
    [
      { sample: { method: 'saltelli', points: 8, of: { temperature_C: { from: 0, to: 40 } } }, run: { mismatch: 0.1 } },
      'sample.method is saltelli and mismatch is given; allowed: none',
    ],
    [
      { repeats: 999999999, grid: { temperature_C: [1, 2, 3] } },
      'the design has 2999999997 runs; allowed: up to 2147483647',
    ],
  ])('%j', async (json, message) => {
    const error = await (async () => check(json))().catch((problem: Error) => problem);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).not.toContain('\n');
  });

  it('a file that is not there, or not YAML', () => {
    expect(() => readDesign('/nowhere.yaml')).toThrow('the design /nowhere.yaml cannot be read: ENOENT');
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'caldera-design-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("travel with the design: a cell of the user's own runs where its file is not", async () => {
    const own = {
      basedOn: 'afl-l1',
      name: 'mine',
      title: 't',
      source: 's',
      parameters: { assumed: { seiYield: 0.001 } },
    };
    writeFileSync(join(folder, 'mine.json'), JSON.stringify(own));
    writeFileSync(join(folder, 'design.yaml'), 'run: { cell: mine.json, cycles: 2 }');
    const read = readDesign(join(folder, 'design.yaml'));
    rmSync(join(folder, 'mine.json'));
    const campaign = createCampaign({ kind: 'design', design: read });
    await campaign.check();
    const builtIn = createCampaign({ kind: 'design', design: design({ run: { cycles: 2 } }) });
    const column = campaign.columns.findIndex(({ name }) => name === 'averageCe_pct');
    const ce = async (of: typeof campaign): Promise<number> => (await of.run(0)).row[column] as number;
    expect(await ce(campaign)).not.toBeCloseTo(await ce(builtIn), 3);
  });

  it('a mistake in YAML is one line', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'run: {cell: [}');
    expect(() => readDesign(join(folder, 'bad.yaml'))).toThrow(/bad\.yaml: not YAML or JSON: .*line 1/);
  });
});

const large = design({
  seed: 5,
  grid: [
    { cell: ['afl-l1', 'afl-l2'], policy: ['1C', '2C', 'adaptive'] },
    { cell: ['homs-lfp'], temperature_C: [0, 40] },
  ],
  sample: { method: 'latin-hypercube', points: 50, of: { charge_C: { from: 0.1, to: 0.5 } } },
  repeats: 3,
});

describe('runs', () => {
  it('every combination of the grid meets every point and specimen once', () => {
    const runs = runsOf(large);
    expect(runs.count).toBe(8 * 50 * 3);
    const seen = new Set(
      Array.from({ length: runs.count }, (_, n) => {
        const { values, point, repeat } = runs.at(n);
        return [values.cell, values.policy, values.temperature_C, point, repeat].join();
      }),
    );
    expect(seen.size).toBe(runs.count);
  });

  it('runs of one specimen share sampled values and seed, others do not', () => {
    const runs = runsOf(large);
    const [first, second, other] = [runs.at(0), runs.at(1), runs.at(8)];
    expect(second.seed).toBe(first.seed);
    expect(second.values.charge_C).toBe(first.values.charge_C);
    expect(other.seed).not.toBe(first.seed);
  });

  it('a run is the same whenever it is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1199), { minLength: 2, maxLength: 20 }), (numbers) => {
        const one = runsOf(large);
        const forward = numbers.map((n) => one.at(n));
        const other = runsOf(large);
        const backward = [...numbers].reverse().map((n) => other.at(n));
        expect(backward.reverse()).toEqual(forward);
      }),
      { numRuns: 50 },
    );
  });

  it('a thousand million runs cost no memory', () => {
    const runs = runsOf(design({ sample: { ...large.sample, points: 1e9 } }));
    expect(runs.count).toBe(1e9);
    const { charge_C } = runs.at(999_999_999).values as { charge_C: number };
    expect(charge_C).toBeGreaterThan(0.1);
    expect(charge_C).toBeLessThan(0.5);
  });
});

describe('kinds of run', () => {
  const run = async (json: unknown, n: number): Promise<Record<string, unknown>> => {
    const campaign = createCampaign({ kind: 'design', design: design(json) });
    await campaign.check();
    const { row } = await campaign.run(n);
    return Object.fromEntries(campaign.columns.map(({ name }, k) => [name, row[k]]));
  };

  it('missions fly until one fails', async () => {
    const row = await run({ run: { mission: 'multirotor', missions: 3 }, grid: { advice: [true, false] } }, 1);
    expect(row).toMatchObject({ advice: false, missionsFlown: 3, failedPhase: null, setAside: null });
  });

  it('faults are found and judged', async () => {
    const json = { grid: { fault: ['clean', 'OverVoltage'], cell: ['afl-l1'] }, repeats: 6 };
    expect(await run(json, 0)).toMatchObject({ faultCase: 'clean', violations: null, falseTrips: null });
    expect(await run(json, 1)).toMatchObject({ fault: 'OverVoltage', setAside: null });
  });

  it('a changed parameter changes the cell as one in its file would', async () => {
    const json = { run: { cycles: 3 }, grid: { 'times.formationSei_mAh_cm2': [1, 2] } };
    const [same, more] = [await run(json, 0), await run(json, 1)];
    expect(more.sei_mAh as number).toBeGreaterThan(1.5 * (same.sei_mAh as number));
  });
});
