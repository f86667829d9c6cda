/** `caldera build`: the firmware for a board as the files that are flashed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors';
import type { Build, BuildResult } from '../results/types';
import { bundleFirmware, type PartSource } from './bundle';
import { isCold } from './cold';
import { keptNames } from './kept';

/** The program that runs from the boot on, and the parts that it takes from Storage when it needs them. */
interface Sources {
  entry: string;
  parts: Readonly<Record<string, PartSource>>;
}

/** The boards there is a device entry for. */
const BOARDS: Readonly<Record<string, Sources>> = {
  cycler: {
    entry: 'firmware/main.ts',
    parts: {
      boot: { entry: 'firmware/boot.ts', calls: ['boot'] },
      radio: { entry: 'hal/espruino/radio.ts', calls: ['createRadio'] },
      wifi: { entry: 'firmware/wifi/wifi.ts', calls: ['startWifi'] },
    },
  },
  'drone-6s': {
    entry: 'firmware/drone/main.ts',
    parts: {
      boot: { entry: 'firmware/drone/boot.ts', calls: ['boot', 'reopen'] },
      serve: { entry: 'firmware/drone/service.ts', calls: ['answer', 'resetByButton'] },
    },
  },
};

/** Stands in the code where its own hash comes. */
const NO_HASH = '0'.repeat(16);

/** `production` closes the interpreter's console (docs/authorisation.md). */
export const build: Build = async ({ board, production = false }) => {
  const sources = BOARDS[board];
  if (sources === undefined) {
    const file = board.endsWith('.json') ? board : 'FILE.json';
    throw new InputError(
      `--board "${board}" is unknown; allowed: ${Object.keys(BOARDS).join(', ')}; a build is for a kind of board; a board file goes onto the device with caldera flash --config ${file}`,
    );
  }
  const folder = packageFolder();
  const at = ({ entry, calls }: PartSource): PartSource => ({ entry: join(folder, entry), calls });
  const bundle = await bundleFirmware({
    entry: join(folder, sources.entry),
    parts: Object.fromEntries(Object.entries(sources.parts).map(([name, part]) => [name, at(part)])),
    minify: true,
    outermost: 'run',
    cold: { is: isCold, call: 'callCold', entry: join(folder, 'hal/espruino/system.ts') },
    define: { PRODUCTION: production, VERSION: version(folder), HASH: NO_HASH },
    keep: keptNames(folder),
  });
  const hash = bundle.sha256.slice(0, NO_HASH.length);
  const named = (text: string): string => text.replaceAll(NO_HASH, hash);
  return {
    board,
    version: version(folder),
    hash,
    code: named(bundle.code),
    parts: Object.fromEntries(Object.entries(bundle.parts).map(([name, text]) => [name, named(text)])),
    names: bundle.names,
  };
};

function version(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** The parts as files of Storage (hal/espruino/system.ts: `filePrefix`). */
export function partFiles(built: Pick<BuildResult, 'parts'>, prefix = 'caldera-'): Record<string, string> {
  return Object.fromEntries(Object.entries(built.parts).map(([name, text]) => [prefix + name, text]));
}

/** Where package.json and the firmware's sources lie, from sources and from the compiled package alike. */
export function packageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
