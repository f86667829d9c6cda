/** What the tests of flashing share. */
import { Board } from './board';
import { flashDevice, type FlashJob, type FlashResult } from '../../sim/flash/flash';
import { openPort } from '../../sim/link/port';

export async function flash(port: string, job: FlashJob): Promise<FlashResult> {
  const open = await openPort(port);
  try {
    return await flashDevice(open, { report_s: 10, ...job });
  } finally {
    await open.close();
  }
}

/** A board of its own, started with an empty flash, and the TCP port of its console. */
export async function withBoard(use: (board: Board, port: string) => Promise<void>): Promise<void> {
  const board = new Board();
  board.start();
  try {
    await use(board, await board.listen());
  } finally {
    await board.stop();
  }
}
