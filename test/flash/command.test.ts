/** The command line of `flash`: what it passes on, what it says, how it exits. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli } from '../cli/harness';
import type { FlashResult } from '../../sim/flash/flash';
import { flashBoard, type FlashOptions } from '../../sim/flash/flashBoard';

const BUILD = 'cycler 0.1.0 0123456789abcdef';
const flashed = (start: Partial<FlashResult['start']> = {}): FlashResult => ({
  interpreter: { board: 'ESP32', version: '2v29' },
  board: 'cycler',
  version: '0.1.0',
  hash: '0123456789abcdef',
  slot: 'b',
  files: [
    { name: 'b-main', bytes: 40000, crc32: 1, uploaded: true },
    { name: 'b-boot', bytes: 2000, crc32: 2, uploaded: false },
  ],
  loader: false,
  config: false,
  alone: false,
  start: { runs: `b: ${BUILD}`, asFlashed: true, selfTest: 'ready', confirmed: true, said: ['ready'], ...start },
});

const run = (start: Partial<FlashResult['start']>) =>
  cli(['flash', '--port', 'COM3'], { flash: () => Promise.resolve(flashed(start)) });

describe('flash', () => {
  test('passes the options on', async () => {
    let seen: FlashOptions | undefined;
    const flash = (options: FlashOptions) => Promise.resolve(((seen = options), flashed()));
    const line =
      'flash --port tcp://127.0.0.1:2323 --board cycler --config my.json --production --key-file my.key --json';
    const { stdout, code } = await cli(line.split(' '), { flash });
    expect(seen).toEqual({
      port: 'tcp://127.0.0.1:2323',
      board: 'cycler',
      config: 'my.json',
      production: true,
      keyFile: 'my.key',
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      port: 'tcp://127.0.0.1:2323',
      slot: 'b',
      files: [{ bytes: 40000 }, {}],
    });
  });

  test('says what is in flash and how the self-test went', async () => {
    const { stdout, code } = await run({});
    expect(code).toBe(0);
    expect(stdout).toContain('COM3: ESP32, Espruino 2v29');
    expect(stdout).toContain(`slot b: cycler 0.1.0 build 0123456789abcdef: 2 files, 42000 bytes, 1 uploaded`);
    expect(stdout).toContain('self-test: passed');
    expect((await run({ confirmed: false })).stdout).toContain('on trial');
  });

  test('exits with 0 when the firmware runs and reports what its board lacks', async () => {
    const { stdout, code } = await run({ selfTest: 'part at 0x60 is not an MCP4725', confirmed: null });
    expect(code).toBe(0);
    expect(stdout).toContain('self-test: failed: part at 0x60 is not an MCP4725');
  });

  test('exits with 1 when another firmware runs, or nothing is said', async () => {
    const back = await run({ asFlashed: false, runs: `a: ${BUILD}`, said: ['self-test failed: a part', 'ready'] });
    expect(back.code).toBe(1);
    expect(back.stdout).toContain(`what runs now: a: ${BUILD}\nself-test failed: a part`);
    expect((await run({ selfTest: '' })).code).toBe(1);
  });

  test('asks for the port', async () => {
    const { code, stderr } = await cli(['flash']);
    expect(code).toBe(2);
    expect(stderr).toContain('--port');
  });
});

describe('what is seen before anything is sent', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-flash-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const port = 'tcp://127.0.0.1:1';

  test('a key that is none', async () => {
    const file = path.join(folder, 'key');
    fs.writeFileSync(file, 'secret');
    await expect(flashBoard({ port, production: true, keyFile: file })).rejects.toThrow(
      /--key-file: .* does not hold a key; allowed: 64 hexadecimal digits/,
    );
    await expect(flashBoard({ port, production: true, keyFile: path.join(folder, 'none') })).rejects.toThrow(
      /--key-file: .* cannot be read: ENOENT/,
    );
  });

  test('a board that does not go with the configuration', async () => {
    await expect(flashBoard({ port, production: false, board: 'drone-6s', config: 'cycler' })).rejects.toThrow(
      "--board: 'drone-6s' does not go with --config cycler; allowed: cycler",
    );
  });
});
