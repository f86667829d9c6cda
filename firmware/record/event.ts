/** The event log: what happened, and when. */
import { append } from './append';
import { Kind, type Records } from './layout';

/** Words of an event's slot. */
export enum EventWord {
  time_s,
  a,
  b,
  /** `c` in the upper 24 bits, the id in the lower 8. */
  cAndId,
  serial,
  check,
  length,
}

/**
 * Writes an event at once. Fractions of the numbers are dropped.
 * @param id 0 to 255
 * @param time_s 32 bits, of whatever clock
 * @param a 32 bits
 * @param b 32 bits
 * @param c 24 bits
 * @returns false when the stock of erased pages is empty
 */
export function logEvent(r: Records, id: number, time_s: number, a: number, b: number, c: number): boolean {
  const words = r.event;
  words[EventWord.time_s] = time_s;
  words[EventWord.a] = a;
  words[EventWord.b] = b;
  words[EventWord.cAndId] = (c << 8) + id;
  return append(r, Kind.Event, words);
}
