/** A board at a pseudo-terminal, as a USB serial adapter would show it. */
import { spawn, spawnSync } from 'node:child_process';
import type { Board } from '../flash/board';

/** Whether this machine can make one. */
export const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
if (!hasTerminals)
  console.warn('SKIPPED: no pseudo-terminal: `script` of util-linux is not here (apt install bsdutils)');

/** @param use is given the name of the port */
export async function withTerminal(board: Board, use: (port: string) => Promise<void>): Promise<void> {
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
