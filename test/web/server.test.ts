/** The server of `caldera dashboard`: the page's files, results, and a board for several browsers. */
import { createHmac } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDashboard, type Dashboard, type DashboardOptions } from '../../sim/web/server';
import type { LiveEntry } from '../../sim/web/liveSource';
import { BoardServer } from '../../sim/web/serverBoard';
import { cli } from '../cli/harness';
import { DeviceServer } from '../link/deviceServer';
import { KEY } from '../service/onNode';

let folder: string;
let dashboard: Dashboard;
const devices: DeviceServer[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-dashboard-'));
  write('page/index.html', '<html><head><title>Caldera</title></head></html>');
  write('page/assets/main-1.js', `"${'x'.repeat(5000)}"`);
  write('secret.txt', 'secret');
});
afterEach(async () => {
  await dashboard?.close();
  for (const device of devices.splice(0)) device.close();
  fs.rmSync(folder, { recursive: true });
});

const within = (name: string): string => path.join(folder, name);
function write(name: string, content: string): void {
  fs.mkdirSync(path.dirname(within(name)), { recursive: true });
  fs.writeFileSync(within(name), content);
}
async function open(options: Partial<DashboardOptions> = {}): Promise<string> {
  dashboard = await openDashboard({ listen: 0, page: within('page'), ...options });
  return dashboard.address;
}
async function device(tick_ms?: number): Promise<DeviceServer> {
  const served = await new DeviceServer(tick_ms).listen();
  devices.push(served);
  return served;
}

/** As it goes over the wire: `fetch` would tidy the path up first. */
function ask(address: string, target: string, host = 'localhost'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(address);
    http
      .get({ host: '127.0.0.1', port, path: target, headers: { host } }, (response) => {
        let text = '';
        response.on('data', (bytes: Buffer) => (text += bytes.toString()));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      })
      .on('error', reject);
  });
}

describe('the page', () => {
  test('comes with its types, packed, knows of the server, and may ask nobody else', async () => {
    const address = await open();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const page = await fetch(address);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('<meta name="caldera-server" content=""></head>');
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/http|unsafe-eval|\*/);
    const script = await fetch(`${address}assets/main-1.js`);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect((await script.text()).length).toBe(5002);
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/none.js',
    '/%ff',
  ])('nothing else is given: %s', async (target) => {
    const { status, text } = await ask(await open(), target);
    expect([400, 404]).toContain(status);
    expect(text).not.toContain('secret');
  });

  test('a name of somebody else that leads here is refused', async () => {
    const address = await open();
    expect((await ask(address, '/', 'evil.example:80')).status).toBe(403);
    expect((await ask(address, '/', 'localhost:9')).status).toBe(200);
  });
});

test('results are listed with their files, and nothing that a result does not list is given', async () => {
  write(
    'results/one/config.json',
    JSON.stringify({ madeBy: 'caldera', command: 'simulate', files: ['a.csv', 'l', '../x'] }),
  );
  write('results/one/a.csv', 'n\n1\n');
  write('results/one/other.txt', 'secret');
  fs.symlinkSync(within('secret.txt'), within('results/one/l'));
  write('results/mine/config.json', '{"madeBy":"me"}');
  write('results/broken/config.json', '{');
  const address = await open({ results: within('results') });
  expect(await (await fetch(`${address}api/results`)).json()).toEqual([
    { name: 'one', command: 'simulate', at_ms: expect.any(Number), files: [{ name: 'a.csv', bytes: 4 }] },
  ]);
  const file = await fetch(`${address}api/results/one/a.csv`);
  expect([file.headers.get('content-type'), await file.text()]).toEqual(['text/csv; charset=utf-8', 'n\n1\n']);
  for (const none of [
    'one/other.txt',
    'one/l',
    'mine/config.json',
    '..%2fresults/one%2fa.csv',
    'one/..%2f..%2fsecret.txt',
  ])
    expect([none, (await ask(address, `/api/results/${none}`)).status]).toEqual([none, 404]);
});

interface Message {
  after: string;
  now_ms: number;
  entries: LiveEntry[];
}

