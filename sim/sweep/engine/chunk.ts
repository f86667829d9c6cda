/** A stretch of runs: the unit of work, of writing and of resumption. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Campaign, Rows } from './campaign';

/** Runs from `from` to before `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** What a stretch has given, packed for a file or the wire. */
export interface Packed extends Stretch {
  data: Uint8Array;
  /** For the estimate of the rest, never for the table. */
  took_s: number;
  setAside: number;
}

/** A run that throws is tried so often, and so is a stretch that costs its worker. */
export const TRIES = 3;
const FASTEST = { level: 1 };

/** A run that fails whenever it is tried is set aside with its reason. */
export async function runStretch(campaign: Campaign, stretch: Stretch): Promise<Packed> {
  const began_ms = performance.now();
  const rows: Rows[] = [];
  for (let run = stretch.from; run < stretch.to; run++) rows.push(await tried(campaign, run));
  return packed(stretch, rows, (performance.now() - began_ms) / 1000);
}

/** What cannot be run, as a result. */
export const setAside = (campaign: Campaign, run: number, reason: string): Packed =>
  packed({ from: run, to: run + 1 }, [campaign.setAside(run, reason)], 0);

async function tried(campaign: Campaign, run: number): Promise<Rows> {
  for (let attempt = 1; ; attempt++)
    try {
      return await campaign.run(run);
    } catch (error) {
      if (attempt === TRIES)
        return campaign.setAside(run, `failed ${TRIES} times: ${(error as Error).message.split('\n')[0]}`);
    }
}

function packed({ from, to }: Stretch, rows: readonly Rows[], took_s: number): Packed {
  const data = deflateRawSync(JSON.stringify(rows.map(({ row, cycles }) => [row, cycles])), FASTEST);
  return { from, to, data, took_s, setAside: rows.filter(({ row }) => row.at(-1) !== null).length };
}

/** @throws for data that are damaged, or not those of this stretch */
export function unpack(data: Uint8Array, { from, to }: Stretch): Rows[] {
  const rows = (JSON.parse(inflateRawSync(data).toString()) as [Rows['row'], Rows['cycles']][]).map(
    ([row, cycles]): Rows => ({ row, cycles }),
  );
  if (rows.length !== to - from || rows.some(({ row }, k) => row[0] !== from + k))
    throw new Error(`the stored runs ${from} to ${to - 1} are not what they should be`);
  return rows;
}
