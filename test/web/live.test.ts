/** The view Live in a browser: a board through the server and over Web Serial, frozen, cut off, unplugged, and back. */
import * as net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDashboard, type Dashboard } from '../../sim/web/server';
import { DeviceServer } from '../link/deviceServer';
import { KEY, OTHER_KEY } from '../service/onNode';
import { expectAccessible, inBrowser, saved, TestBrowser } from './liveBrowser';

/** A tick at its time. */
const TICK_MS = 100;
/** What is older must not be shown as current. */
const STALE_MS = 2000;

inBrowser('the view Live', () => {
  let browser: TestBrowser;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    browser = await TestBrowser.start();
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  afterAll(() => browser?.close());

  async function device(tick_ms = TICK_MS): Promise<DeviceServer> {
    const served = await new DeviceServer(tick_ms).listen();
    open.push(served);
    return served;
  }
  async function dashboard(port?: string): Promise<Dashboard> {
    const opened = await openDashboard({ listen: 0, page: browser.files, port });
    open.push(opened);
    return opened;
  }
  const badge = (page: Page, word: string) => page.locator('.live-status strong', { hasText: new RegExp(`^${word}$`) });
  const said = (page: Page, text: RegExp): Promise<void> => page.locator('.live-status', { hasText: text }).waitFor();
  const now = (page: Page): Promise<string[]> =>
    page.getByRole('region', { name: 'Now', exact: true }).locator('dd').allTextContents();
  const csv = (page: Page): Promise<string> =>
    saved(page, () => page.getByRole('button', { name: 'Save CSV' }).click());
  const times = (file: string): number[] =>
    file
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => Number(row.split(',')[0]));

  test('shows what a board says, and marks it as stale within 2 s when it stands still', async () => {
    const served = await device();
    const { page, errors } = await browser.visit(`${(await dashboard(served.name)).address}#live`);
    await badge(page, 'Live').waitFor();
    expect(await now(page)).toEqual(['3.712 V', '1.001 A', '25.13 °C', 'discharge', 'none', '12 finished, step 3']);
    await page.getByText('75 % of the current allowed; limited by over-temperature').waitFor();
    await page.getByRole('rowheader', { name: 'charge_mA' }).waitFor();
    await page.getByText('111.11 ± 0.01 mAh').waitFor();
    served.send(`${served.device.say('fault 3 tripped over-temperature')}\n`);
    await page.getByText('fault 3 tripped over-temperature').waitFor();
    await expectAccessible(page);

    served.hangs = true;
    const frozen_ms = performance.now();
    await badge(page, 'Stale').waitFor();
    expect(performance.now() - frozen_ms).toBeLessThan(STALE_MS);
    for (const value of await now(page)) expect(value).toMatch(/^last: /);
    await said(page, /Below is what was last, not what is now/);
    await expectAccessible(page);
    await delay(500);

    served.hangs = false;
    await badge(page, 'Live').waitFor();
    expect((await now(page))[0]).toBe('3.712 V');
    // The time without data is to be seen.
    const voltage = page.locator('figure', { has: page.getByRole('heading', { name: 'Voltage', exact: true }) });
    await voltage.getByText('Data as a table').click();
    await page.getByRole('region', { name: 'Voltage: table' }).getByRole('cell', { name: '–' }).first().waitFor();
    expect(errors).toEqual([]);
  });

  test('loses nothing when the network breaks, says so meanwhile, and keeps what it has in another view', async () => {
    const { address } = await dashboard((await device()).name);
    const network = await Proxy.to(Number(new URL(address).port));
    open.push(network);
    const { page, errors } = await browser.visit(`${network.address}#live`);
    await badge(page, 'Live').waitFor();
    await network.cut();
    await badge(page, 'Stale').waitFor();
    await said(page, /the server cannot be reached/);
    await delay(1000);
    await network.mend();
    await badge(page, 'Live').waitFor();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await delay(600);
    await page.getByRole('link', { name: 'Live', exact: true }).click();
    await badge(page, 'Live').waitFor();
    const seen = times(await csv(page));
    const all = await allTimes(address);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual(all.slice(0, seen.length));
    // The browser itself complains of the network.
    expect(errors.filter((text) => !/net::ERR_/.test(text))).toEqual([]);
  });

  test('speaks with a board over Web Serial, unplugged and back, and only with the key gives commands', async () => {
    // Faster than time: its log is many requests.
    const served = await device(TICK_MS / 10);
    const { address } = await dashboard();
    const { page, errors } = await browser.visit(`${address}#live`, (blank) => fakeSerial(blank, served));
    await badge(page, 'No board').waitFor();
    await page.getByRole('button', { name: 'Connect a board over USB' }).click();
    await badge(page, 'Live').waitFor();

    await page.getByText('Commands that take the key').click();
    const give = async (key: string, command: string): Promise<void> => {
      await page.getByLabel('Commissioning key').fill(key);
      await page.getByLabel('Command, such as').fill(command);
      await page.keyboard.press('Enter');
    };
    await give('12', 'widen charge_mA 3500');
    await page.getByText('The key has 64 hexadecimal digits').waitFor();
    await give(KEY, 'tighten charge_mA 600');
    await page.getByText('A command begins with one of').waitFor();
    await give(OTHER_KEY, 'widen charge_mA 3500');
    await page.getByText(/refused: wrong response/).waitFor();
    await give(KEY, 'widen charge_mA 3500');
    await page.getByText('ok charge_mA 3500').waitFor();
    await page.getByRole('row', { name: 'charge_mA 3500' }).waitFor();
    await page.getByRole('button', { name: 'Read the log of faults' }).click();
    await page.getByText('The log is empty.').waitFor();

    const before = times(await csv(page));
    await page.evaluate('unplug()');
    await badge(page, 'Stale').waitFor();
    await page
      .getByText(/the board is not plugged in/)
      .first()
      .waitFor();
    await page.evaluate('plugIn()');
    await badge(page, 'Live').waitFor();
    expect(times(await csv(page)).slice(0, before.length)).toEqual(before);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await badge(page, 'Stale').waitFor();
    expect(errors).toEqual([]);
  });

  test('without Web Serial it says what to do', async () => {
    const { address } = await dashboard();
    const { page, errors } = await browser.visit(`${address}#live`, (blank) =>
      blank.addInitScript('delete Navigator.prototype.serial'),
    );
    await page
      .getByText(/no Web Serial\)\. Use Chrome or Edge on a computer; or run "caldera dashboard --port/)
      .waitFor();
    expect(await page.getByRole('button', { name: 'Connect a board' }).count()).toBe(0);
    await expectAccessible(page);
    expect(errors).toEqual([]);
  });
});

