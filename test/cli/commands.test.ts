import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { loadProfile } from '../../sim/profiles/profile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioResult } from '../../sim/hil/target';
import { InputError, cli, type Outcome } from './harness';

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
    ['cells chek', "unknown command 'chek'", 'did you mean check?'],
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

describe('cells, doctor, build and hil', () => {
  it('cells lists and explains, also as JSON', async () => {
    expect((await cli(['cells'])).stdout).toContain('afl-l2');
    expect((await cli(['cells'])).stdout).toMatch(/^tri-salt-pouch +1000 +250 /m);
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
    const bigger = { area_cm2: 500, parameters: { taken: { capacity_mAh_cm2: 4, cathodeCapacity_mAh_cm2: 4.5 } } };
    fs.writeFileSync(file, JSON.stringify({ ...own, ...bigger }));
    expect((await cli(['cells', 'check', file])).stdout).toContain(
      'full cell, 2000 mAh, 500 cm2, 4 mAh/cm2, 3 to 4.3 V; parameters: 2 given, the others are those of afl-l1\n',
    );
    fs.writeFileSync(file, JSON.stringify({ ...own, parameters: { fitted: { limitingCurrent_mA_cm2: -1 } } }));
    const outcome = await cli(['cells', 'check', file]);
    expect(outcome.code).toBe(2);
    expectOneLineError(outcome, 'limitingCurrent_mA_cm2', '-1 mA/cm2', 'allowed');
  });

  it('doctor knows every package that may be missing', async () => {
    const { optionalDependencies } = JSON.parse(
      fs.readFileSync(path.join(__dirname, '../../package.json'), 'utf8'),
    ) as { optionalDependencies: Record<string, string> };
    const { checks } = JSON.parse((await cli(['doctor', '--json'])).stdout) as { checks: object[] };
    for (const name of Object.keys(optionalDependencies))
      expect(JSON.stringify(checks).toLowerCase()).toContain(name.replace(/^@|\/.*$/g, ''));
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
