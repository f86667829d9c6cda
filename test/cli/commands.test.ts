import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { loadProfile } from '../../sim/profiles/profile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioResult } from '../../sim/hil/target';
import type { SimulateOptions, VolcanoOptions } from '../../sim/results/types';
import { reasonText } from '../../firmware/steer/explain';
import { Reason, Recovery } from '../../firmware/steer/steering';
import { InputError, cli, simulated, steered, steeredVolcanoOf, volcanoOf, words, type Outcome } from './harness';

let directory: string;
beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-cli-'))));
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

function expectOneLineError(outcome: Outcome, ...parts: string[]): void {
  expect(outcome.stderr).toMatch(/^caldera: error: [^\n]+\n$/);
  for (const part of parts) expect(outcome.stderr).toContain(part);
  expect(outcome.stdout).toBe('');
}

describe('wrong input: one line on stderr, exit 2', () => {
  it.each([
    ['simulate --discharge -1C', "--discharge: '-1C'", 'from 0.01C to 20C'],
    ['simulate --discharge=-1C', "--discharge: '-1C'", 'from 0.01C to 20C'],
    ['simulate --discharge abc', "'abc'", 'such as 1C'],
    ['simulate --discharge adaptiv', 'adaptiv', 'such as 1C or 0.5C, or adaptive, adaptive+tail, adaptive+taper'],
    ['simulate --slowest 0.5C', '--slowest', 'fixed rate'],
    ['simulate --discharge adaptive --slowest 4C', "--slowest: '4C'", '3C'],
    ['simulate --discharge adaptive --recovery-minutes 20', '--recovery-minutes', 'adaptive+tail'],
    ['simulate --discharge adaptive+tail --recovery-minutes 241', "'241'", '240 min'],
    ['simulate --told nonesuch', 'nonesuch', 'afl-l1'],
    ['simulate --cell nonesuch', 'nonesuch', 'afl-l1'],
    ['simulate --cell missing.json', 'missing.json', 'cannot be read'],
    ['simulate --temperature 200', '200', '60 degC'],
    ['simulate --cycles 0', "--cycles: '0'", '100000'],
    ['simulate --cycles', '--cycles', 'argument missing', 'usage:'],
    ['simulate --mission evtol --discharge 2C', '--discharge has no effect with --mission', '--cell'],
    ['simulate --no-advice', '--no-advice', '--mission'],
    ['simulate --cels afl-l1', 'Did you mean --cell?', '--temperature'],
    ['simulate extra', 'too many arguments', 'usage:'],
    ['volcano --rates 1,abc', "'abc'"],
    ['volcano --threads 0', '--threads'],
    ['volcano --strategies adaptiv', 'adaptiv', 'fixed, adaptive, adaptive+tail, adaptive+taper'],
    ['volcano --strategies adaptive --rates 1', '--rates', 'fixed'],
    ['volcano --strategies fixed --slowest 1C', '--slowest', 'adaptive'],
    ['volcan', "unknown command 'volcan'", 'Did you mean volcano?', 'allowed: simulate, volcano'],
    ['cells bogus', 'allowed: list, show, check'],
    ['cells show', 'missing required argument'],
    ['cells show nonesuch', 'nonesuch', 'afl-l1'],
    ['cells check afl-l1', 'FILE.json'],
    ['replay', 'missing required argument'],
    ['build --board', 'argument missing'],
  ])('%s', async (line, ...parts) => {
    const outcome = await cli(line.split(' '));
    expect(outcome.code).toBe(2);
    expectOneLineError(outcome, ...parts);
  });

  it('an empty value', async () => {
    expectOneLineError(await cli(['simulate', '--discharge', '']), "--discharge: ''");
    expectOneLineError(await cli(['simulate', '--out', '']), "--out: ''");
  });

  it('an --out that is a file is refused before the work begins', async () => {
    const file = path.join(directory, 'file');
    fs.writeFileSync(file, 'mine');
    for (const out of [file, path.join(file, 'below')]) {
      const outcome = await cli(['simulate', '--out', out]);
      expect(outcome.code).toBe(2);
      expectOneLineError(outcome, '--out', out, 'a file is in the way');
    }
    expect(fs.readFileSync(file, 'utf8')).toBe('mine');
  });

  it('an InputError of the work leaves no folder behind', async () => {
    const out = path.join(directory, 'a', 'b');
    const outcome = await cli(['replay', 'x.csv', '--out', out], {
      replay: () => Promise.reject(new InputError('x.csv: column Current is missing')),
    });
    expect(outcome.code).toBe(2);
    expectOneLineError(outcome, 'x.csv: column Current is missing');
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('no command at all shows the help', async () => {
    const outcome = await cli([]);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr).toContain('Usage: caldera');
  });
});

describe('other outcomes', () => {
  it('an unexpected error is one line and exit 1', async () => {
    const outcome = await cli(['simulate'], { simulate: () => Promise.reject(new Error('solver\nbroke')) });
    expect(outcome.code).toBe(1);
    expectOneLineError(outcome, 'solver broke');
  });

  it.each([
    'simulate',
    'volcano',
    'cells',
    'cells list',
    'cells show',
    'cells check',
    'replay',
    'build',
    'hil',
    'doctor',
  ])('%s --help has an example', async (command) => {
    const outcome = await cli([...command.split(' '), '--help']);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toBe('');
    expect(outcome.stdout).toMatch(new RegExp(`Examples?:\\n  caldera ${command}`));
  });

  it('--version', async () => {
    expect(await cli(['--version'])).toMatchObject({ code: 0, stderr: '' });
  });
});

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

describe('volcano', () => {
  const volcano = (options: VolcanoOptions) => Promise.resolve(volcanoOf(options.cell));

  it('shows model and paper side by side and marks the longest lifespan', async () => {
    const { stdout } = await cli(['volcano'], { volcano });
    expect(stdout).toContain('doi:10.1002/adma.202503582');
    expect(stdout).toMatch(/^rate +model +PAPER +model +PAPER +model +PAPER/m);
    expect(stdout).toMatch(/^ *1C +52\.4 +53 +68\.7 +68\.8 +99\.50 +99\.59 .*<- longest lifespan$/m);
    expect(stdout).toMatch(/^ *3C +0\.0 +- +- +27\.7 /m);
  });

  it('shows the runs that chose their rate with its mean, and compares them with no paper', async () => {
    const { stdout } = await cli(['volcano'], { volcano: ({ cell }) => Promise.resolve(steeredVolcanoOf(cell)) });
    expect(stdout).toMatch(/^ *adaptive 1\.44C +57\.5 +- +68\.7 +- +99\.50 +- +60\.4 +150$/m);
    expect(stdout).toMatch(/^ *adaptive\+tail 1\.45C +- +- /m);
    expect(stdout).toMatch(/^ *adaptive\+taper 0\.84C +65\.0 /m);
    expect(stdout).toMatch(/^ *1C .*<- longest lifespan at a fixed rate$/m);
    expect(stdout).toContain("the model's discharges have 4 interrupts of ten seconds, the paper's had none");
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
    expect(fs.readFileSync(path.join(out, 'volcano.csv'), 'utf8').split('\n')[4]).toBe('fixed,3,0,8,,99.5,150,300');
  });
});

describe('cells, doctor, build and hil', () => {
  it('cells lists and explains, also as JSON', async () => {
    expect((await cli(['cells'])).stdout).toContain('afl-l2');
    const { cells } = JSON.parse((await cli(['cells', '--json'])).stdout);
    expect(cells[0]).toMatchObject({ name: 'afl-l1', area_cm2: 333, capacity_mAh: 999 });
    const shown = JSON.parse((await cli(['cells', 'show', 'afl-l1', '--json'])).stdout);
    expect(shown.parameters).toContainEqual(
      expect.objectContaining({ symbol: 'ilim', value: loadProfile('afl-l1').parameters.ilim, unit: 'mA/cm2' }),
    );
    expect((await cli(['cells', 'show', 'afl-l1'])).stdout).toContain('mA/cm2');
  });

  it('cells check accepts a valid file and refuses a negative parameter', async () => {
    const file = path.join(directory, 'own.json');
    const own = { basedOn: 'afl-l1', name: 'own', title: 'Own', source: 'test' };
    fs.writeFileSync(file, JSON.stringify(own));
    expect(JSON.parse((await cli(['cells', 'check', file, '--json'])).stdout)).toEqual({
      file,
      valid: true,
      name: 'own',
    });
    fs.writeFileSync(file, JSON.stringify({ ...own, parameters: { fitted: { limitingCurrent_mA_cm2: -1 } } }));
    const outcome = await cli(['cells', 'check', file]);
    expect(outcome.code).toBe(2);
    expectOneLineError(outcome, 'limitingCurrent_mA_cm2', '-1 mA/cm2', 'allowed');
  });

  it('doctor names what each part is needed for and how to get it', async () => {
    const before = process.env.ESPRUINO;
    process.env.ESPRUINO = path.join(directory, 'no-such-interpreter');
    try {
      const { stdout, code } = await cli(['doctor', '--json']);
      expect(code).toBe(0);
      const { checks } = JSON.parse(stdout) as { checks: { name: string; found: boolean; howToGet: string | null }[] };
      const interpreter = checks.find((check) => check.name.includes('interpreter'))!;
      expect(interpreter.found).toBe(false);
      expect(interpreter.howToGet).toContain('README_Building.md');
      expect(checks.filter((check) => check.found).map((check) => check.name)).toContain('PNG renderer and font');
    } finally {
      if (before === undefined) delete process.env.ESPRUINO;
      else process.env.ESPRUINO = before;
    }
  });

  it('build writes the boot code and each part, whole', async () => {
    const file = path.join(directory, 'new', 'cycler.js');
    const build = ({ board }: { board: string }) =>
      Promise.resolve({ board, version: '1.2.3', hash: '0123', code: 'var é=1', parts: { boot: 'part' }, names: {} });
    const { stdout } = await cli(['build', '--out', file, '--no-measure', '--json'], { build });
    const part = { name: 'boot', file: path.join(directory, 'new', 'boot.min.js'), bytes: 4 };
    const { board, version, hash, total, ...files } = JSON.parse(stdout);
    expect({ board, version, hash, total }).toEqual({ board: 'cycler', version: '1.2.3', hash: '0123', total: 12 });
    expect(files).toEqual({ file, bytes: 8, parts: [part] });
    expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(['boot.min.js', 'cycler.js']);
    expectOneLineError(await cli(['build', '--out', path.join(file, 'below')], { build }), '--out', 'ENOTDIR');
  });

  it('hil exits 1 when a scenario fails or none ran', async () => {
    const report = (passed: number, failed: number) => ({
      target: 'linux',
      interpreter: '2v29',
      scenarios: [scenarioResult({ name: 'cycle', ticks: 9, problem: failed === 0 ? undefined : 'it broke' })],
      memory: { usage: 900, total: 5000 },
      passed,
      failed,
    });
    const hil = (passed: number, failed: number) =>
      cli(['hil', '--espruino', 'x'], { hil: () => Promise.resolve(report(passed, failed)) });
    expect((await hil(1, 0)).code).toBe(0);
    expect((await hil(0, 1)).code).toBe(1);
    expect((await hil(0, 0)).code).toBe(1);
    expect((await hil(0, 1)).stdout).toContain('FAIL');
  });
});
