/** A complete campaign whose answers are made up, so that what the report must find is known. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDesign } from '../../sim/sweep/design/readDesign';
import { runsOf } from '../../sim/sweep/design/runs';
import type { Values } from '../../sim/sweep/design/options';
import { createCampaign } from '../../sim/sweep/engine/campaign';
import { Table } from '../../sim/sweep/engine/table';
import type { Cell } from '../../sim/sweep/runs/result';

export function madeUp(
  folder: string,
  json: object,
  answers: (values: Values, seed: number) => Record<string, Cell>,
): void {
  const design = checkDesign(json, 'x');
  const spec = { kind: 'design' as const, design };
  const campaign = createCampaign(spec);
  const runs = runsOf(design);
  mkdirSync(folder, { recursive: true });
  const table = new Table(join(folder, 'runs.parquet'), campaign.columns, '');
  for (let n = 0; n < campaign.runs; n++) {
    const { values, seed } = runs.at(n);
    const given: Record<string, Cell> = { setAside: null, ...answers(values, seed) };
    const { row } = campaign.setAside(n, '');
    table.add(campaign.columns.map(({ name }, k) => (name in given ? given[name]! : row[k]!)));
  }
  table.close();
  const manifest = {
    madeBy: 'caldera',
    command: 'sweep',
    key: {},
    runs: campaign.runs,
    chunk: 1,
    interrupted: false,
    files: [],
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...manifest, spec }));
}
