/** The two memories that records may lie in, with power that fails after a number of bytes. */
import { crc32 } from 'node:zlib';
import { mb85rcFlash } from '../../hal/chips/mb85rc';
import type { Bytes, FlashArea } from '../../hal/bus';
import { eraseAhead } from '../../firmware/record/erase';
import type { Records } from '../../firmware/record/layout';
import { openRecords } from '../../firmware/record/open';
import { SimulatedBus } from '../../sim/chips/bus';
import { NorFlash, PowerCut } from '../../sim/chips/flash';
import { Mb85rcModel } from '../../sim/chips/mb85rc';
import { VirtualClock } from '../../sim/clock';
import { Random } from '../../sim/random';

export const PAGE_BYTES = 4096;
export const PAGES = 16;
export const FRAM_ADDRESS = 0x50;

/** Either memory's model. */
interface Cells {
  readonly cells: Uint8Array;
  cutAfter: number;
}

export interface Medium {
  area: FlashArea;
  model: Cells;
  /** All that the cells hold. */
  save(): () => void;
}

export function norFlash(seed = 1, pages = PAGES, pageBytes = PAGE_BYTES): Medium & { model: NorFlash } {
  const begin = 0x310000;
  const model = new NorFlash(begin, pageBytes, pages, new Random(seed, 'flash'));
  const area = { flash: model, begin, pageBytes, pages };
  return {
    area,
    model,
    save: () => {
      const cells = model.cells.slice();
      const between = model.between.slice();
      return () => {
        model.cells.set(cells);
        model.between.set(between);
      };
    },
  };
}

export function fram(): Medium & { model: Mb85rcModel; bus: SimulatedBus } {
  const bus = new SimulatedBus(new VirtualClock());
  const model = new Mb85rcModel(PAGES * PAGE_BYTES);
  bus.attach(FRAM_ADDRESS, model);
  const area = { flash: mb85rcFlash(bus, FRAM_ADDRESS, PAGE_BYTES), begin: 0, pageBytes: PAGE_BYTES, pages: PAGES };
  return {
    area,
    model,
    bus,
    save: () => {
      const cells = model.cells.slice();
      return () => model.cells.set(cells);
    },
  };
}

export const MEDIA: readonly [string, () => Medium][] = [
  ['NOR flash', norFlash],
  ['FRAM', fram],
];

export const checksum = (bytes: Bytes): number => crc32(bytes as Uint8Array);

/** A boot: the records as they are found. */
export function boot(medium: Medium): Records {
  medium.model.cutAfter = Infinity;
  return openRecords(medium.area, checksum);
}

export function eraseAll(r: Records): number {
  let erased = 0;
  while (eraseAhead(r)) erased++;
  return erased;
}

/** A medium that was never used, erased and opened. */
export function fresh(medium: Medium): Records {
  const r = boot(medium);
  eraseAll(r);
  return r;
}

/** Bytes that `act` writes and erases. */
export function bytesOf(medium: Medium, act: () => void): number {
  medium.model.cutAfter = 1e9;
  act();
  const bytes = 1e9 - medium.model.cutAfter;
  medium.model.cutAfter = Infinity;
  return bytes;
}

/** Lets power fail after so many bytes of what `act` writes. @returns whether it did */
export function cut(medium: Medium, bytes: number, act: () => void): boolean {
  medium.model.cutAfter = bytes;
  try {
    act();
    return false;
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return true;
  } finally {
    medium.model.cutAfter = Infinity;
  }
}
