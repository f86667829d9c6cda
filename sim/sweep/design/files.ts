/** Files that a design names travel with it; whoever runs it lays them out again. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Design } from './design';
import type { Values } from './options';

const NAMED = ['cell', 'told', 'mission'] as const;

/** Changes the names of files in a run's values to where they lie on this machine. */
export function fileNames(files: Design['files']): (values: Values) => Values {
  const places = new Map(Object.entries(files).map(([name, content]) => [name, laidOut(content)]));
  if (places.size === 0) return (values) => values;
  return (values) => {
    const own = { ...values };
    for (const key of NAMED) own[key] = places.get(own[key] as string) ?? own[key]!;
    for (const key of NAMED) if (own[key] === undefined) delete own[key];
    return own;
  };
}

/** Under a name of its content: one file, however many processes lay it out at once. */
function laidOut(content: string): string {
  const folder = join(tmpdir(), 'caldera-sweep');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${createHash('sha256').update(content).digest('hex').slice(0, 24)}.json`);
  if (existsSync(file)) return file;
  const mine = `${file}.${process.pid}-${performance.now()}`;
  writeFileSync(mine, content);
  renameSync(mine, file);
  return file;
}
