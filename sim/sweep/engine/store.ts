/**
 * The result folder of a campaign while it runs. Each finished stretch is a file, written under another name and then renamed: whatever is
 * killed, a stretch is there as a whole or not at all, and going on means doing the stretches that are not there.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../../errors';
import { makeDirectories } from '../../results/folder';
import type { Stretch } from './chunk';
import { FolderLock } from './lock';

const CONFIG = 'config.json';
const MADE_BY = 'caldera';
const CHUNKS = '.chunks';
/** Chunks to a directory. */
const TOGETHER = 1000;

/** What makes a campaign what it is. */
interface CampaignKey {
  /** Of everything that was asked for. */
  digest: string;
  /** Of the program. */
  code: string;
}

export interface Manifest {
  key: CampaignKey;
  version: string;
  spec: unknown;
  runs: number;
  /** Runs to a chunk. */
  chunk: number;
  complete: boolean;
}

export class CampaignFolder {
  readonly path: string;
  readonly manifest: Manifest;
  /** Whether the folder held runs of this campaign. */
  readonly found: boolean;
  private readonly lock: FolderLock;

  /**
   * Opens the folder, new or with an earlier state of the same campaign; with `restart`, whatever campaign it holds is begun again.
   * @throws InputError for a folder that holds something else, or that another process is writing
   */
  constructor(out: string, fresh: Omit<Manifest, 'complete'>, restart: boolean) {
    this.path = resolve(out);
    const refuse = (reason: string, allowed: string): InputError =>
      new InputError(`--out: ${out} ${reason}; allowed: ${allowed}`);
    try {
      makeDirectories(this.path);
    } catch (error) {
      throw refuse(`cannot be written (${(error as NodeJS.ErrnoException).code})`, 'a folder');
    }
    const there = readdirSync(this.path).filter((name) => !name.startsWith('.'));
    const earlier = readManifest(this.path);
    if (there.length > 0 && earlier === undefined)
      throw refuse('holds files that are not an earlier campaign', 'a new or empty folder, or one of a campaign');
    this.lock = new FolderLock(this.path, refuse);
    const same = earlier !== undefined && earlier.digest === fresh.key.digest && earlier.code === fresh.key.code;
    if (earlier !== undefined && !same && !restart) {
      this.lock.release();
      const why =
        earlier.digest === fresh.key.digest ? `of another program version (${earlier.code})` : 'of another design';
      throw refuse(`holds runs ${why}`, 'another folder, or --restart to begin again');
    }
    this.found = same && !restart;
    if (!this.found) {
      rmSync(join(this.path, CHUNKS), { recursive: true, force: true });
      for (const name of earlier?.files ?? []) rmSync(join(this.path, name), { force: true });
    }
    this.manifest = this.found ? earlier!.manifest : { ...fresh, complete: false };
    if (!this.found) this.describe([]);
  }

  /** Every stretch that is there, in order. */
  stretches(): Stretch[] {
    const found: Stretch[] = [];
    for (const { file, stretch } of stored(this.path)) {
      if (stretch !== undefined) found.push(stretch);
      // What was being written when the process was killed.
      else rmSync(file, { force: true });
    }
    return found.sort((a, b) => a.from - b.from);
  }

  read(stretch: Stretch): Uint8Array {
    return readFileSync(this.fileOf(stretch));
  }

  /** Keeps a stretch. */
  add(stretch: Stretch, data: Uint8Array): void {
    const file = this.fileOf(stretch);
    mkdirSync(dirname(file), { recursive: true });
    writeWhole(file, data);
  }

  remove(stretch: Stretch): void {
    rmSync(this.fileOf(stretch), { force: true });
  }

  /** A path in the folder for a file that is moved to its place by `complete`. */
  staged(name: string): string {
    return join(this.path, `.${name}`);
  }

  /** Moves staged files to their places, then says so, then removes the stretches: in this order none is ever missing. */
  complete(files: readonly string[]): void {
    for (const name of files) {
      sync(this.staged(name));
      renameSync(this.staged(name), join(this.path, name));
    }
    this.manifest.complete = true;
    this.describe(files);
    this.tidy();
  }

  tidy(): void {
    rmSync(join(this.path, CHUNKS), { recursive: true, force: true });
  }

  close(): void {
    this.lock.release();
  }

  private describe(files: readonly string[]): void {
    const { spec, complete, ...more } = this.manifest;
    const config = {
      madeBy: MADE_BY,
      command: 'sweep',
      ...more,
      interrupted: !complete,
      spec,
      files: [...files, CONFIG],
    };
    writeWhole(join(this.path, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
  }

  private fileOf({ from, to }: Stretch): string {
    const part = Math.floor(from / (this.manifest.chunk * TOGETHER));
    return join(this.path, CHUNKS, String(part), `${from}-${to}`);
  }
}

/** Every file of a stretch, and whatever else lies there. */
function* stored(folder: string): Generator<{ file: string; stretch?: Stretch }> {
  const chunks = join(folder, CHUNKS);
  if (!existsSync(chunks)) return;
  for (const part of readdirSync(chunks))
    for (const name of readdirSync(join(chunks, part))) {
      const file = join(chunks, part, name);
      const [, from, to] = /^(\d+)-(\d+)$/.exec(name) ?? [];
      yield to === undefined ? { file } : { file, stretch: { from: Number(from), to: Number(to) } };
    }
}

/** Runs that a folder holds of a campaign that is not complete, which another process may be writing. */
export function runsDone(folder: string): number {
  let runs = 0;
  for (const { stretch } of stored(folder)) if (stretch !== undefined) runs += stretch.to - stretch.from;
  return runs;
}

/** The campaign in a folder; undefined where there is none. */
export function readManifest(
  folder: string,
): { digest: string; code: string; files: string[]; manifest: Manifest } | undefined {
  try {
    const json = JSON.parse(readFileSync(join(folder, CONFIG), 'utf8')) as Record<string, unknown>;
    const { madeBy, command, files, interrupted, key, version, spec, runs, chunk } = json;
    if (madeBy !== MADE_BY || command !== 'sweep' || !Array.isArray(files)) return undefined;
    const own = key as CampaignKey;
    const names = files.filter((name): name is string => typeof name === 'string' && !/[/\\]/.test(name));
    const manifest = { key: own, version, spec, runs, chunk, complete: interrupted === false } as Manifest;
    return { ...own, files: names, manifest };
  } catch {
    return undefined;
  }
}

/** Under another name, to the disk, then renamed: the file is there as a whole or not at all. */
function writeWhole(file: string, content: string | Uint8Array): void {
  const staged = `${file}.writing`;
  const handle = openSync(staged, 'w');
  try {
    if (typeof content === 'string') writeFileSync(handle, content);
    else for (let at = 0; at < content.length;) at += writeSync(handle, content, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(staged, file);
}

function sync(file: string): void {
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}
