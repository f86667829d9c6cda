/** `caldera build`: the firmware for a board as the files that are flashed. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors';
import type { Build } from '../results/types';
import { bundleFirmware } from './bundle';

/** What is flashed as boot code, and the parts that it loads from Storage when it needs them, by their names there. */
interface Sources {
  entry: string;
  parts: Readonly<Record<string, { entry: string; calls: readonly string[] }>>;
}

/** The boards there is a device entry for. */
const BOARDS: Readonly<Record<string, Sources>> = {
  cycler: {
    entry: 'firmware/main.ts',
    parts: {
      'caldera-boot': { entry: 'firmware/boot.ts', calls: ['boot', 'restart'] },
      'caldera-serve': { entry: 'firmware/serviceTarget.ts', calls: ['answer', 'resetByButton'] },
      'caldera-upkeep': { entry: 'firmware/upkeep.ts', calls: ['keepState', 'restUpkeep', 'makeRoom'] },
      'caldera-words': { entry: 'firmware/words.ts', calls: ['faultLine', 'alarmLine', 'rateLine'] },
    },
  },
};

/** `production` closes the interpreter's console (docs/authorisation.md). */
export const build: Build = async ({ board, production = false }) => {
  const sources = BOARDS[board];
  if (sources === undefined)
    throw new InputError(`--board "${board}" is unknown; allowed: ${Object.keys(BOARDS).join(', ')}`);
  const folder = packageFolder();
  const { code } = await bundleFirmware({
    entry: join(folder, sources.entry),
    minify: true,
    define: { PRODUCTION: production },
  });
  const parts: Record<string, string> = {};
  for (const [name, { entry, calls }] of Object.entries(sources.parts))
    parts[name] = (await bundleFirmware({ entry: join(folder, entry), minify: true, calls })).code;
  return { board, code, parts };
};

/** Where package.json and the firmware's sources lie, from sources and from the compiled package alike. */
export function packageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
