/** A board at a pseudo-terminal, as a USB serial adapter would show it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';

/** What is at the other end of the terminal. */
interface Wire {
  type(text: string): void;
  onSaid(listener: (bytes: Buffer) => void): unknown;
}

/** Whether this machine can make one. */
export const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
if (!hasTerminals)
  console.warn('SKIPPED: no pseudo-terminal: `script` of util-linux is not here (apt install bsdutils)');

/**
 * The console of an interpreter that is its own TCP server, as a wire. A PC's interpreter loses letters of its standard input, whose
 * thread is not guarded against the reader; those that come by TCP it does not, as a board's UART does not.
 */
export async function overTcp(port: string, use: (wire: Wire) => Promise<void>): Promise<void> {
  const { hostname, port: number } = new URL(port);
  const socket = net.connect(Number(number), hostname);
  try {
    await once(socket, 'connect');
    await use({
      type: (text) => void socket.write(Buffer.from(text, 'latin1')),
      onSaid: (listener) => socket.on('data', listener),
    });
  } finally {
    socket.destroy();
  }
}

/** @param use is given the name of the port */
export async function withTerminal(board: Wire, use: (port: string) => Promise<void>): Promise<void> {
  const terminal = spawn('script', ['-qfec', 'stty raw -echo; tty; exec sleep 3600', '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    const name = await new Promise<string>((resolve) =>
      terminal.stdout.once('data', (bytes: Buffer) => resolve(/\/dev\/\S+/.exec(bytes.toString('latin1'))![0])),
    );
    terminal.stdout.on('data', (bytes: Buffer) => board.type(bytes.toString('latin1')));
    terminal.stdin.on('error', () => undefined);
    board.onSaid((bytes) => void terminal.stdin.write(bytes));
    await use(name);
  } finally {
    terminal.kill('SIGKILL');
  }
}
