/** Which firmware a start runs. */
import { bySeniority, isMarked, isWhole, KEPT_CONFIG, Mark, setMark, slotName, type Files, type Slot } from './slots';

/** What a slot is not started without: the firmware's own name for it is in firmware/device.ts. */
export const CONFIG_FILE = 'caldera.json';

/** Counts the start of a firmware on trial. @returns undefined when no firmware in flash is whole */
export function chooseSlot(files: Files, say: (text: string) => void): Slot | undefined {
  const slots = bySeniority(files);
  const first = wholeOrNot(files, slots[0], say);
  if (first !== undefined && isMarked(first, Mark.confirmed)) return first;
  const second = wholeOrNot(files, slots[1], say);
  if (first === undefined) return second;
  if (!isMarked(first, Mark.firstTry)) setMark(files, first, Mark.firstTry);
  else if (!isMarked(first, Mark.secondTry)) setMark(files, first, Mark.secondTry);
  // What has not proved itself either is no better.
  else if (second !== undefined && isMarked(second, Mark.confirmed) && !isMarked(second, Mark.rejected)) {
    say('firmware ' + slotName(first) + ' failed two starts: back to the one before it');
    restoreConfig(files, second);
    // Last: a power cut before it goes this way again.
    setMark(files, first, Mark.rejected);
    return second;
  }
  return first;
}

function wholeOrNot(files: Files, slot: Slot | undefined, say: (text: string) => void): Slot | undefined {
  if (slot === undefined || isWhole(files, slot)) return slot;
  say('firmware ' + slotName(slot) + ' is damaged in flash');
  return undefined;
}

/** The configuration that this firmware ran with, where the rejected one brought its own. */
function restoreConfig(files: Files, slot: Slot): void {
  const kept = files.read(slot.prefix + KEPT_CONFIG);
  if (kept === undefined) return;
  if (kept === 'null') files.erase(CONFIG_FILE);
  else files.write(CONFIG_FILE, kept);
}
