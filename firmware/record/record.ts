/**
 * A record that survives a reset: written in turn to two places, numbered and checksummed, so that power may fail at any byte of
 * a write and the record before is still there.
 */
import type { Store } from '../../hal/bus';

const HEADER_BYTES = 8;

export interface Kept {
  sequence: number;
  numbers: Float64Array;
}

/** Writes `numbers` as the record after the one numbered `sequence - 1`. @throws what the store throws, such as full flash */
export function writeRecord(store: Store, name: string, sequence: number, numbers: Float64Array): void {
  const bytes = new Uint8Array(HEADER_BYTES + 8 * numbers.length);
  new Float64Array(bytes.buffer, HEADER_BYTES).set(numbers);
  const header = new DataView(bytes.buffer);
  header.setUint32(4, sequence);
  header.setUint32(0, store.checksum(new Uint8Array(bytes.buffer, 4)));
  store.write(name + (sequence % 2), bytes);
}

/** The newest whole record; undefined when there is none. */
export function readRecord(store: Store, name: string): Kept | undefined {
  const a = readPlace(store, name + 0);
  const b = readPlace(store, name + 1);
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  return a.sequence > b.sequence ? a : b;
}

function readPlace(store: Store, place: string): Kept | undefined {
  const found = store.read(place);
  if (found === undefined || found.length < HEADER_BYTES || found.length % 8 !== 0) return undefined;
  // A copy: what the store hands over may lie in flash, and anywhere.
  const bytes = new Uint8Array(found.length);
  for (let k = 0; k < found.length; k++) bytes[k] = found[k];
  const header = new DataView(bytes.buffer);
  if (header.getUint32(0) !== store.checksum(new Uint8Array(bytes.buffer, 4))) return undefined;
  return { sequence: header.getUint32(4), numbers: new Float64Array(bytes.buffer, HEADER_BYTES) };
}
