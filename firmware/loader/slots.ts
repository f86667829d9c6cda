/**
 * Two firmwares lie in flash side by side, as files `a-...` and `b-...` (slots): the one that runs, and the one that ran before it.
 *
 * What a slot holds stands in its manifest, which is written last: before that the slot counts as empty. So whatever an
 * interruption leaves of an upload is never started, and nothing ever overwrites the firmware that runs.
 *
 * A new firmware is on trial until its self-test has passed. After two starts without that the one before it runs again.
 */

/** The begins of the names of their files. */
export const SLOTS: readonly string[] = ['a-', 'b-'];
/** The file that `prefix + MANIFEST` names. */
export const MANIFEST = 'manifest';
/** Beside a slot that a newer one replaced together with the configuration: the configuration it ran with, or `null`. */
export const KEPT_CONFIG = 'config';

/**
 * Bytes at the end of a manifest, erased (0xff) until they are set. Each is set once, in place: unlike the replacement of a file that
 * leaves no moment in which neither the old nor the new is there.
 */
export enum Mark {
  firstTry,
  secondTry,
  confirmed,
  rejected,
  length,
}

/** Flash files as the interpreter's Storage has them; each character of a text is a byte. */
export interface Files {
  /** The whole file; undefined when there is none. */
  read(name: string): string | undefined;
  /** Writes the whole file, in place of one that has the name. @returns whether it was written */
  write(name: string, text: string): boolean;
  /** Removes the file. */
  erase(name: string): void;
  /** Sets an erased byte of a file. */
  set(name: string, offset: number): void;
  /** CRC-32 as in zlib, unsigned. */
  crc32(text: string): number;
}

/** A file of a slot: its name without the prefix, bytes, CRC-32. */
export type SlotFile = readonly [name: string, bytes: number, crc32: number];

/** A firmware in flash, as its manifest has it. The prefix is one of `SLOTS`. */
export interface Slot {
  prefix: string;
  /** Counts up with each firmware that is flashed: the higher is the newer. */
  order: number;
  /** Board, version and hash of the build, for people. */
  label: string;
  files: readonly SlotFile[];
  /** Mark.length characters. */
  marks: string;
}

/** A manifest without its marks: a CRC-32 and, on the next line, what it is the CRC-32 of. */
export function manifestText(
  order: number,
  label: string,
  files: readonly SlotFile[],
  crc32: (text: string) => number,
): string {
  const list = JSON.stringify([order, label, files]);
  return crc32(list) + '\n' + list + '\n';
}

/** @returns undefined when the slot is empty or its manifest damaged */
export function readSlot(files: Files, prefix: string): Slot | undefined {
  const text = files.read(prefix + MANIFEST);
  if (text === undefined) return undefined;
  const line = text.indexOf('\n');
  const end = text.length - Mark.length;
  const list = text.substring(line + 1, end - 1);
  if (line < 1 || text.substring(0, line) !== '' + files.crc32(list)) return undefined;
  const parts = JSON.parse(list);
  return { prefix: prefix, order: parts[0], label: parts[1], files: parts[2], marks: text.substring(end) };
}

/** Whether the mark was set when the slot was read. */
export function isMarked(slot: Slot, mark: Mark): boolean {
  return slot.marks.charCodeAt(mark) !== 255;
}

/** Sets the mark in flash, unless it is set or there is no manifest any more. `slot` stays as it was read. */
export function setMark(files: Files, slot: Slot, mark: Mark): void {
  const name = slot.prefix + MANIFEST;
  const text = files.read(name);
  if (text !== undefined && !isMarked(slot, mark)) files.set(name, text.length - Mark.length + mark);
}

/** Whether every file of the slot is in flash as it was built. */
export function isWhole(files: Files, slot: Slot): boolean {
  for (let k = 0; k < slot.files.length; k++) {
    const file = slot.files[k];
    const text = files.read(slot.prefix + file[0]);
    if (text === undefined || text.length !== file[1] || files.crc32(text) !== file[2]) return false;
  }
  return true;
}

/** Both slots, the one to be preferred first: what was rejected last, else the newer first. */
export function bySeniority(files: Files): (Slot | undefined)[] {
  const a = readSlot(files, SLOTS[0]);
  const b = readSlot(files, SLOTS[1]);
  return rank(a) < rank(b) ? [b, a] : [a, b];
}

function rank(slot: Slot | undefined): number {
  if (slot === undefined) return -1e9;
  return isMarked(slot, Mark.rejected) ? slot.order - 1e9 : slot.order;
}

/** How a slot is called when it is talked of, such as `a: cycler 0.1.0 0123456789abcdef`. */
export function slotName(slot: Slot): string {
  return slot.prefix[0] + ': ' + slot.label;
}
