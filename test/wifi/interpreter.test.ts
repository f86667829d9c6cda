import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WIFI_JSVARS } from '../../sim/boards/wifiCost';
import { bundleFirmware } from '../../sim/build/bundle';
import { keptNames } from '../../sim/build/kept';
import { saveToFlash } from '../../sim/hil/flash';
import { interpreter, onDevice } from '../device/interpreter';
import { Broker } from './broker';

/**
 * Publishes a number every 20 ms of its clock. `before` is what was in use before there was anything of it. Without an export the
 * bundler takes the file for CommonJS, and wraps all of it once more.
 */
const ROOT = path.resolve(__dirname, '../..');
const PROGRAM = `
import { startWifi } from '${ROOT}/firmware/wifi/wifi';
import { createRadio } from '${ROOT}/hal/espruino/radio';
export const wifi = startWifi(settings, 'caldera-1', createRadio());
let said = 0;
setInterval(function () {
  const now_ms = Math.floor(getTime() * 1000);
  if (now_ms < wifi.due_ms) return;
  wifi.publish('{"voltage_mV":3700,"n":' + wifi.sent + '}', now_ms);
  if (wifi.sent > 0 && wifi.sent % 20 === 0 && wifi.sent !== said) {
    said = wifi.sent;
    print('#sent ' + wifi.sent + ' ' + (process.memory().usage - before));
  }
}, 5);
`;

onDevice('telemetry by radio, from flash on the interpreter', () => {
  let folder = '';
  let device: ChildProcess | undefined;
  let broker = new Broker();
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-wifi-'));
    broker = new Broker();
  });
  afterEach(async () => {
    device?.kill('SIGKILL');
    await broker.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the interpreter with the program in its flash. @returns what it says, a line each */
  async function start(port: number): Promise<string[]> {
    const entry = path.join(folder, 'entry.ts');
    fs.writeFileSync(entry, PROGRAM);
    const { code } = await bundleFirmware({ entry, minify: true, keep: keptNames(ROOT) });
    const settings = {
      ssid: 'lab',
      password: 'x',
      broker: '127.0.0.1',
      port,
      user: 'me',
      secret: 'word',
      topic: 'lab/caldera',
      period_ms: 20,
    };
    const stored = 'before=process.memory().usage;settings=JSON.parse(require("Storage").read("settings"));';
    await saveToFlash(interpreter, folder, { settings: JSON.stringify(settings), '.boot0': stored, '.bootcde': code });
    device = spawn(interpreter, [], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    const said: string[] = [];
    let rest = '';
    device.stdout!.setEncoding('latin1').on('data', (text: string) => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      said.push(...lines);
    });
    return said;
  }

  test('publishes and does nothing else, comes back after a loss, takes no more memory with time, and not more than is stated', async () => {
    const port = await broker.listen();
    const said = await start(port);
    await broker.until(() => broker.publications.length >= 62, 20_000);
    expect(broker.clients).toEqual([{ id: 'caldera-1', keepAlive_s: 90, user: 'me', secret: 'word' }]);
    const [first, second] = broker.publications;
    expect(first).toEqual({ topic: 'lab/caldera', text: '{"voltage_mV":3700,"n":0}' });
    expect(JSON.parse(second!.text).n).toBe(1);
    expect(new Set(broker.kinds)).toEqual(new Set([1, 3, 12]));
    // A broker that sends what nobody asked for is not listened to.
    broker.send(Buffer.concat([Buffer.from([0x30, 12, 0, 1, 0x74]), Buffer.from('print(9)\n')]));
    await broker.until(() => broker.publications.length >= 102, 20_000);
    const usages = said.flatMap((line) => {
      const found = /#sent (\d+) (\d+)/.exec(line);
      return found ? [Number(found[2])] : [];
    });
    expect(usages.length).toBeGreaterThanOrEqual(4);
    expect(Math.max(...usages.slice(1)) - usages[0]!).toBeLessThanOrEqual(10);
    expect(usages[0]).toBeLessThanOrEqual(WIFI_JSVARS);
    expect(usages[0]).toBeGreaterThanOrEqual(0.9 * WIFI_JSVARS);
    broker.drop();
    const before = broker.publications.length;
    await broker.until(() => broker.clients.length === 2 && broker.publications.length > before + 3, 20_000);
    expect(said.join('\n')).not.toMatch(/Uncaught|ERROR|MEMORY/);
  }, 60_000);
});
