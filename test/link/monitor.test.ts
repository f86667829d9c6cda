/** The monitor, the log and uploads against a device behind a TCP port. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../firmware/protect/faults';
import { logEvent } from '../../firmware/record/event';
import { Kind } from '../../firmware/record/layout';
import { keep } from '../../firmware/record/keep';
import { createSamples, keepTrace, takeSample } from '../../firmware/record/samples';
import { downloadLog } from '../../sim/link/log';
import { openDevice } from '../../sim/link/openDevice';
import { monitorDevice, type Monitored } from '../../sim/link/session';
import { uploadConfiguration } from '../../sim/link/upload';
import { monitorView } from '../../sim/link/view';
import { loadMeasurement } from './loadMeasurement';
import { cli } from '../cli/harness';
import { KEY, OTHER_KEY } from '../service/onNode';
import { DeviceServer } from './deviceServer';

let server: DeviceServer;
let folder: string;
beforeEach(async () => {
  server = await new DeviceServer().listen();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-monitor-'));
});
afterEach(() => {
  server.close();
  fs.rmSync(folder, { recursive: true });
});

const services = { monitor: monitorDevice, openDevice };
const inFolder = (name: string): string => path.join(folder, name);

describe('caldera monitor', () => {
  test('writes a line for each measurement into a pipe, and what is said', async () => {
    setTimeout(() => server.send(`${server.device.say('fault 3 tripped over-temperature')}\n`), 700);
    const { code, stdout, stderr } = await cli(
      ['monitor', '--port', server.name, '--rate', '1000', '--for', '1.2'],
      services,
    );
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    expect(lines[0]).toMatch(
      /^20\S+Z {2}3\.712 V {2}1\.001 A {2}25\.13 degC {2}discharge {2}charge 100 % of the current allowed {2}discharge 75 % of the current allowed: over-temperature {2}fault none {2}eta_conc /,
    );
    expect(stdout).toContain('\n# fault 3 tripped over-temperature\n');
    // Nothing is sent any more.
    expect(server.device.link.n[2]).toBe(0);
  });

  test('logs what a battery program reads, whole when Ctrl-C ends it', async () => {
    const file = inFolder('log.csv');
    const stop = new AbortController();
    const running = cli(['monitor', '--port', server.name, '--rate', '100', '--out', file], services, stop.signal);
    while (!fs.existsSync(file) || fs.readFileSync(file, 'utf8').split('\n').length < 12) await delay(20);
    stop.abort();
    const { code, stderr } = await running;
    const rows = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    expect([code, stderr]).toEqual([0, `${rows.length - 1} rows in ${file}\n`]);
    expect(rows[0]).toMatch(
      /^Test Time \/ s,Voltage \/ V,Current \/ A,Cycle Count \/ 1,Step Count \/ 1,Surface Temperature T1 \/ degC,Unix Time \/ s,/,
    );
    for (const row of rows) expect(row.split(',')).toHaveLength(rows[0]!.split(',').length);
    const samples = await loadMeasurement(file);
    expect(samples).toHaveLength(rows.length - 1);
    expect(samples[0]).toMatchObject({ voltage_V: 3.712, current_A: 1.001 });
  });

  test('gives one JSON document', async () => {
    const { code, stdout, stderr } = await cli(['monitor', '--port', server.name, '--for', '1', '--json'], services);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      version: { firmware: '0.1.0', board: 'fake' },
      lost: 0,
      measurement: { voltage_mV: 3712, whyDischarge: Fault.OverTemperature },
      estimates: { EtaFast_mV: { value: 12.346 } },
    });
  });

  test('says when the device goes silent, and when it goes away', async () => {
    setTimeout(() => (server.hangs = true), 300);
    setTimeout(() => server.disconnect(), 3000);
    const { code, stdout, stderr } = await cli(['monitor', '--port', server.name], services);
    expect(stdout).toMatch(/\n# STALE: nothing came for more than 2 s\n$/);
    expect(code).toBe(1);
    expect(stderr).toContain(`${server.name}: the other side closed the connection`);
  });

  test.each([
    [['--port', 'tcp://127.0.0.1:1'], 2, /nothing can be reached at tcp:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/],
    [['--port', 'x', '--rate', '5'], 2, /--rate: '5' is not valid; allowed: a whole number from 100 to 3600000/],
    [[], 2, /--port/],
  ])('refuses %j', async (args, code, why) => {
    const outcome = await cli(['monitor', ...args], services);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(why);
  });

  test('does not write over a file', async () => {
    const file = inFolder('log.csv');
    fs.writeFileSync(file, 'kept');
    const outcome = await cli(['monitor', '--port', server.name, '--out', file], services);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/EEXIST.*allowed: a file that does not exist yet/);
    expect(fs.readFileSync(file, 'utf8')).toBe('kept');
  });
});

describe('the live view', () => {
  async function monitored(): Promise<Monitored> {
    const stop = new AbortController();
    return monitorDevice(
      { port: server.name, rate_ms: 500 },
      { measured: (state) => void (state.estimates !== undefined && stop.abort()) },
      stop.signal,
    );
  }

  test('shows each value with its reason, the lithium as a bar, and fits the width', async () => {
    const state = await monitored();
    const view = monitorView(state, state.measuredAt_ms, 80);
    const text = view.join('\n');
    expect(text).toMatch(/^voltage +3\.712 V$/m);
    expect(text).toMatch(/^discharge +75 % of the current allowed: over-temperature$/m);
    expect(text).toMatch(/^eta_conc +0\.0 \+- 0\.0 mV/m);
    // Active 98.8, of which 111.1 would be residual in this device: its parts are drawn in the ratio of their amounts.
    expect(text).toMatch(/^lithium +\[#*r+i+d+s+\]$/m);
    expect(text).toMatch(/^ +s SEI 148\.15 \+- 0\.01 mAh$/m);
    expect(text).not.toContain('STALE');
    for (const width of [20, 40, 80, 200])
      for (const line of monitorView(state, state.measuredAt_ms, width)) expect(line.length).toBeLessThanOrEqual(width);
  });

  test('calls stale what is older than two seconds', async () => {
    const state = await monitored();
    expect(monitorView(state, state.measuredAt_ms + 2000, 80).join('\n')).not.toContain('STALE: nothing');
    expect(monitorView(state, state.measuredAt_ms + 2100, 80).join('\n')).toContain('STALE: nothing came for 2.1 s');
    expect(monitorView(state, state.measuredAt_ms + 9000, 80).join('\n')).toMatch(/eta_conc.*STALE: \d/);
  });
});

describe('the log', () => {
  function fill(): void {
    const { records } = server;
    keep(
      records,
      Kind.Setup,
      Uint8Array.from({ length: 64 }, () => 0x5a),
    );
    const samples = createSamples();
    for (let k = 0; k < 300; k++) logEvent(records, 1 + (k % 40), 1790000000 + k, 3700 + k, -500 - k, -1234);
    logEvent(records, Fault.UnderVoltage, 77, 2900, 1000, 2512);
    for (let k = 0; k < 130; k++) takeSample(samples, k, Int16Array.of(3000 + k, 1000 - k, 2500 + k));
    keepTrace(records, samples, 129);
  }

  test('comes whole, and nothing but the log can be read', async () => {
    fill();
    const link = await openDevice(server.name);
    const log = await downloadLog(link);
    expect(log.events).toHaveLength(301);
    expect(log.events[5]).toEqual({
      serial: 6,
      unixTime_s: 1790000005,
      uptime_s: null,
      fault: 6,
      name: 'under-temperature for charge',
      voltage_mV: 3705,
      current_mA: -505,
      temperature_C: -12.34,
    });
    expect(log.events[300]).toMatchObject({ serial: 301, unixTime_s: null, uptime_s: 77, fault: Fault.UnderVoltage });
    expect(log.traces).toHaveLength(1);
    const [trace] = log.traces;
    expect(trace!.event).toBe(301);
    expect(trace!.samples.map(({ voltage_mV }) => voltage_mV)).toEqual(Array.from({ length: 100 }, (_, k) => 3030 + k));
    expect(trace!.samples[0]).toEqual({ voltage_mV: 3030, current_mA: 970, temperature_C: 25.3 });

    const pages = await Promise.all(Array.from({ length: 16 }, (_, page) => link.request(`read ${page} 28`)));
    expect(pages.filter((answer) => answer !== 'ok none').length).toBe(3);
    for (const answer of pages) expect(Buffer.from(answer.split(' ')[2] ?? '', 'base64').includes('ZZZZ')).toBe(false);
    for (const wrong of ['read', 'read 16 0', 'read 0 4096', 'read -1 0', 'read 0 -1', 'read 0.5 0', 'read x 0'])
      expect(await link.request(wrong)).toMatch(/^error: read <page/);
    await link.close();
  });

  test('goes into a result folder', async () => {
    fill();
    const out = inFolder('log');
    const { code, stdout } = await cli(['monitor', '--port', server.name, '--log', out], services);
    expect([code, stdout]).toEqual([0, `301 events and 1 traces in ${out}\n`]);
    const events = fs.readFileSync(path.join(out, 'events.csv'), 'utf8').split('\n');
    expect(events[0]).toBe('serial,unixTime_s,uptime_s,fault,name,voltage_mV,current_mA,temperature_C');
    expect(events[1]).toBe('1,1790000000,,1,over-voltage,3700,-500,-12.34');
    expect(await loadMeasurement(path.join(out, 'trace-301.csv'))).toHaveLength(100);
    expect(JSON.parse(fs.readFileSync(path.join(out, 'config.json'), 'utf8'))).toMatchObject({
      device: { board: 'fake' },
      files: ['events.csv', 'trace-301.csv', 'config.json'],
    });
  });

  test('of a device that has none is empty', async () => {
    const link = await openDevice(server.name);
    expect(await downloadLog(link)).toEqual({ events: [], traces: [] });
    await link.close();
  });
});

describe('an upload', () => {
  const configuration = {
    limits: { overVoltage_mV: 4350 },
    name: 'Zelle "A" \\ \u00fcber',
    list: Array(300).fill(12345),
  };

  test('is taken when all of it has arrived', async () => {
    const link = await openDevice(server.name);
    await uploadConfiguration(link, configuration, KEY);
    expect(JSON.parse(server.applied!)).toEqual(configuration);
    await link.close();
  });

  test('with another key is refused', async () => {
    const link = await openDevice(server.name);
    await expect(uploadConfiguration(link, configuration, OTHER_KEY)).rejects.toThrow(/wrong response/);
    expect(await link.request('piece 0 QUJD')).toMatch(/^refused: nothing is expected/);
    await link.close();
  });

  test('into which somebody puts something else is not taken', async () => {
    const link = await openDevice(server.name);
    let turn = 0;
    const meddled = {
      request: (line: string) =>
        link.request(line.startsWith('piece ') && ++turn === 3 ? line.replace(/ \S{4}/g, ' QUJD') : line),
    };
    await expect(uploadConfiguration(meddled, configuration, KEY)).rejects.toThrow(/refused/);
    expect(server.applied).toBeUndefined();
    await link.close();
  });

  test('takes its pieces in order, once, and no more than was announced', async () => {
    const link = await openDevice(server.name);
    const { served } = server;
    const hash = 'b5d4045c3f466fa91fe2cc6abe79232a1a57cdf104f7a26e716e0a1e2789df78';
    expect(served.authorise(`upload 3 ${hash}`)).toBe('ok');
    for (const [line, answer] of [
      ['piece 1 Qg==', 'refused: expected are 3 bytes from 0 on'],
      ['piece 0 QUJDRA==', 'refused: expected are 3 bytes from 0 on'],
      ['piece 0 QUI=', 'ok'],
      ['apply', 'refused: 1 bytes are missing'],
      ['piece 0 QUI=', 'ok'],
      ['piece x Qw==', 'refused: expected are 1 bytes from 2 on'],
      ['piece 2 Qw==', 'ok'],
      ['apply', 'ok'],
      ['apply', 'refused: nothing is expected: begin with upload'],
    ])
      expect([line, await link.request(line!)]).toEqual([line, answer]);
    expect(server.applied).toBe('ABC');
    for (const wrong of [
      'upload 1 x',
      `upload 9000 ${hash}`,
      `upload 5 ${hash.slice(1)}`,
      'upload',
      `upload x ${hash}`,
    ])
      expect(served.authorise(wrong)).toMatch(/^refused: (length|the SHA-256)/);
    await link.close();
  });
});

describe('a command from the command line', () => {
  test('is given to the device, with the key where it takes one', async () => {
    const key = inFolder('key');
    fs.writeFileSync(key, `${KEY}\n`);
    const args = ['monitor', '--port', server.name, '--send', 'status', '--send', 'widen charge_mA 3500'];
    expect(await cli([...args, '--key-file', key], services)).toEqual({
      code: 0,
      stdout: 'ok idle\nok charge_mA 3500\n',
      stderr: '',
    });
    const without = await cli([...args, '--json'], services);
    expect(without.code).toBe(1);
    expect(without.stderr).toBe('caldera: widen takes the commissioning key: --key-file FILE\n');
    expect(JSON.parse(without.stdout)).toEqual({
      port: server.name,
      answers: [
        { command: 'status', answer: 'ok idle' },
        { command: 'widen charge_mA 3500', answer: 'refused: this takes a challenge, see help' },
      ],
    });
  });

  test('may be a whole configuration', async () => {
    const [key, file] = [inFolder('key'), inFolder('config.json')];
    fs.writeFileSync(key, KEY);
    fs.writeFileSync(file, JSON.stringify({ a: 'b'.repeat(2000) }, null, 2));
    const args = ['monitor', '--port', server.name, '--upload', file];
    expect(await cli([...args, '--key-file', key], services)).toMatchObject({
      code: 0,
      stdout: `the device starts with ${file}\n`,
    });
    expect(server.applied).toBe(JSON.stringify({ a: 'b'.repeat(2000) }));
    for (const [more, why] of [
      [[], /--upload: needs --key-file/],
      [['--key-file', file], /--key-file: .* does not hold a key; allowed: 64 hexadecimal digits/],
      [['--key-file', inFolder('none')], /--key-file: .* cannot be read: ENOENT/],
    ] as const) {
      const outcome = await cli([...args, ...more], services);
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).toMatch(why);
    }
  });
});

describe('a wire that loses half of what goes over it', () => {
  test('is made up for: each command is done once', async () => {
    let turn = 0;
    const { device } = server;
    const whole = device.receive.bind(device);
    device.receive = (text) => {
      if (++turn % 2 === 0) whole(text);
    };
    const link = await openDevice(server.name, { timeout_ms: 100 });
    server.served.fake.did.length = 0;
    for (let k = 0; k < 5; k++)
      expect(await link.request(`tighten charge_mA ${2900 - 100 * k}`)).toMatch(/^ok charge_mA/);
    expect(server.served.fake.did).toHaveLength(5);
    await link.close();
  });

  test('frames of the device that do not come are counted', async () => {
    const link = await openDevice(server.name);
    let lost = 0;
    const events: string[] = [];
    link.on('lost', (count) => (lost += count)).on('event', (text) => events.push(text));
    for (const text of ['a', 'b', 'c', 'd']) {
      const frame = server.device.say(text);
      if (text !== 'b' && text !== 'c') server.send(`${frame}\n`);
    }
    await delay(200);
    expect([events, lost]).toEqual([['a', 'd'], 2]);
    await link.close();
  });
});
