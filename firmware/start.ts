/** What the starts of all boards share: what is remembered, the configuration, and what must be told of the start itself. */
import { crc32, recordArea } from '../hal/espruino/flash';
import { randomWord, readFile, resetCause } from '../hal/espruino/system';
import type { Flash } from '../hal/bus';
import { CONFIG_FILE, Count, ResetCause, Setup } from './device';
import type { AnyDevice } from './entry';
import { check, releaseOf, trip } from './protect/engine';
import { Fault, Release } from './protect/faults';
import { Row, type Protection } from './protect/protection';
import { append } from './record/append';
import { eraseAhead } from './record/erase';
import { Kind, Tally } from './record/layout';
import { openRecords } from './record/open';
import { recallParts, recallWords } from './record/recall';
import { createService } from './service/state';

/** Erased pages that the start provides for: one for each stream of records. */
const STOCK = 8;
/** Starts in a row after which no more are recorded: they would wear the flash. */
const MOST_RECORDED = 20;

/** Makes a function that stays: it would keep this part in memory if it came from it. */
export type SmallPages = (flash: Flash, pageBytes: number) => Flash;

/** What was kept. @param form of the count @returns whether a count of this form was */
export function openStore(device: AnyDevice, form: number, smallPages: SmallPages, now_ms: number): boolean {
  const records = openRecords(recordArea(smallPages), crc32());
  device.records = records;
  const kept = recallWords(records, Kind.Count);
  const count = device.count;
  const known = kept !== undefined && kept.length >= Count.length && kept[Count.form] === form;
  if (known) for (let k = 0; k < Count.length; k++) count[k] = kept[k];
  count[Count.form] = form;
  count[Count.starts]++;
  count[Count.storm]++;
  count[Count.causes + resetCause()]++;
  const setup = recallParts(records, Kind.Setup);
  device.service = createService(setup === undefined ? undefined : setup[Setup.service], randomWord(), now_ms);
  for (let k = 0; k < STOCK && records.tally[Tally.stock] < STOCK; k++) eraseAhead(records);
  if (count[Count.storm] <= MOST_RECORDED) append(records, Kind.Count, count);
  return known;
}

/** The configuration in Storage, or why there is none that can be used; neither where nothing is stored. */
export interface Stored<Config> {
  config: Config | undefined;
  why: string;
}

export function readConfig<Config>(refusal: (config: Config) => string): Stored<Config> {
  const text = readFile(CONFIG_FILE);
  if (text === undefined) return { config: undefined, why: '' };
  let own: Config;
  try {
    own = JSON.parse(text);
  } catch (_) {
    return { config: undefined, why: 'the file is not JSON' };
  }
  const why = refusal(own);
  return { config: why === '' ? own : undefined, why: why };
}

/** What the start itself tells the fault table. @param why the configuration was refused; '': it was not */
export function showStart(device: AnyDevice, p: Protection, why: string, now_ms: number): void {
  if (why !== '') {
    device.error = 'configuration refused: ' + why;
    trip(p, Fault.ConfigurationInvalid, now_ms);
  } else if (!isAuthorised(device)) trip(p, Fault.ConfigurationUnsigned, now_ms);
  const tally = device.records === undefined ? undefined : device.records.tally;
  check(p, Fault.ResetStorm, device.count[Count.storm] - 1, now_ms);
  if (resetCause() === ResetCause.BrownOut) trip(p, Fault.BrownOut, now_ms);
  if (tally !== undefined && (tally[Tally.bad] !== 0 || tally[Tally.full] !== 0)) trip(p, Fault.FlashWorn, now_ms);
}

/** A device with a key takes the configuration that was authorised with it, and no other. */
function isAuthorised(device: AnyDevice): boolean {
  const crc = setupPart(device, Setup.configuration);
  const stored = readFile(CONFIG_FILE);
  return crc === undefined || crc[0] === checksumOf(stored === undefined ? '' : stored);
}

/** Only a latch that waits for service outlives the start: the others see for themselves. */
export function recallLatches(p: Protection, count: Int32Array, now_ms: number): void {
  const rows = new Uint8Array(count.buffer, 4 * Count.rows, Fault.length);
  for (let fault = 1; fault < Fault.length; fault++)
    if (rows[fault] === Row.Tripped && releaseOf(p, fault) === Release.Service) trip(p, fault, now_ms);
}

/** CRC-32 of a text of which each character is a byte. */
export function checksumOf(text: string): number {
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return crc32()(bytes);
}

/** One part of the record of commissioning; undefined: there is none. */
export function setupPart(device: AnyDevice, part: Setup): Float64Array | undefined {
  if (device.records === undefined) return undefined;
  const parts = recallParts(device.records, Kind.Setup);
  return parts === undefined || parts[part] === undefined || parts[part].length === 0 ? undefined : parts[part];
}
