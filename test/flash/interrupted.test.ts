/**
 * The connection breaks at places spread over a whole upload (fifty in the long tests), and the board is reset: the firmware that was
 * there runs, or, on a board that had none, it says what to do. What looks whole is whole, and what is said to be done is done.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { Board } from './board';
import { flash, withBoard } from './rig';
import { standIn } from './standIn';
import { LONG } from '../long';
import { onDevice } from '../device/interpreter';
import type { FlashJob } from '../../sim/flash/flash';

const PLACES = LONG ? 50 : 14;
const AT_A_TIME = 2;
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
  await persistently(board, () => {
    board.received = 0;
    return flash(port, { built: newer, config: '{"of":"newer"}' });
  });
  return board.received;
}

const measureEmpty = (): Promise<void> =>
  withBoard(async (board, port) => {
    empty = { flash: undefined, bytes: await measure(board, port) };
  });

const measureWorking = (): Promise<void> =>
  withBoard(async (board, port) => {
    const older = await standIn(1);
    await persistently(board, () => flash(port, { built: older }));
    const content = fs.readFileSync(path.join(board.folder, 'espruino.flash'));
    working = { flash: content, bytes: await measure(board, port) };
  });

/** Of what is sent; the last two, one of each kind, when all but the report is done. */
const partOf = (k: number): number => (k < PLACES - 2 ? (k + 0.5) / PLACES : 0.995);

/** A reset and the same command again: of some fifty uploads a PC's interpreter spoils one for good. */
const persistently = <Result>(board: Board, command: () => Promise<Result>): Promise<Result> =>
  command().catch(async () => {
    await board.reset();
    return command();
  });

onDevice('an upload that is interrupted', () => {
  test('leaves the firmware that was there, or says what to do', async () => {
    newer = await standIn(2);
    await Promise.all([measureEmpty(), measureWorking()]);
    const places = Array.from({ length: PLACES }, (_, k) => k);
    const outcomes: string[] = [];
    const worker = async (): Promise<void> => {
      for (let k = places.shift(); k !== undefined; k = places.shift())
        outcomes.push(await interrupt(k % 2 === 0 ? working : empty, partOf(k), k % AGAIN_EVERY === 0));
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    expect(outcomes).toHaveLength(PLACES);
    // Both are met; `newer` where all but the report had come.
    expect(outcomes).toEqual(expect.arrayContaining(['older', 'recovery']));
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
    await board.reset();
    const outcome = await outcomeOf(board, before);
    // Near the end it is the report that is lost.
    if (outcome === 'newer')
      expect(said).toMatch(/^done$|is in flash and verified|is not known: type the same command/);
    else expect(said).toMatch(/type the same command again|gives no answer|does not come back|connection is lost/);
    if (again) {
      const result = await persistently(board, () => flash(port, { built: newer }));
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
