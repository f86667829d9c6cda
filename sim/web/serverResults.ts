/** The result folders below a folder of this machine, and their files: those that a result lists, and no others. */
import * as fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import * as path from 'node:path';
import { InputError } from '../errors';
import { contentType } from './serverFiles';

/** A result folder, as a page lists it. */
export interface ListedResult {
  /** Of the folder. */
  name: string;
  command: string;
  /** When it was finished [ms since 1970]. */
  at_ms: number;
  files: { name: string; bytes: number }[];
}

/** @throws InputError when there is no such folder */
export function checkResults(folder: string): string {
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new InputError(`--dir: ${folder} is no folder; allowed: a folder with results of caldera`);
  return folder;
}

/** The newest first. */
export function listResults(folder: string): ListedResult[] {
  return fs
    .readdirSync(folder)
    .flatMap((name) => describe(folder, name) ?? [])
    .sort((a, b) => b.at_ms - a.at_ms);
}

/** @returns whether there is such a file of such a result */
export function serveResultFile(folder: string, name: string, file: string, response: ServerResponse): boolean {
  if (path.basename(name) !== name || !describe(folder, name)?.files.some((listed) => listed.name === file))
    return false;
  const stream = fs.createReadStream(path.join(folder, name, file));
  stream.on('error', () => response.destroy());
  response.writeHead(200, { 'Content-Type': contentType(file), 'Cache-Control': 'no-store' });
  stream.pipe(response);
  return true;
}

/** Undefined for what is no result of caldera. */
function describe(folder: string, name: string): ListedResult | undefined {
  const directory = path.join(folder, name);
  try {
    const config = path.join(directory, 'config.json');
    const { madeBy, command, files } = JSON.parse(fs.readFileSync(config, 'utf8')) as Record<string, unknown>;
    if (madeBy !== 'caldera' || typeof command !== 'string' || !Array.isArray(files)) return undefined;
    const own = files.filter((file): file is string => typeof file === 'string' && path.basename(file) === file);
    return {
      name,
      command,
      at_ms: fs.statSync(config).mtimeMs,
      files: own.flatMap((file) => {
        // A link may lead out of the folder.
        const stat = fs.lstatSync(path.join(directory, file), { throwIfNoEntry: false });
        return stat?.isFile() ? [{ name: file, bytes: stat.size }] : [];
      }),
    };
  } catch {
    return undefined;
  }
}
