/** The same over the other ways to a console: a pseudo-terminal opened as a serial port, and the interpreter's own TCP server. */
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Board } from './board';
import { flash } from './rig';
import { standIn } from './standIn';
import { onDevice } from '../device/interpreter';
import { withTelnet } from '../device/telnet';

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
if (!hasScript)
  console.warn(
    'SKIPPED: no pseudo-terminal for the serial port: `script` of util-linux is not here (apt install bsdutils)',
  );

onDevice('flash', () => {
  test.skipIf(!hasScript)('through a serial port', async () => {
    const board = new Board();
    board.start();
    const terminal = await openTerminal();
    try {
      // What one end takes in comes out at the other, as between a board and a computer.
      terminal.onHeard((bytes) => board.type(bytes.toString('latin1')));
      board.onSaid((bytes) => terminal.say(bytes));
      const first = await flash(terminal.name, { built: await standIn(1) });
      expect(first).toMatchObject({ slot: 'a', start: { asFlashed: true, selfTest: 'ready', confirmed: true } });
      const second = await flash(terminal.name, { built: await standIn(2) });
      expect(second).toMatchObject({ slot: 'b', start: { asFlashed: true, selfTest: 'ready', confirmed: true } });
      await board.reset();
      await board.says(/#stand-in 2/);
    } finally {
      terminal.close();
      await board.stop();
    }
  });

  test("through the interpreter's own TCP server", () =>
    withTelnet(async (port) => {
      for (const number of [1, 2, 3]) {
        const { start } = await flash(port, { built: await standIn(number) });
        expect(start).toMatchObject({ asFlashed: true, selfTest: 'ready', confirmed: true });
      }
    }));
});

interface Terminal {
  /** Of the end that a program opens. */
  name: string;
  onHeard(listener: (bytes: Buffer) => void): void;
  say(bytes: Buffer): void;
  close(): void;
}

/** `script` makes a pseudo-terminal for the program that it starts and joins the other end to its own input and output. */
async function openTerminal(): Promise<Terminal> {
  const child = spawn('script', ['-qfec', 'stty raw -echo; tty; exec sleep 600', '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let heard = Buffer.alloc(0);
  let listen: ((bytes: Buffer) => void) | undefined;
  child.stdout.on('data', (bytes: Buffer) => {
    if (listen === undefined) heard = Buffer.concat([heard, bytes]);
    else listen(bytes);
  });
  let name: string | undefined;
  for (let tries = 0; name === undefined && tries < 200; tries++) {
    await delay(20);
    name = /^(\/dev\/\S+)\r?\n/m.exec(heard.toString('latin1'))?.[1];
  }
  if (name === undefined) throw new Error(`script opens no terminal: ${heard.toString('latin1')}`);
  return {
    name,
    onHeard: (listener) => void (listen = listener),
    say: (bytes) => void child.stdin.write(bytes),
    close: () => void child.kill('SIGTERM'),
  };
}
