/**
 * How records lie in flash, and what is known of them in RAM.
 *
 * The area is a pool of pages. A page in use belongs to one stream and holds slots of one size, filled from its begin:
 *
 *     0  mark      FORM, erases of this page, check        written once the page is erased: without it, it is erased again
 *    12  opening   stream + slot size, number, bad pages, check     written when a stream takes the page
 *    28  slots     payload, serial number, check           one record each
 *
 * All are 32-bit words, little-endian; a check is the CRC-32 of what stands before it. Numbers of openings and serial numbers
 * of a kind's records rise by one and may wrap. The records of `Setup`, `State` and `Count` go alternately to two streams, by
 * the parity of their serial number, so the newest two share no page as long as there is one in stock. A full page is followed by an erased one of the
 * stock, in turn over the area; pages whose records nobody needs any more are erased ahead of need (erase.ts), when the
 * channel rests. What is written is read back; a page that does not hold it is not used again.
 */
import type { Bytes, FlashArea } from '../../hal/bus';

export const FORM = 0xca1de4a1;
export const OPENING_AT = 12;
export const SLOTS_AT = 28;
/** CRC-32 of anything followed by its own CRC-32. Of blank bytes only eight have it, and nothing here has eight. */
export const SEALED = 0x2144df1c;
/** Serial number and check behind the payload. */
export const SLOT_TAIL_BYTES = 8;

/** Kinds of record. Of the first three the newest one counts; the others are logs. */
export enum Kind {
  /** Commissioning: key, calibration, configuration. */
  Setup,
  /** What was learned, once a cycle. */
  State,
  /** Charge counter and place in the protocol, once a minute. */
  Count,
  /** From here on logs, in one stream each. */
  Event,
  /** The seconds before a trip. */
  Trace,
  length,
}

/** What a page is used for; from `Taken` on for stream `use - Use.Taken`. */
export enum Use {
  /** To be erased. */
  Dirty,
  /** Erased, and not written since. */
  Stock,
  /** Did not hold what was written, and holds nothing that is needed. */
  Bad,
  Taken,
}

/** Numbers of a page, from `Page.length` times its index on. */
export enum Page {
  use,
  /** Of a page taken: the number of its opening, and bytes of a slot. */
  opened,
  slotBytes,
  length,
}

/** Numbers of a stream, from `Stream.length` times its index on. Streams of kind k: 2k and, where there are two, 2k + 1. */
export enum Stream {
  /** Address of its next slot; 0: a page is to be taken. */
  next,
  /** Address of a slot that power may have failed in: it is made zeros, not used. */
  doubt,
  slotBytes,
  /** Its newest page, counted from 1; 0: none. */
  page,
  /** In a kind's first stream: the last serial number of the kind. */
  serial,
  length,
}

/** Of the whole area. */
export enum Tally {
  /** The number of the last opening, and the page. */
  opened,
  turn,
  /** Pages in stock. */
  stock,
  /** Worn pages, a bit each. */
  bad,
  /** 1: nothing can be erased but the log's newest pages. */
  full,
  /** The most erases of any page. */
  erases,
  length,
}

/** CRC-32 as in zlib, unsigned. */
export type Checksum = (bytes: Bytes) => number;

/** The store of records. Indices: `page` by `Page` for each page, `stream` by `Stream` for each stream, `tally` by `Tally`. */
export interface Records {
  area: FlashArea;
  checksum: Checksum;
  page: Uint32Array;
  stream: Uint32Array;
  tally: Uint32Array;
  /** The slot of an event. */
  event: Int32Array;
}
