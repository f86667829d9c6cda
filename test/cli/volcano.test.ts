import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VolcanoOptions } from '../../sim/results/types';
import { cli, steeredVolcanoOf, volcanoOf } from './harness';

let directory: string;
beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-cli-'))));
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

describe('volcano', () => {
  const volcano = (options: VolcanoOptions) => Promise.resolve(volcanoOf(options.cell));

  it('shows model and paper side by side and marks the longest lifespan', async () => {
    const { stdout } = await cli(['volcano'], { volcano });
    expect(stdout).toContain('doi:10.1002/adma.202503582');
    expect(stdout).toMatch(/^rate +model +PAPER +model +PAPER +model +PAPER/m);
    expect(stdout).toMatch(/^ *1C +52\.4 +53 +68\.7 +68\.8 +99\.50 +99\.59 .*<- longest lifespan$/m);
    expect(stdout).toMatch(/^ *3C +0\.0 +- +- +27\.7 /m);
    expect(stdout).toContain("retention: of each run's own first discharge");
  });

  it('shows the runs that chose their rate with its mean, and compares them with no paper', async () => {
    const { stdout } = await cli(['volcano'], { volcano: ({ cell }) => Promise.resolve(steeredVolcanoOf(cell)) });
    expect(stdout).toMatch(/^ *adaptive 1\.44C +57\.5 +- +68\.7 +- +99\.50 +- +60\.4 +150$/m);
    expect(stdout).toMatch(/^ *adaptive\+tail 1\.45C +- +- /m);
    expect(stdout).toMatch(/^ *adaptive\+taper 0\.84C +65\.0 /m);
    expect(stdout).toMatch(/^ *1C .*<- longest lifespan at a fixed rate$/m);
    expect(stdout).toContain("the model's discharges have 4 interrupts of ten seconds, the paper's had none");
  });

  it('says which rates outlived the test where none can be marked for it', async () => {
    const known = volcanoOf('afl-l1');
    const points = known.points.map((point) => (point.rate_C < 2 ? { ...point, cyclesTo80: null } : point));
    const { stdout } = await cli(['volcano'], { volcano: async () => ({ ...known, points, optimum_C: null }) });
    expect(stdout).toMatch(/^which fixed rate lives longest is not known: 0\.5C, 1C outlived the test/m);
    expect(stdout).not.toContain('<-');
  });

  it.each([
    ['volcano', ['fixed', 'adaptive', 'adaptive+tail', 'adaptive+taper'], [0.5, 1, 2, 3]],
    ['volcano --strategies adaptive', ['adaptive'], []],
    ['volcano --strategies adaptive,fixed --rates 2', ['adaptive', 'fixed'], [2]],
    ['volcano --direct --cooling 0.1', ['fixed'], [0.5, 1, 2, 3]],
    ['volcano --cell afl-l1-half --direct', ['fixed'], [0.5, 1, 2, 3]],
  ])('%s runs %j', async (line, strategies, rates_C) => {
    let seen: VolcanoOptions | undefined;
    await cli(line.split(' '), {
      volcano: (options) => {
        seen = options;
        return volcano(options);
      },
    });
    expect(seen).toMatchObject({ strategies, rates_C, interrupts: 4 });
  });

  it('counts the runs that were asked for when it is stopped', async () => {
    const stop = new AbortController();
    const outcome = await cli(
      ['volcano'],
      {
        volcano: (options) => {
          stop.abort();
          return volcano(options);
        },
      },
      stop.signal,
    );
    expect(outcome.code).toBe(130);
    expect(outcome.stderr).toContain('after 4 of 7 runs');
  });

  it('says when the mean efficiencies are over different numbers of cycles', async () => {
    expect((await cli(['volcano', '--cycles', '60'], { volcano })).stdout).toContain(
      'model over 60 cycles, paper over 100',
    );
    expect((await cli(['volcano'], { volcano })).stdout).not.toContain('paper over 100');
  });

  it('says nothing of interrupts where there are none', async () => {
    expect((await cli(['volcano', '--interrupts', '0'], { volcano })).stdout).not.toContain('interrupts');
  });

  it('has no paper columns for a cell that the paper does not have', async () => {
    const file = path.join(directory, 'own.json');
    fs.writeFileSync(file, JSON.stringify({ basedOn: 'afl-l1', name: 'own', title: 'Own', source: 'test' }));
    const { stdout, code } = await cli(['volcano', '--cell', file], {
      volcano: () => Promise.resolve(volcanoOf('own')),
    });
    expect(code).toBe(0);
    expect(stdout).not.toContain('PAPER');
  });

  it('--json is one document', async () => {
    const { stdout, stderr } = await cli(['volcano', '--json', '--rates', '3,1'], { volcano });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(volcanoOf('afl-l1'));
  });

  it('writes picture and data and says where', async () => {
    const out = path.join(directory, 'v');
    const { stdout } = await cli(['volcano', '--out', out], { volcano });
    expect(stdout).toContain(`${out}/volcano.png`);
    expect(fs.readdirSync(out).sort()).toEqual([
      'config.json',
      'result.json',
      'retention.png',
      'retention.svg',
      'volcano.csv',
      'volcano.png',
      'volcano.svg',
    ]);
    expect(fs.readFileSync(path.join(out, 'volcano.csv'), 'utf8').split('\n')[4]).toBe('fixed,3,60,0,8,,99.5,150,300');
  });
});
