/** `caldera build`: the firmware for a board as the one file that is flashed. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors';
import type { Build } from '../results/types';
import { bundleFirmware } from './bundle';

/** The boards there is a device entry for. */
const ENTRIES: Readonly<Record<string, string>> = { cycler: 'firmware/main.ts' };

export const build: Build = async ({ board }) => {
  const entry = ENTRIES[board];
  if (entry === undefined)
    throw new InputError(`--board "${board}" is unknown; allowed: ${Object.keys(ENTRIES).join(', ')}`);
  const { code } = await bundleFirmware({ entry: join(packageFolder(), entry), minify: true });
  return { board, code };
};

/** Where package.json and the firmware's sources lie, from sources and from the compiled package alike. */
export function packageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
