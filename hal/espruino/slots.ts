/** Storage as the loader sees it (firmware/loader/). */
import { eraseFile, expose, printLine, readFile, writeFile } from './system';

/** The files that hold firmware. */
export function slotFiles() {
  return {
    read: readFile,
    write: writeFile,
    erase: eraseFile,
    set: setByte,
    crc32: crcOf,
  };
}

/** Sets an erased byte in place. */
function setByte(name: string, offset: number): void {
  require('Storage').write(name, '1', offset);
}

/** Of a text in flash it is read where it lies. */
function crcOf(text: string): number {
  return E.CRC32(text);
}

/** Names the firmware that is to run by the begin of the names of its files (`filePrefix`). */
export function startFrom(prefix: string): void {
  expose('calderaSlot', prefix as unknown as object);
}

/** A line for a person, marked as the firmware's are. */
export function say(text: string): void {
  printLine('#' + text);
}
