import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulateOptions } from '../../sim/results/types';
import { reasonText } from '../../firmware/steer/explain';
import { Reason, Recovery } from '../../firmware/steer/steering';
import { cli, simulated, steered, words } from './harness';

let directory: string;
beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-cli-'))));
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

describe('simulate', () => {
  it('passes the options on', async () => {
    let seen: SimulateOptions | undefined;
    const line =
      'simulate --cell afl-l2 --discharge 2C --charge 0.1C --cycles 7 --temperature -10 --direct --seed 9 --until-retention 80' +
      ' --interrupts 3 --slow-strip-every 5 --mismatch 0.1';
    await cli(line.split(' '), {
      simulate: (options) => {
        seen = options;
        return Promise.resolve(simulated(2));
      },
    });
    expect(seen).toEqual({
      cell: 'afl-l2',
      plant: 'reduced',
      discharge_C: 2,
      charge_C: 0.1,
      cycles: 7,
      temperature_C: -10,
      direct: true,
      seed: 9,
      untilRetention_pct: 80,
      interrupts: 3,
      slowStripEvery: 5,
      mismatch: 0.1,
      sampleEvery_s: null,
    });
  });

  it('passes a strategy on, with what it may do and what the firmware is told', async () => {
    let seen: SimulateOptions | undefined;
    const line =
      'simulate --cell afl-l2 --told afl-l1 --discharge adaptive+tail --slowest 0.3C --recovery-minutes 25 --json';
    await cli(line.split(' '), {
      simulate: (options) => {
        seen = options;
        return Promise.resolve(steered(2));
      },
    });
    expect(seen).toMatchObject({
      cell: 'afl-l2',
      told: 'afl-l1',
      strategy: 'adaptive+tail',
      discharge_C: null,
      slowest_C: 0.3,
      recovery_min: 25,
      interrupts: 4,
    });
  });

  it('of a steered run shows rate, action and recovery, and says why', async () => {
    const out = path.join(directory, 'r');
    const args = ['simulate', '--discharge', 'adaptive+tail', '--out', out];
    const { stdout } = await cli(args, { simulate: () => Promise.resolve(steered(20)) });
    expect(stdout).toMatch(/^afl-l1 at adaptive\+tail discharge/);
    expect(stdout).toMatch(new RegExp(`^ +1 +1\\.59C .* ${words(Reason.Prior)}$`, 'm'));
    expect(stdout).toMatch(
      new RegExp(`^ +20 +1\\.40C +940\\.0 +935\\.0 +4\\.0 .* ${words(Reason.Faster, Recovery.Tail)}$`, 'm'),
    );
    expect(stdout).toMatch(/recovery after discharges, all cycles +220 min in 11 of 20 cycles/);
    expect(stdout).toContain(`${words(Reason.Faster)}  `);
    expect(stdout).toContain(reasonText(Reason.Faster));
    expect(stdout).not.toContain(reasonText(Reason.Tapered));
    const { options } = JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8'));
    expect(options).toMatchObject({ strategy: 'adaptive+tail', discharge_C: null, interrupts: 4 });
    expect(fs.existsSync(path.join(out, 'steering.png'))).toBe(true);
    const [head, ...rows] = fs.readFileSync(path.join(out, 'cycles.csv'), 'utf8').trim().split('\n');
    const recovery = head!.split(',').indexOf('recovery_s');
    // Actions are quoted where they hold a comma; the column comes after them.
    expect(rows.map((row) => Number(row.replaceAll(/"[^"]*"/g, '').split(',')[recovery]))).toEqual(
      Array.from({ length: 20 }, (_, k) => (k + 1 < 10 ? 0 : 1200)),
    );
  });

  it('of a run at a fixed rate shows neither', async () => {
    const out = path.join(directory, 'r');
    const { stdout } = await cli(['simulate', '--out', out], { simulate: () => Promise.resolve(simulated(20)) });
    expect(stdout).not.toMatch(/action|Why the rate|recovery/);
    expect(fs.existsSync(path.join(out, 'steering.svg'))).toBe(false);
  });

  it.each(['adaptive', 'adaptive+tail', 'adaptive+taper'])('--help says what %s costs', async (strategy) => {
    const { stdout } = await cli(['simulate', '--help']);
    expect(stdout).toContain(`  ${strategy} `);
    expect(stdout).toMatch(/up to --recovery-minutes\s+more a cycle, used only where the cell shows that it pays/);
    expect(stdout).toMatch(/lithium is burnt faster, so the check-up life is shorter/);
  });

  it.each([
    ['', true],
    ['--mismatch 0.2', false],
    ['--told afl-l2', false],
    ['--plant detailed', false],
  ])('says of estimates that the firmware was told this very cell: %s %s', async (more, told) => {
    const out = path.join(directory, 'r');
    const result = steered(3);
    for (const cycle of result.cycles) cycle.lambdaEstimated_mAh = 120;
    const line = `simulate --discharge adaptive --out ${out} ${more}`.trim();
    const { stdout } = await cli(line.split(' '), { simulate: () => Promise.resolve(result) });
    expect(stdout.includes('told this very cell')).toBe(told);
    expect(fs.readFileSync(path.join(out, 'estimates.svg'), 'utf8').includes('told this very cell')).toBe(told);
  });

  it('--json is one document and nothing else, with or without --out', async () => {
    for (const more of [[], ['--out', path.join(directory, 'r')]]) {
      const outcome = await cli(['simulate', '--json', ...more], { simulate: () => Promise.resolve(simulated(3)) });
      expect(outcome.code).toBe(0);
      expect(outcome.stderr).toBe('');
      expect(JSON.parse(outcome.stdout)).toEqual(simulated(3));
    }
  });

  it('prints a table with units and the summary', async () => {
    const { stdout } = await cli(['simulate'], { simulate: () => Promise.resolve(simulated(60)) });
    expect(stdout).toMatch(/retention +CE +eta_conc/);
    expect(stdout).toMatch(/^ *60 +820\.0 +815\.0 +82\.2 +99\.50 /m);
    expect(stdout).toContain('52.4 cycles');
    expect(stdout).toMatch(/check-up life.* - cycles/);
  });

  it('writes a result folder with the time series in BDF, charge positive', async () => {
    const out = path.join(directory, 'r');
    const outcome = await cli(['simulate', '--out', out], {
      simulate: (options, _progress, _signal, onSample) => {
        expect(options.sampleEvery_s).toBeGreaterThan(0);
        const row = { time_s: 0, cycle: 1, step: 1, voltage_V: 4.2, current_A: 0, temperature_C: 25 };
        onSample!(row);
        onSample!({ ...row, time_s: 30, step: 2, current_A: -0.2 });
        for (let i = 0; i < 20; i++)
          onSample!({ ...row, time_s: 60 + 30 * i, step: 3, current_A: 1.5, voltage_V: 4 - i / 20 });
        return Promise.resolve(simulated(3));
      },
    });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toContain(out);
    const series = fs.readFileSync(path.join(out, 'timeseries.bdf.csv'), 'utf8').split('\n');
    expect(series[0]).toBe(
      'Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1,Surface Temperature T1 / degC',
    );
    expect(series[1]).toBe('0,4.2,0,1,1,25');
    expect(series[2]).toBe('30,4.2,0.2,1,2,25');
    expect(series[3]).toBe('60,4,-1.5,1,3,25');
    const config = JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8'));
    expect(config).toMatchObject({ madeBy: 'caldera', command: 'simulate', interrupted: false, options: { seed: 1 } });
    expect(config.profile.name).toBe('afl-l1');
    expect([...config.files].sort()).toEqual(fs.readdirSync(out).sort());
    expect(JSON.parse(fs.readFileSync(path.join(out, 'result.json'), 'utf8'))).toEqual(simulated(3));
    expect(fs.readFileSync(path.join(out, 'voltage.svg'), 'utf8')).toContain('Cycle 1');
  });

  it('keeps the finished cycles when stopped, exit 130', async () => {
    const stop = new AbortController();
    const out = path.join(directory, 'r');
    const simulate = () => {
      stop.abort();
      return Promise.resolve(simulated(4));
    };
    const outcome = await cli(['simulate', '--json', '--out', out], { simulate }, stop.signal);
    expect(outcome.code).toBe(130);
    expect(JSON.parse(outcome.stdout).cycles).toHaveLength(4);
    expect(outcome.stderr).toContain('after 4 of 100 cycles');
    expect(JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8')).interrupted).toBe(true);
  });

  it('exits 1 and says why when the run ended early', async () => {
    const result = simulated(4);
    result.summary.stopped = 'cycle 5: the firmware opened its switches: over-voltage';
    const outcome = await cli(['simulate', '--json'], { simulate: () => Promise.resolve(result) });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain('cycle 5: the firmware opened its switches');
    expect(JSON.parse(outcome.stdout).cycles).toHaveLength(4);
  });

  it('writes nothing when stopped before the first cycle has finished', async () => {
    const stop = new AbortController();
    const simulate = () => {
      stop.abort();
      return Promise.resolve(simulated(0));
    };
    const outcome = await cli(['simulate', '--out', path.join(directory, 'r')], { simulate }, stop.signal);
    expect(outcome).toMatchObject({ code: 130, stdout: '' });
    expect(fs.readdirSync(directory)).toEqual([]);
  });
});
