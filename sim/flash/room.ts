/** Room in the device's Storage. */
import type { OnProgress } from '../results/types';
import { ConversationError, type Conversation } from './conversation';
import { STORAGE } from './deviceFiles';

/** Of each file in Storage, and for the alignment of its end. */
const HEADER_BYTES = 36;
/** For manifests, with many parts. */
const SPARE_BYTES = 2048;
/** On a PC's interpreter the records lie at the end of Storage (hal/espruino/flash.ts). */
const RECORDS_BYTES: Readonly<Record<string, number>> = { LINUX: 65536 };

/**
 * Sees to it that files with these texts can be written without the interpreter tidying up in the middle: that takes up to a minute, in
 * which a board reads nothing that is sent.
 * @param lastResort frees what is better kept
 * @returns whether that had to be done
 * @throws ConversationError when they cannot be
 */
export async function makeRoom(
  device: Conversation,
  texts: readonly string[],
  lastResort: () => Promise<void>,
  onProgress: OnProgress,
): Promise<boolean> {
  const needed = texts.reduce((sum, text) => sum + text.length + HEADER_BYTES, SPARE_BYTES);
  const tidyUp = async (): Promise<boolean> => {
    onProgress(0.03, 'tidying the flash, up to a minute: leave the board powered');
    await device.evaluate(`${STORAGE}.compact()`, 180_000);
    return (await free(device)) >= needed;
  };
  if ((await free(device)) >= needed || (await tidyUp())) return false;
  await lastResort();
  if (await tidyUp()) return true;
  throw new ConversationError(
    `the board's Storage has ${await free(device)} bytes free, the firmware needs ${needed}; erase files of other programs (require("Storage").list() names them)`,
  );
}

async function free(device: Conversation): Promise<number> {
  const board = String(await device.evaluate('process.env.BOARD'));
  return Number(await device.evaluate(`${STORAGE}.getFree()`)) - (RECORDS_BYTES[board] ?? 0);
}
