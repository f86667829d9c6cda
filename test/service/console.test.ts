/** What becomes of typed text on the real interpreter, with its console closed and open again. */
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { saveToFlash } from '../../sim/hil/flash';
import { end, startConsole, type Console } from '../device/console';
import { interpreter, onDevice } from '../device/interpreter';
import { atTelnetPort, TELNET_PORT } from '../device/telnetPort';
import { deviceScript } from './deviceScript';
import { KEY, respondTo } from './onNode';

/** The button's pin as a file: `1` while it is released. Root variables hide what is built in. */
const BUTTON_BOOT =
  'global.Pin=function(){return{mode:function(){},read:function(){return require("fs").readFileSync("button")=="1";}};};';

let folder = '';
let running: Board[] = [];

/** The interpreter as a process that boots from the folder's flash. */
class Board {
  private readonly child: Console;
  private said = '';

  constructor(...options: string[]) {
    this.child = startConsole(folder, options);
    this.child.stdout.on('data', (text: Buffer) => (this.said += text.toString('latin1')));
    running.push(this);
  }

  type(text: string): void {
    this.said = '';
    this.child.stdin.write(text);
  }

  /** Waits for what is said after the last `type`. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (let waited_ms = 0; waited_ms < 10_000; waited_ms += 20) {
      const found = pattern.exec(this.said);
      if (found) return found;
      await delay(20);
    }
    throw new Error(`no ${pattern} in: ${this.said}`);
  }

  /** A line over the wire of a closed console, and its answer. */
  async serve(line: string): Promise<string> {
    this.type(`${line}\n`);
    return (await this.says(/#(.*?)\r?\n/))[1]!;
  }

  /** Whether what is typed is executed. It types what a closed console answers with an error. */
  async executes(): Promise<boolean> {
    this.type('\nprint("<"+6*7+">")\nstatus\n');
    const [found] = await this.says(/<42>|#ok idle/);
    return found === '<42>';
  }

  stop(): Promise<void> {
    running = running.filter((board) => board !== this);
    return end(this.child);
  }
}

async function boot(...options: string[]): Promise<Board> {
  const board = new Board(...options);
  await board.says(/#booted/);
  return board;
}

/** A board with a key, after the reset that closes its console. */
async function commissioned(...options: string[]): Promise<Board> {
  const board = await boot();
  board.type(`served("key ${KEY}")\n`);
  await board.says(/#ok key set/);
  await board.stop();
  return boot(...options);
}

async function authorise(board: Board, command: string): Promise<string> {
  return board.serve(respondTo(await board.serve(`challenge ${command}`), command));
}

const press = (pressed: boolean): void => fs.writeFileSync(path.join(folder, 'button'), pressed ? '0' : '1');

onDevice('the console of a production build', () => {
  let code = '';

  beforeAll(async () => {
    code = await deviceScript('production.mjs');
  });

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-console-'));
    press(false);
    await saveToFlash(interpreter, folder, { '.boot0': BUTTON_BOOT, '.bootcde': code });
  });

  afterEach(async () => {
    await Promise.all(running.map((board) => board.stop()));
    fs.rmSync(folder, { recursive: true });
  });

  test('is open until a key is set, then closed from the next boot on', async () => {
    const board = await boot();
    expect(await board.executes()).toBe(true);
    await board.stop();
    const after = await commissioned();
    expect(await after.executes()).toBe(false);
    // The wire still serves, and Ctrl-C stops nothing.
    expect(await after.serve('status')).toBe('ok idle');
    after.type('\x03\x03\x03\n');
    await after.says(/#error: unknown command/);
    expect(await after.serve('status')).toBe('ok idle');
    expect(await after.serve(`key ${KEY}`)).toMatch(/^refused/);
  });

  test('is opened by an authorised update until the next reset', async () => {
    const board = await commissioned();
    expect(await authorise(board, 'update')).toBe('ok');
    expect(await board.executes()).toBe(true);
    await board.stop();
    expect(await (await boot()).executes()).toBe(false);
  });

  test('is opened, without its key, by the button held at boot', async () => {
    const board = await commissioned();
    expect(await board.executes()).toBe(false);
    press(true);
    for (let tries = 0; tries < 30 && !(await board.executes()); tries++) await delay(100);
    expect(await board.executes()).toBe(true);
    board.type('served("challenge ship")\n');
    await board.says(/#refused: no key is set/);
    await board.stop();
    expect(await (await boot()).executes()).toBe(true);
  });

  test('is opened by erasing the flash', async () => {
    const board = await commissioned();
    expect(await board.executes()).toBe(false);
    await board.stop();
    fs.rmSync(path.join(folder, 'espruino.flash'));
    const blank = new Board();
    await blank.says(/>/);
    expect(await blank.executes()).toBe(true);
  });

  test('does not move to a Telnet connection, as it would if it were not forced', () =>
    atTelnetPort(async () => {
      const typed = 'print("<"+6*7+">")\n';
      const board = await commissioned('--telnet');
      expect(await overTelnet(typed)).not.toContain('<42>');
      expect(await board.executes()).toBe(false);
      await board.stop();

      await saveToFlash(interpreter, folder, { '.bootcde': 'USB.write("#booted\\n");E.setConsole(null);' });
      const open = await boot('--telnet');
      expect(await overTelnet(typed)).toContain('<42>');
      await open.stop();
    }));
});

/** What comes back within a second for what is sent to the interpreter's Telnet port. */
async function overTelnet(text: string): Promise<string> {
  const socket = await connect();
  let said = '';
  socket.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')));
  await delay(200);
  socket.write(text);
  await delay(800);
  socket.destroy();
  return said;
}

async function connect(): Promise<net.Socket> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const socket = net.connect(TELNET_PORT, '127.0.0.1');
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (connected) return socket;
    await delay(100);
  }
  throw new Error(`nobody listens on port ${TELNET_PORT}`);
}
