/**
 * The flash pages of a board that Espruino uses for nothing else.
 *
 * ESP32: the partition `flash`, 64 KB right before that of Storage (Espruino 2v29, targets/esp32, partitions_espruino.csv and
 * `saved_code` of boards/ESP32.py). `Flash.getFree()` names it too, but besides it 640 KB that are Storage's. On the interpreter
 * of a PC Storage is all there is, in pages of 1 KB, filled from its begin: the last 64 KB are not reached while it has as
 * much free, and are lost when it compacts or erases itself.
 */
import type { Bytes, Flash, FlashArea } from '../bus';

const PAGE_BYTES = 4096;
const PAGES = 16;

/** First bytes of the area and of Storage, and where Storage ends. */
interface Places {
  area: number;
  storage: number;
  storageEnd: number;
}

function places(): Places | undefined {
  const board = process.env.BOARD;
  if (board === 'ESP32') return { area: 0x310000, storage: 0x320000, storageEnd: 0x400000 };
  if (board !== 'LINUX') return undefined;
  const end = 0x10040000;
  const used = 0x40000 - require('Storage').getFree();
  return { area: end - PAGES * PAGE_BYTES, storage: 0x10000000, storageEnd: 0x10000000 + used };
}

/**
 * @param inSmallPages makes pages of smaller ones; handed over because what it makes stays
 * @throws when the board is unknown, or the area is not free
 */
export function recordArea(inSmallPages: (flash: Flash, pageBytes: number) => Flash): FlashArea {
  const flash = require('Flash');
  const found = places();
  const page = found === undefined ? undefined : flash.getPage(found.area);
  if (found === undefined || page === undefined || page.addr !== found.area || PAGE_BYTES % page.length !== 0) {
    throw new Error('no flash for records is known on ' + process.env.BOARD);
  }
  if (found.area < found.storageEnd && found.area + PAGES * PAGE_BYTES > found.storage) {
    throw new Error('the records would lie in Storage');
  }
  const whole = page.length === PAGE_BYTES ? flash : inSmallPages(flash, page.length);
  return { flash: whole, begin: found.area, pageBytes: PAGE_BYTES, pages: PAGES };
}

/** Pages of 4 KB made of smaller ones. */
export function inSmallPages(flash: Flash, pageBytes: number): Flash {
  return {
    read: function (length: number, address: number): Bytes {
      return flash.read(length, address);
    },
    write: function (bytes: Uint8Array, address: number): void {
      flash.write(bytes, address);
    },
    erasePage: function (address: number): void {
      for (let at = 0; at < PAGE_BYTES; at += pageBytes) flash.erasePage(address + at);
    },
  };
}

/** CRC-32 as in zlib, unsigned: the interpreter's own function. */
export function crc32(): (bytes: Bytes) => number {
  return E.CRC32 as (bytes: Bytes) => number;
}
