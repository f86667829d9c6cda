/**
 * A result folder: the data, the configuration that made it and pictures.
 *
 * Everything is first written into a hidden directory inside the folder and moved into place at the end, file by file with
 * `rename`, so a run that fails or is stopped leaves the folder as it was. `config.json` is moved last and lists the files:
 * a folder with a `config.json` is complete.
 *
 * An existing folder is used when it is empty or holds an earlier result of Caldera: the files which that result lists are
 * replaced, all others stay. A folder with other content is refused.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { InputError } from '../errors';

const configName = 'config.json';
const madeBy = 'caldera';
const stagingPrefix = '.writing-';

/** What made a result. Written as `config.json` together with `madeBy` and `files`. */
interface ResultConfig {
  command: string;
  version: string;
  options: object;
  /** True when the run was stopped early and the data end there. */
  interrupted: boolean;
  [more: string]: unknown;
}

export interface ResultFolder {
  /** Absolute path of the folder. */
  readonly path: string;
  write(name: string, content: string | Uint8Array): void;
  /** Opens a text file for many small writes. */
  lines(name: string): LineWriter;
  /** Moves everything into place. The folder object is of no use afterwards. */
  commit(config: ResultConfig): void;
  /** Removes everything that was written; does nothing after `commit`. */
  discard(): void;
}

interface LineWriter {
  line(text: string): void;
}

/**
 * Opens a result folder, creating it where needed. Throws InputError when it cannot be created or written, or holds something
 * else than an earlier result: call it before the long work, not after.
 */
export function openResultFolder(directory: string): ResultFolder {
  const target = path.resolve(directory);
  const refuse = (reason: string): InputError =>
    new InputError(
      `--out: ${directory} ${reason}; allowed: a new or empty folder, or one with an earlier result of caldera`,
    );

  let firstCreated: string | undefined;
  let earlier: string[];
  let staging: string;
  try {
    firstCreated = makeDirectories(target);
    earlier = earlierFiles(target, refuse);
    removeAbandoned(target);
    staging = fs.mkdtempSync(path.join(target, `${stagingPrefix}${process.pid}-`));
  } catch (error) {
    if (firstCreated !== undefined) removeEmpty(target, firstCreated);
    throw error instanceof InputError ? error : refuse(`cannot be written (${reasonOf(error)})`);
  }

  const names: string[] = [];
  const writers: { flush(): void; close(): void }[] = [];
  let open = true;

  const claim = (name: string): string => {
    if (path.basename(name) !== name || name.startsWith('.')) throw new Error(`not a plain file name: ${name}`);
    names.push(name);
    return path.join(staging, name);
  };
  const discard = (): void => {
    if (!open) return;
    open = false;
    process.removeListener('exit', discard);
    for (const writer of writers) writer.close();
    fs.rmSync(staging, { recursive: true, force: true });
    if (firstCreated !== undefined) removeEmpty(target, firstCreated);
  };
  process.once('exit', discard);

  return {
    path: target,
    write: (name, content) => fs.writeFileSync(claim(name), content),
    lines(name) {
      const writer = bufferedWriter(claim(name));
      writers.push(writer);
      return writer;
    },
    commit(config) {
      for (const writer of writers) writer.flush();
      const files = [...names, configName];
      fs.writeFileSync(path.join(staging, configName), `${JSON.stringify({ madeBy, ...config, files }, null, 2)}\n`);
      fs.rmSync(path.join(target, configName), { force: true });
      for (const name of earlier) if (!files.includes(name)) fs.rmSync(path.join(target, name), { force: true });
      for (const name of files) fs.renameSync(path.join(staging, name), path.join(target, name));
      firstCreated = undefined;
      discard();
    },
    discard,
  };
}

/** Names of the files an earlier result left in the folder. */
function earlierFiles(target: string, refuse: (reason: string) => InputError): string[] {
  const visible = fs.readdirSync(target).filter((name) => !name.startsWith('.'));
  if (visible.length === 0) return [];
  const reason = 'holds files that are not an earlier result';
  if (!visible.includes(configName)) throw refuse(reason);
  let config: unknown;
  try {
    config = JSON.parse(fs.readFileSync(path.join(target, configName), 'utf8'));
  } catch {
    throw refuse(reason);
  }
  const { madeBy: maker, files } = (config ?? {}) as { madeBy?: unknown; files?: unknown };
  if (maker !== madeBy || !Array.isArray(files)) throw refuse(reason);
  return files.filter((name): name is string => typeof name === 'string' && visible.includes(name));
}

/**
 * Creates a directory and its missing parents; returns the topmost one created. Node's own recursive mkdir never returns where
 * a file system answers ENOENT to every attempt, as /proc does.
 */
export function makeDirectories(directory: string): string | undefined {
  if (fs.existsSync(directory)) {
    if (fs.statSync(directory).isDirectory()) return undefined;
    throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
  }
  const above = makeDirectories(path.dirname(directory));
  try {
    fs.mkdirSync(directory);
  } catch (error) {
    if (above !== undefined) removeEmpty(path.dirname(directory), above);
    throw error;
  }
  return above ?? directory;
}

/** Removes what a killed run left behind: directories whose name carries the number of a process that is gone. */
function removeAbandoned(target: string): void {
  for (const name of fs.readdirSync(target)) {
    const owner = name.startsWith(stagingPrefix) ? Number.parseInt(name.slice(stagingPrefix.length), 10) : NaN;
    if (owner > 0 && !isRunning(owner)) fs.rmSync(path.join(target, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes `deepest` and its parents up to `top`, as far as they are empty. */
function removeEmpty(deepest: string, top: string): void {
  for (let directory = deepest; directory.length >= top.length; directory = path.dirname(directory)) {
    try {
      fs.rmdirSync(directory);
    } catch {
      return;
    }
  }
}

function bufferedWriter(file: string) {
  const handle = fs.openSync(file, 'w');
  let pending = '';
  let closed = false;
  const flush = (): void => {
    if (pending !== '') fs.writeFileSync(handle, pending);
    pending = '';
  };
  return {
    line(text: string): void {
      pending += `${text}\n`;
      if (pending.length > 65536) flush();
    },
    flush,
    close(): void {
      if (!closed) fs.closeSync(handle);
      closed = true;
    },
  };
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const known: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'read-only file system',
    ENOTDIR: 'a file is in the way',
    EEXIST: 'a file is in the way',
    ENOSPC: 'no space left',
    ENOENT: 'no such place',
  };
  return (code !== undefined && known[code]) || (error instanceof Error ? error.message : String(error));
}
