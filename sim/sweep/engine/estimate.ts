/** What a campaign will take, from a few of its runs: nothing is kept of them. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Campaign, Rows } from './campaign';
import { runStretch, unpack } from './chunk';
import { spreadOrder } from './chunks';
import { Table } from './table';

export interface Estimate {
  runs: number;
  /** Runs that were tried, spread over the design, and what one took [s] on one thread. */
  tried: number;
  run_s: { mean: number; least: number; most: number };
  /** Of all runs, on one thread [s]. */
  core_s: number;
  /** Of the tables when the campaign is complete, and of what it keeps until then. */
  tables_B: number;
  working_B: number;
}

const MOST_TRIED = 24;
const ENOUGH_S = 10;
/** Of the first run much goes into loading and compiling. */
const WARM_UP_S = 2;

export async function estimate(campaign: Campaign, signal?: AbortSignal): Promise<Estimate> {
  const rows: Rows[] = [];
  const took: number[] = [];
  let bytes = 0;
  let total_s = 0;
  for (const run of spreadOrder(campaign.runs)) {
    if (took.length >= MOST_TRIED || total_s > ENOUGH_S || signal?.aborted) break;
    const stretch = { from: run, to: run + 1 };
    let { data, took_s } = await runStretch(campaign, stretch);
    if (took.length === 0 && took_s < WARM_UP_S) ({ data, took_s } = await runStretch(campaign, stretch));
    took.push(took_s);
    total_s += took_s;
    bytes += data.length;
    rows.push(...unpack(data, stretch));
  }
  const mean = total_s / took.length;
  return {
    runs: campaign.runs,
    tried: took.length,
    run_s: { mean, least: Math.min(...took), most: Math.max(...took) },
    core_s: mean * campaign.runs,
    tables_B: tableBytes(campaign, rows) * campaign.runs,
    working_B: (bytes / took.length) * campaign.runs,
  };
}

/** Bytes that one more run adds to the tables. */
function tableBytes(campaign: Campaign, rows: readonly Rows[]): number {
  const half = Math.floor(rows.length / 2);
  if (half === 0) return sizeWith(campaign, rows);
  return (sizeWith(campaign, rows) - sizeWith(campaign, rows.slice(0, half))) / (rows.length - half);
}

function sizeWith({ columns, cycleColumns }: Campaign, rows: readonly Rows[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'caldera-sweep-'));
  try {
    const files = [join(folder, 'runs'), join(folder, 'cycles')] as const;
    const table = new Table(files[0], columns, '');
    for (const { row } of rows) table.add(row);
    table.close();
    if (cycleColumns.length === 0) return statSync(files[0]).size;
    const cycles = new Table(files[1], cycleColumns, '');
    for (const { cycles: more } of rows) for (const cycle of more) cycles.add(cycle);
    cycles.close();
    return statSync(files[0]).size + statSync(files[1]).size;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
