/**
 * The device's log: fetched as its pages lie in flash, so that the device need not walk through it, and taken apart here by the
 * firmware's own code.
 */
import type { Bytes, Flash } from '../../hal/bus';
import { LOG_BYTES } from '../../firmware/link/logPages';
import { faultName } from '../../firmware/protect/names';
import { EventWord } from '../../firmware/record/event';
import { Kind } from '../../firmware/record/layout';
import { openRecords } from '../../firmware/record/open';
import { nextRecords } from '../../firmware/record/recall';
import { SAMPLES, Trace } from '../../firmware/record/samples';
import { bdfHeader, bdfRow } from '../results/bdf';
import { toCsv } from '../results/csv';
import type { ResultFolder } from '../results/folder';
import { crc32 } from './checksum';
import { LinkError, type DeviceLink } from './deviceLink';

const PAGE_BYTES = 4096;
const MOST_PAGES = 32;
const USUAL_PAGES = 16;
/** Between two samples of a trace. */
const SAMPLE_S = 0.1;
/** Times below are seconds since a start of the device: nobody had set its clock. */
const FIRST_TIME_S = 1e9;

export interface LoggedEvent {
  /** Counts up over the device's life. */
  serial: number;
  /** Null where the device's clock was not set: then `uptime_s` tells, and starts anew with each start of the device. */
  unixTime_s: number | null;
  uptime_s: number | null;
  fault: number;
  name: string;
  voltage_mV: number;
  /** Discharge positive. */
  current_mA: number;
  temperature_C: number;
}

/** Voltage, current and temperature before a trip, oldest first, `SAMPLE_S` apart. */
interface LoggedTrace {
  /** Of the event it belongs to. */
  event: number;
  samples: { voltage_mV: number; current_mA: number; temperature_C: number }[];
}

export interface DeviceLog {
  events: LoggedEvent[];
  traces: LoggedTrace[];
}

/** @throws LinkError */
export async function downloadLog(
  link: Pick<DeviceLink, 'request'>,
  onProgress?: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<DeviceLog> {
  const image = new Uint8Array(MOST_PAGES * PAGE_BYTES).fill(255);
  let pages = 0;
  while (pages < MOST_PAGES && (await fetchPage(link, pages, image, signal))) {
    pages++;
    onProgress?.(Math.min(1, pages / USUAL_PAGES));
  }
  return decodeLog(image.subarray(0, pages * PAGE_BYTES));
}

/** @returns false when there is no such page */
async function fetchPage(
  link: Pick<DeviceLink, 'request'>,
  page: number,
  image: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const begin = page * PAGE_BYTES;
  let opened: string | undefined;
  for (let offset = 0; offset < PAGE_BYTES; offset += LOG_BYTES) {
    signal?.throwIfAborted();
    const answer = await link.request(`read ${page} ${offset}`);
    if (answer === 'ok none') return true;
    const [, number, base64] = /^ok (\d+) ([A-Za-z0-9+/=]+)$/.exec(answer) ?? [];
    if (number === undefined && answer.startsWith('error: ') && page > 0) return false;
    if (number === undefined) throw new LinkError(`the device gives no log: ${answer}`);
    if (opened !== undefined && number !== opened) {
      // It was erased meanwhile and is another page.
      image.fill(255, begin, begin + PAGE_BYTES);
      offset = -LOG_BYTES;
      opened = undefined;
      continue;
    }
    opened = number;
    const bytes = Uint8Array.from(atob(base64!), (character) => character.charCodeAt(0));
    image.set(bytes, begin + offset);
    // Records fill a page from its begin.
    if (bytes.every((byte) => byte === 255)) break;
  }
  return true;
}

/** @param image whole pages as they lie in flash; those that hold no log may be blank */
function decodeLog(image: Uint8Array): DeviceLog {
  const flash: Flash = {
    read: (length, address) => image.slice(address, address + length) as unknown as Bytes,
    write: () => undefined,
    erasePage: () => undefined,
  };
  const checksum = (bytes: Bytes): number => crc32(bytes as ArrayLike<number>);
  const records = openRecords({ flash, begin: 0, pageBytes: PAGE_BYTES, pages: image.length / PAGE_BYTES }, checksum);
  const all = (kind: Kind): Uint8Array[] => nextRecords(records, kind, { opened: 0, slot: -1 }, Infinity);
  return { events: all(Kind.Event).map(readEvent), traces: all(Kind.Trace).map(readTrace) };
}

function readEvent(bytes: Uint8Array): LoggedEvent {
  const words = new Int32Array(bytes.slice().buffer);
  const time_s = words[EventWord.time_s]! >>> 0;
  const fault = words[EventWord.cAndId]! & 0xff;
  return {
    serial: words[EventWord.serial]! >>> 0,
    unixTime_s: time_s >= FIRST_TIME_S ? time_s : null,
    uptime_s: time_s >= FIRST_TIME_S ? null : time_s,
    fault,
    name: faultName(fault),
    voltage_mV: words[EventWord.a]!,
    current_mA: words[EventWord.b]!,
    temperature_C: (words[EventWord.cAndId]! >> 8) / 100,
  };
}

function readTrace(bytes: Uint8Array): LoggedTrace {
  const numbers = new Int16Array(bytes.slice().buffer);
  const oldest = numbers[Trace.oldest]!;
  const samples = Array.from({ length: SAMPLES }, (_, k) => {
    const at = (oldest + 3 * k) % (3 * SAMPLES);
    return { voltage_mV: numbers[at]!, current_mA: numbers[at + 1]!, temperature_C: numbers[at + 2]! / 100 };
  });
  return { event: new Int32Array(numbers.buffer, 2 * Trace.event, 1)[0]! >>> 0, samples };
}

/** `events.csv`, and a `trace-N.csv` in BDF columns for the ten seconds before event N; time 0 is its first sample. */
export function writeLog(log: DeviceLog, folder: ResultFolder): void {
  folder.write('events.csv', toCsv(log.events));
  for (const { event, samples } of log.traces) {
    const rows = samples.map(({ voltage_mV, current_mA, temperature_C }, k) =>
      bdfRow({
        time_s: k * SAMPLE_S,
        voltage_V: voltage_mV / 1000,
        current_A: current_mA / 1000,
        cycle: 0,
        step: 0,
        temperature_C,
      }),
    );
    folder.write(`trace-${event}.csv`, `${[bdfHeader, ...rows].join('\n')}\n`);
  }
}
