import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './harness';

let folder = '';
beforeAll(() => void (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-config-'))));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const file = (name: string): string => path.join(folder, name);

/** A file made by init with a change. */
async function made(name: string, change: (json: Record<string, Record<string, unknown>>) => void): Promise<string> {
  const json = JSON.parse((await cli(['config', 'init'])).stdout);
  change(json);
  fs.writeFileSync(file(name), JSON.stringify(json));
  return file(name);
}

describe('config init', () => {
  it('writes a file that check accepts, once', async () => {
    const args = [
      'config',
      'init',
      '--board',
      'drone-6s',
      '--cells',
      '4',
      '--cell',
      'homs-lfp',
      '--out',
      file('quad.json'),
    ];
    expect((await cli(args)).code).toBe(0);
    const outcome = await cli(['config', 'check', file('quad.json')]);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toMatch(/drone-4s, a pack of 4 in series, cell homs-lfp/);
    const again = await cli(args);
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/--out: '.*quad\.json' exists; allowed: the name of a file that does not/);
  });

  it.each([
    [['--board', 'toaster'], /board "toaster" is unknown; allowed: cycler, drone-6s, or a FILE\.json/],
    [['--cell', 'afl-l1-half'], /--cell: 'afl-l1-half' is a half cell/],
    [['--cells', '4'], /--cells: '4' is not valid; allowed: 1 on a cycler channel/],
    [['--board', 'drone-6s', '--cells', '17'], /--cells: '17' is not valid; allowed: a whole number from 1 to 16/],
    [['--board', 'drone-6s', '--cells', '2'], /--cells: '2' is not valid; allowed: 3 to 16/],
    [['--out', '/dev/null/x.json'], /cannot be written/],
  ])('%j is refused', async (args, message) => {
    const outcome = await cli(['config', 'init', ...args]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stdout).toBe('');
  });
});

describe('config check', () => {
  it('shows what applies on the grid of the front end', async () => {
    const outcome = await cli(['config', 'check', 'drone-6s']);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toMatch(/cellOver_mV +4410 +4402\.2\n/);
    expect(outcome.stdout).toMatch(/Wi-Fi: off/);
    const { valid, thresholds } = JSON.parse((await cli(['config', 'check', 'drone-6s', '--json'])).stdout);
    expect(valid).toBe(true);
    expect(thresholds).toContainEqual({ name: 'cellOver_mV', wished: 4410, applies: 4402.2 });
  });

  it('says all that is wrong, a line each, and exits 2', async () => {
    const name = await made('wrong.json', (json) => {
      json.limits!.overVoltage_mV = 9000;
      json.board!.colour = 'red';
    });
    const outcome = await cli(['config', 'check', name]);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe('');
    expect(outcome.stderr.trim().split('\n')).toEqual([
      `caldera: error: ${name}: limits.overVoltage_mV is 9000 mV; allowed: 4300 to 4400 mV, for the cell afl-l1`,
      expect.stringMatching(/board\.colour is unknown; allowed: name, i2c, pins/),
    ]);
    const json = await cli(['config', 'check', name, '--json']);
    expect(json.code).toBe(2);
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: false, problems: [expect.any(String), expect.any(String)] });
  });

  it('says what the radio takes of the memory where it is on, and how late relays are', async () => {
    const name = await made('radio.json', (json) => {
      json.wifi = { ssid: 'lab', password: 'secret word', broker: '10.0.0.2' };
      json.board!.relay = { activeLow: true, time_ms: 15 };
    });
    const outcome = await cli(['config', 'check', name]);
    expect(outcome.stdout).toMatch(
      /telemetry to 10\.0\.0\.2:1883, topic caldera, every 5000 ms; takes [1-9]\d* JsVars/,
    );
    expect(outcome.stdout).toMatch(/relays: they open 15 ms after ALERT/);
    expect(outcome.stdout).not.toMatch(/secret word/);
    const { wifi } = JSON.parse((await cli(['config', 'check', name, '--json'])).stdout);
    expect(wifi.jsVars).toBeGreaterThan(0);
  });

  it.each([
    ['none.json', /board file none\.json cannot be read/],
    ['toaster', /board "toaster" is unknown/],
  ])('%s is no file', async (name, message) => {
    const outcome = await cli(['config', 'check', name]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(message);
  });
});

describe('config wiring and parts', () => {
  it('draw an SVG or a PNG, and list what to buy', async () => {
    expect((await cli(['config', 'wiring', 'cycler', '--out', file('a.svg')])).code).toBe(0);
    expect(fs.readFileSync(file('a.svg'), 'utf8')).toMatch(/^<svg [^]*INA228/);
    expect((await cli(['config', 'wiring', 'drone-6s', '--out', file('a.png')])).code).toBe(0);
    expect(fs.readFileSync(file('a.png')).subarray(1, 4).toString()).toBe('PNG');
    expect((await cli(['config', 'parts', 'cycler'])).stdout).toMatch(/ 1 +fuse and holder +5 A/);
    const { parts } = JSON.parse((await cli(['config', 'parts', 'drone-6s', '--json'])).stdout);
    expect(parts).toContainEqual(expect.objectContaining({ quantity: 6, part: 'cell afl-l1' }));
  });

  it('refuse what is no picture, and a file that is wrong', async () => {
    const outcome = await cli(['config', 'wiring', 'cycler', '--out', file('a.txt')]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/is not a picture; allowed: a FILE\.svg or FILE\.png/);
    const name = await made('dead.json', (json) => void (json.limits!.overVoltage_mV = 1));
    expect((await cli(['config', 'parts', name])).stderr).toMatch(/dead\.json: limits\.overVoltage_mV is 1 mV/);
  });
});
