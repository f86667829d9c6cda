/**
 * The connection breaks at fifty places spread over a whole upload, and the board is reset: the firmware that was there runs, or, on a
 * board that had none, it says what to do. What looks whole is whole.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { Board } from './board';
import { flash, withBoard } from './rig';
import { standIn } from './standIn';
import { onDevice } from '../device/interpreter';
import type { FlashJob } from '../../sim/flash/flash';

const PLACES = 50;
const AT_A_TIME = 5;
/** After each so many interruptions the upload is tried again. */
const AGAIN_EVERY = 5;

interface Before {
  /** The flash of the board. */
  flash: Buffer | undefined;
  /** What an upload that is left alone sends. */
  bytes: number;
}

let newer: FlashJob['built'];
let empty: Before;
let working: Before;

async function measure(board: Board, port: string): Promise<number> {
  board.received = 0;
  await flash(port, { built: newer, config: '{"of":"newer"}' });
  return board.received;
}

const measureEmpty = (): Promise<void> =>
  withBoard(async (board, port) => {
    empty = { flash: undefined, bytes: await measure(board, port) };
  });

const measureWorking = (): Promise<void> =>
  withBoard(async (board, port) => {
    await flash(port, { built: await standIn(1) });
    const content = fs.readFileSync(path.join(board.folder, 'espruino.flash'));
    working = { flash: content, bytes: await measure(board, port) };
  });

onDevice('an upload that is interrupted', () => {
  test('leaves the firmware that was there, or says what to do', async () => {
    newer = await standIn(2);
    await Promise.all([measureEmpty(), measureWorking()]);
    const places = Array.from({ length: PLACES }, (_, k) => k);
    const outcomes: string[] = [];
    const worker = async (): Promise<void> => {
      for (let k = places.shift(); k !== undefined; k = places.shift())
        outcomes.push(await interrupt(k % 2 === 0 ? working : empty, (k + 0.5) / PLACES, k % AGAIN_EVERY === 0));
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    expect(outcomes).toHaveLength(PLACES);
    // Each way of ending is met.
    expect(new Set(outcomes)).toEqual(new Set(['older', 'recovery', 'newer']));
  });
});

/** @returns what the board is after the reset: running the older firmware, the newer, or asking for one */
async function interrupt(before: Before, part: number, again: boolean): Promise<string> {
  const board = new Board();
  try {
    if (before.flash) fs.writeFileSync(path.join(board.folder, 'espruino.flash'), before.flash);
    board.start();
    const port = await board.listen(Math.ceil(part * before.bytes));
    const said = await flash(port, { built: newer, config: '{"of":"newer"}' }).then(
      () => 'done',
      (error: Error) => error.message,
    );
    // Near the end it is the report that is lost.
    expect(said).toMatch(
      /type the same command again|is in flash and verified|not in flash as it was sent|connection is lost/,
    );
    await board.reset();
    const outcome = await outcomeOf(board, before);
    if (again) {
      const result = await flash(port, { built: newer });
      expect(result.start).toMatchObject({ asFlashed: true, selfTest: 'ready', confirmed: true });
    }
    return outcome;
  } finally {
    await board.stop();
  }
}

async function outcomeOf(board: Board, before: Before): Promise<string> {
  await board.says(/>/);
  const [runs, config, bootCode] = JSON.parse(
    await board.evaluate(
      'JSON.stringify([global.standIn,require("Storage").read("caldera.json"),require("Storage").read(".bootcde")!==undefined])',
    ),
  ) as [number | null, string | null, boolean];
  if (runs === 2) {
    expect(config).toBe('{"of":"newer"}');
    return 'newer';
  }
  expect(config).toBeNull();
  if (before.flash !== undefined) {
    expect(runs).toBe(1);
    return 'older';
  }
  expect(runs).toBeNull();
  // An empty board has no words of its own until it has its boot code: the interpreter's prompt is all there is.
  if (bootCode) {
    await board.reset();
    await board.says(/#To recover: connect the board and type caldera flash/);
  }
  return 'recovery';
}