/** A browser that listens until it has seen enough. */
async function listen(address: string, after: string, enough: (messages: Message[]) => boolean): Promise<Message[]> {
  const stop = new AbortController();
  const response = await fetch(`${address}api/board?after=${after}`, { signal: stop.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const messages: Message[] = [];
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(bytes, { stream: true });
    const parts = text.split('\n\n');
    text = parts.pop()!;
    for (const part of parts) messages.push(JSON.parse(part.replace(/^data: /, '')) as Message);
    if (enough(messages)) break;
  }
  stop.abort();
  return messages;
}
const entriesOf = (messages: Message[]): LiveEntry[] => messages.flatMap(({ entries }) => entries);
const times = (entries: LiveEntry[]): (number | null)[] =>
  entries.flatMap((entry) => (entry.kind === 'measurement' ? [entry.measurement.time_ms] : []));
const measured = (count: number) => (messages: Message[]) => times(entriesOf(messages)).length >= count;

describe('a board', () => {
  test('is told to several browsers, and who comes back is given what it missed', async () => {
    const address = await open({ port: (await device()).name });
    const throughout = listen(address, '', measured(30));
    const one = await listen(address, '', measured(5));
    expect(entriesOf(one)[0]).toMatchObject({ kind: 'opened', version: { board: 'fake' } });
    await delay(200);
    const back = await listen(address, one.at(-1)!.after, measured(5));
    const whole = entriesOf(await throughout);
    const parts = [...entriesOf(one), ...entriesOf(back)];
    expect(times(parts).length).toBeGreaterThanOrEqual(10);
    expect(parts).toEqual(whole.slice(0, parts.length));
    // Of another run of the server nothing is missing.
    expect(entriesOf(await listen(address, 'other-7', measured(1)))[0]!.kind).toBe('opened');
  });

  test('whose first words are no longer kept is still told of', () => {
    const board = new BoardServer();
    board.hear({ kind: 'opened', at_ms: 1, version: { firmware: '1', build: '2', board: 'old', interpreter: '3' } });
    for (let n = 0; n < 60_000; n++) board.hear({ kind: 'lost', at_ms: n, count: 1 });
    let told = '';
    const browser = {
      writeHead: () => browser,
      write: (text: string) => (told += text),
      on: () => browser,
      end: () => 0,
    };
    board.stream(browser as unknown as http.ServerResponse, null);
    board.close();
    const entries = entriesOf(
      told
        .trimEnd()
        .split('\n\n')
        .map((part) => JSON.parse(part.slice(6)) as Message),
    );
    expect(entries[0]).toMatchObject({ kind: 'opened', version: { board: 'old' } });
    expect(entries.length).toBeGreaterThan(50_000);
    expect(entries.at(-1)!.at_ms).toBe(59_999);
    expect(entries.slice(2).every((entry, k) => entry.at_ms === entries[k + 1]!.at_ms + 1)).toBe(true);
  });

  test('that stands still is told so by the clock, and one that goes away is there again when it comes back', async () => {
    const served = await device();
    const address = await open({ port: served.name });
    await listen(address, '', measured(2));
    served.hangs = true;
    await delay(100);
    const still = await listen(address, '', (messages) => messages.length > 3);
    const last = entriesOf(still).at(-1)!;
    expect(still.at(-1)!.now_ms - last.at_ms).toBeGreaterThan(900);
    served.disconnect();
    served.hangs = false;
    const back = await listen(address, still.at(-1)!.after, measured(1));
    expect(entriesOf(back).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['closed', 'opened', 'measurement'] satisfies LiveEntry['kind'][]),
    );
  });

  test('takes readings and what its key authorises, from this page and no other', async () => {
    const address = await open({ port: (await device()).name });
    await listen(address, '', measured(1));
    const give = async (
      line: string,
      headers: Record<string, string> = { 'x-caldera': '1' },
    ): Promise<[number, string]> => {
      const response = await fetch(`${address}api/command`, { method: 'POST', body: line, headers });
      return [response.status, await response.text()];
    };
    expect(await give('limits')).toEqual([200, expect.stringMatching(/^ok charge_mA 3000/)]);
    expect((await give('limits', {}))[0]).toBe(404);
    for (const line of [
      'tighten charge_mA 500',
      'rate 0',
      'key 00',
      'time 1790000000',
      'limits\nrate 0',
      'x'.repeat(9000),
    ])
      expect((await give(line))[0]).toBe(403);
    const command = 'widen charge_mA 3500';
    const [, name, number, nonce] = /^ok (\S+) (\d+) (\S+)$/.exec((await give(`challenge ${command}`))[1])!;
    const mac = createHmac('sha256', Buffer.from(KEY, 'hex')).update(`do ${name} ${number} ${nonce} ${command}`);
    expect(await give(`do ${number}-${mac.digest('hex')} ${command}`)).toEqual([200, 'ok charge_mA 3500']);
  });

  test('is left asking for nothing more', async () => {
    const served = await device();
    const address = await open({ port: served.name });
    await listen(address, '', measured(1));
    await dashboard.close();
    expect(served.device.link.n[2]).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });
});

describe('caldera dashboard', () => {
  const services = { dashboard: (options: DashboardOptions) => openDashboard({ ...options, page: within('page') }) };

  test('says where the page is, and Ctrl-C ends it', async () => {
    const stop = new AbortController();
    const running = cli(['dashboard', '--listen', '0', '--port', (await device()).name], services, stop.signal);
    setTimeout(() => stop.abort(), 300);
    expect(await running).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\n$/),
      stderr: '',
    });
  });

  test('says in one line what is wrong', async () => {
    const taken = new URL(await open()).port;
    for (const [args, why] of [
      [['--listen', taken], /--listen: \d+: another program listens there; allowed: a port that is free, 0 for any/],
      [['--listen', '70000'], /--listen: '70000' is not valid; allowed: a whole number from 0 to 65535/],
      [['--port', 'tcp://127.0.0.1:1'], /nothing can be reached at tcp:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\)/],
      [['--dir', within('none')], /--dir: .* is no folder/],
    ] as const) {
      const { code, stdout, stderr } = await cli(['dashboard', '--listen', '0', ...args], services);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(why);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});
