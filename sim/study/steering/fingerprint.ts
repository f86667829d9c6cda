/** What a result depends on besides its task: the sources that made it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');
const CELL = [
  'sim/cell',
  'sim/profiles',
  'sim/campaign/cyclingRun.ts',
  'sim/campaign/directRun.ts',
  'sim/campaign/summary.ts',
  'sim/random.ts',
  'firmware/protocol/interrupts.ts',
  'sim/study/steering/scenario.ts',
  'sim/study/steering/measures.ts',
  'sim/study/steering/constants.ts',
  'sim/study/steering/held.ts',
];

/** Sources of what a cell does alone, and with the firmware in charge. */
export const SOURCES = {
  cell: CELL,
  firmware: [...CELL, 'firmware', 'hal', 'sim/bench', 'sim/chips', 'sim/campaign', 'sim/study/steering/runTask.ts'],
  mission: [...CELL, 'firmware', 'missions', 'sim/campaign/cellModel.ts', 'sim/mission'],
} as const;

/** A digest of all files in these places that exist, by name and content. */
export function fingerprint(places: readonly string[]): string {
  const hash = createHash('sha256');
  for (const place of places)
    for (const file of filesIn(place))
      hash
        .update(file)
        .update('\0')
        .update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(place: string): string[] {
  const stat = statSync(join(ROOT, place), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) return [place];
  return readdirSync(join(ROOT, place))
    .sort()
    .flatMap((name) => filesIn(`${place}/${name}`));
}
