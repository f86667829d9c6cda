/** From the finished stretches to the tables, in the order of the runs: the same bytes, whoever has done which stretch and when. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Campaign } from './campaign';
import { unpack, type Stretch } from './chunk';
import type { CampaignFolder } from './store';
import { Table } from './table';

export const RUNS_FILE = 'runs.parquet';
const CYCLES_FILE = 'cycles.parquet';

/** A stretch whose file cannot be read; it has been removed and must be done again. */
export class DamagedStretch extends Error {}

/** @returns how many runs were set aside @throws DamagedStretch */
export async function assemble(
  folder: CampaignFolder,
  campaign: Campaign,
  stretches: readonly Stretch[],
): Promise<number> {
  const about = JSON.stringify({ key: folder.manifest.key, spec: folder.manifest.spec });
  const runs = new Table(folder.staged(RUNS_FILE), campaign.columns, about);
  const withCycles = campaign.cycleColumns.length > 0;
  const cycles = withCycles ? new Table(folder.staged(CYCLES_FILE), campaign.cycleColumns, about) : undefined;
  let next = 0;
  let setAside = 0;
  for (const stretch of stretches) {
    if (stretch.from !== next) throw new Error(`run ${next} is missing, or ${stretch.from} is there twice`);
    for (const { row, cycles: more } of rowsOf(folder, stretch)) {
      runs.add(row);
      if (row.at(-1) !== null) setAside++;
      for (const cycle of more) cycles?.add(cycle);
    }
    next = stretch.to;
    await nextTurn();
  }
  if (next !== campaign.runs) throw new Error(`run ${next} is missing`);
  runs.close();
  cycles?.close();
  folder.complete(withCycles ? [RUNS_FILE, CYCLES_FILE] : [RUNS_FILE]);
  return setAside;
}

function rowsOf(folder: CampaignFolder, stretch: Stretch): ReturnType<typeof unpack> {
  try {
    return unpack(folder.read(stretch), stretch);
  } catch (error) {
    folder.remove(stretch);
    throw new DamagedStretch((error as Error).message);
  }
}
