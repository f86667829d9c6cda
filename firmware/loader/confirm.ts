/** What a firmware tells the loader of itself. Not resident; without effect where no loader started the firmware. */
import { isMarked, isWhole, Mark, readSlot, setMark, SLOTS, type Files } from './slots';

/**
 * The self-test has passed: this firmware is what later ones are measured by.
 * @param prefix of the names of this firmware's files
 */
export function confirmSlot(files: Files, prefix: string): void {
  const slot = readSlot(files, prefix);
  if (slot !== undefined) setMark(files, slot, Mark.confirmed);
}

/**
 * The self-test has failed: whether a new start helps. It counts as another failed one of a firmware on trial, and after two the
 * loader goes back to the firmware before it. A confirmed firmware, or one without another to go back to, stays.
 */
export function shouldRestart(files: Files, prefix: string): boolean {
  const slot = readSlot(files, prefix);
  if (slot === undefined || isMarked(slot, Mark.confirmed)) return false;
  const other = readSlot(files, prefix === SLOTS[0] ? SLOTS[1] : SLOTS[0]);
  return (
    other !== undefined && isMarked(other, Mark.confirmed) && !isMarked(other, Mark.rejected) && isWhole(files, other)
  );
}
