/** Commands over a wire that loses letters, to a console made of Node. */
import { createContext, runInContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Console } from '../../sim/hil/port/console';
import type { Port } from '../../sim/link/port';
import { Random } from '../../sim/random';

/** Evaluates lines as an interpreter's console does. */
class FakeDevice {
  context = this.start();
  lines = 0;
  silent = false;
  private said: (text: string) => void = () => undefined;

  /** @param garbles what becomes of a line on its way */
  constructor(private readonly garbles: (line: string) => string = (line) => line) {}

  readonly port: Port = {
    name: 'fake',
    write: (text) => {
      for (const line of text.split('\n').slice(0, -1)) setImmediate(() => this.take(this.garbles(line)));
    },
    onText: (listener) => void (this.said = listener),
    onClosed: () => undefined,
    close: () => Promise.resolve(),
  };

  restart(): void {
    this.context = this.start();
  }

  private start(): Record<string, unknown> {
    const context: Record<string, unknown> = {
      print: (text: string) => this.said(`${text}\r\n>`),
      E: { CRC32: (text: string) => crc32(text) },
      atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
    };
    context['global'] = context;
    return createContext(context);
  }

  private take(line: string): void {
    this.lines++;
    if (this.silent) return;
    try {
      runInContext(line.replace(/^\x1b\[2H\x10/, ''), this.context);
    } catch (error) {
      this.said(`Uncaught ${String(error).replace(/: (\w+) is not/, ': "$1" is not')}\r\n>`);
    }
  }
}

async function awake(device: FakeDevice): Promise<Console> {
  const console = new Console(device.port);
  await console.wake(20_000);
  return console;
}

describe('a console', () => {
  afterEach(() => void vi.useRealTimers());

  test('brings bytes there as they are, whatever the wire loses', async () => {
    const random = new Random(7, 'wire');
    let loses = false;
    const device = new FakeDevice((line) => {
      if (!loses || random.uniform() > 0.05) return line;
      const at = Math.floor(random.uniform() * line.length);
      return line.slice(0, at) + line.slice(at + 1 + Math.floor(random.uniform() * 52));
    });
    const console = await awake(device);
    loses = true;
    const bytes = Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(random.uniform() * 256)));
    for (const pieces of [1, 4, Infinity]) {
      console.windowPieces = pieces;
      await console.upload(bytes);
      const there = (device.context['hilText'] as string[]).join('');
      expect(Buffer.compare(Buffer.from(there, 'latin1'), bytes)).toBe(0);
    }
    expect(console.repeated).toBeGreaterThan(0);
  });

  test('takes nothing of the upload before', async () => {
    const device = new FakeDevice();
    const console = await awake(device);
    await console.upload(Buffer.alloc(3000, 1));
    await console.upload(Buffer.from('short'));
    expect(Array.from(device.context['hilText'] as string[])).toEqual(['short']);
  });

  test('sends no more at once than the device has room for', async () => {
    let waiting = 0;
    let most = 0;
    const device = new FakeDevice((line) => {
      most = Math.max(most, (waiting += line.includes('hilPut(') ? 1 : -waiting));
      return line;
    });
    const console = await awake(device);
    await console.upload(Buffer.alloc(9000));
    expect(most).toBe(4);
  });

  test('says that the device has restarted, and that it hangs', async () => {
    const device = new FakeDevice();
    const console = await awake(device);
    expect(await console.evaluate('6*7')).toBe('42');
    device.restart();
    await expect(console.evaluate('1')).rejects.toThrow('the device has restarted by itself');
    await console.wake(20_000);
    device.silent = true;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const hangs = expect(console.evaluate('1')).rejects.toThrow(/did not answer in \d+ s/);
    await vi.advanceTimersByTimeAsync(60_000);
    await hangs;
  });

  test('leaves nothing on the device', async () => {
    const device = new FakeDevice();
    const before = Object.keys(device.context);
    const console = await awake(device);
    expect(Object.keys(device.context).length).toBeGreaterThan(before.length);
    await console.close();
    expect(Object.keys(device.context)).toEqual(before);
  });
});