/** Between browser and server: a network that can be cut. */
class Proxy {
  private readonly sockets = new Set<net.Socket>();
  private server: net.Server | undefined;
  private port = 0;

  private constructor(private readonly target: number) {}

  static async to(target: number): Promise<Proxy> {
    const proxy = new Proxy(target);
    await proxy.mend();
    return proxy;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async mend(): Promise<void> {
    const server = net.createServer((near) => {
      const far = net.connect(this.target, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy()).on('close', () => (this.sockets.delete(from), to.destroy()));
      }
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as net.AddressInfo).port;
    this.server = server;
  }

  cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }

  async close(): Promise<void> {
    await this.cut();
  }
}

/** Of all measurements since the server runs [s], as a file has them. */
async function allTimes(address: string): Promise<number[]> {
  const stop = new AbortController();
  const response = await fetch(`${address}api/board`, { signal: stop.signal });
  const { value } = await response.body!.getReader().read();
  stop.abort();
  const [message] = Buffer.from(value!).toString().split('\n\n');
  const { entries } = JSON.parse(message!.replace(/^data: /, '')) as {
    entries: { kind: string; measurement: { time_ms: number } }[];
  };
  return entries.filter(({ kind }) => kind === 'measurement').map(({ measurement }) => measurement.time_ms / 1000);
}

/** A serial port of the page that ends at a device's TCP port; `unplug()` and `plugIn()` in the page. */
async function fakeSerial(page: Page, device: DeviceServer): Promise<void> {
  const [, port] = /:(\d+)$/.exec(device.name)!;
  const socket = net.connect(Number(port), '127.0.0.1');
  socket.on('data', (bytes: Buffer) => {
    page
      .evaluate(
        (text) => (globalThis as unknown as { arrive(text: string): void }).arrive(text),
        bytes.toString('latin1'),
      )
      .catch(() => undefined);
  });
  page.on('close', () => socket.destroy());
  await page.exposeFunction('toWire', (text: string) => void socket.write(Buffer.from(text, 'latin1')));
  await page.addInitScript(`
    let wire;
    let isThere = true;
    const bytes = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
    const port = {
      getInfo: () => ({ usbVendorId: 1 }),
      open: async () => {
        port.readable = new ReadableStream({ start: (controller) => { wire = controller; } });
        port.writable = new WritableStream({ write: (data) => toWire(String.fromCharCode(...data)) });
      },
      close: async () => { wire = undefined; },
    };
    Object.defineProperty(navigator, 'serial', {
      value: { requestPort: async () => port, getPorts: async () => (isThere ? [port] : []) },
    });
    globalThis.arrive = (text) => wire?.enqueue(bytes(text));
    globalThis.unplug = () => { isThere = false; wire?.error(new Error('unplugged')); wire = undefined; };
    globalThis.plugIn = () => { isThere = true; };
  `);
}
