/** The files in the flash of the device at the other end. */
import { crc32 } from 'node:zlib';
import { manifestText, MANIFEST, Mark, SLOTS, type Files, type SlotFile } from '../../firmware/loader/slots';
import type { Conversation } from './conversation';

export interface DeviceFile {
  name: string;
  bytes: number;
  crc32: number;
}

export const STORAGE = 'require("Storage")';

export const crcOf = (text: string): number => crc32(Buffer.from(text, 'latin1'));

/** Size and CRC-32 of those of the files that are there, by name: computed by the device over its own flash. */
export async function readBack(device: Conversation, names: readonly string[]): Promise<Map<string, DeviceFile>> {
  const answer = (await device.evaluate(
    `${JSON.stringify(names)}.map(function(n){var f=${STORAGE}.read(n);return f===undefined?0:[f.length,E.CRC32(f)]})`,
    30_000,
  )) as ([number, number] | 0)[];
  const found = new Map<string, DeviceFile>();
  names.forEach((name, index) => {
    const file = answer[index];
    if (file) found.set(name, { name, bytes: file[0], crc32: file[1] });
  });
  return found;
}

/** What the device's manifests say, for the loader's own functions. */
export async function readManifests(device: Conversation): Promise<Files> {
  const names = SLOTS.map((prefix) => prefix + MANIFEST);
  const encoded = (await device.evaluate(
    `${JSON.stringify(names)}.map(function(n){var f=${STORAGE}.read(n);return f===undefined?0:btoa(f)})`,
  )) as (string | 0)[];
  const texts = new Map<string, string>();
  names.forEach((name, index) => {
    const text = encoded[index];
    if (text) texts.set(name, Buffer.from(text, 'base64').toString('latin1'));
  });
  const never = (): never => {
    throw new Error('manifests are only read here');
  };
  return { read: (name) => texts.get(name), crc32: crcOf, write: never, erase: never, set: never };
}

/** A manifest for these files, and the bytes it takes with its marks. */
export function createManifest(
  order: number,
  label: string,
  files: Readonly<Record<string, string>>,
): { text: string; bytes: number } {
  const list = Object.entries(files).map(([name, text]): SlotFile => [name, text.length, crcOf(text)]);
  const text = manifestText(order, label, list, crcOf);
  return { text, bytes: text.length + Mark.length };
}
