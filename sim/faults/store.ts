/**
 * The result folder of a campaign while it runs: `runs.jsonl` has a line for each finished run, so that what was stopped, by Ctrl-C
 * or by a power cut, is usable and can go on.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import type { Finished } from './faultsWorker';

const RUNS = 'runs.jsonl';
const CONFIG = 'config.json';
const MADE_BY = 'caldera';

/** What makes a run what it is; runs of different ones are never mixed. */
export interface CampaignKey {
  seed: number;
  fault: string | null;
  cell: string | null;
  /** Digest of the sources. */
  sources: string;
}

export class CampaignFolder {
  readonly finished = new Map<number, Finished>();
  private readonly names = new Set([CONFIG, RUNS]);

  /**
   * Opens the folder, new or with an earlier result. With `resume` finished runs are read, else they are removed.
   * @throws InputError for a folder that holds something else, or runs of another campaign
   */
  constructor(
    readonly path: string,
    private readonly key: CampaignKey,
    private readonly version: string,
    resume: boolean,
  ) {
    const refuse = (reason: string, allowed: string): InputError =>
      new InputError(`--out: ${path} ${reason}; allowed: ${allowed}`);
    try {
      mkdirSync(path, { recursive: true });
    } catch (error) {
      throw refuse(`cannot be written (${(error as NodeJS.ErrnoException).code})`, 'a folder');
    }
    const there = readdirSync(path).filter((name) => !name.startsWith('.'));
    if (there.length > 0) {
      const earlier = this.earlier();
      if (earlier === undefined)
        throw refuse('holds files that are not an earlier result', 'a new or empty folder, or one with a result');
      if (resume) {
        if (JSON.stringify(earlier.key) !== JSON.stringify(key))
          throw refuse(
            `holds runs of another campaign (${describe(earlier.key)}), this is ${describe(key)}`,
            'the same seed, fault and cell with the same version, or no --resume',
          );
        this.read();
      } else for (const name of earlier.files) rmSync(join(path, name), { force: true });
    }
    this.describe(true, {});
  }

  add(runs: readonly Finished[]): void {
    appendFileSync(join(this.path, RUNS), runs.map((run) => `${JSON.stringify(run)}\n`).join(''));
    for (const run of runs) this.finished.set(run.n, run);
  }

  write(name: string, content: string | Uint8Array): void {
    this.names.add(name);
    writeFileSync(join(this.path, name), content);
  }

  /** Says what made the folder's content. */
  describe(interrupted: boolean, options: object): void {
    const { key, version } = this;
    const files = [...this.names];
    writeFileSync(
      join(this.path, CONFIG),
      `${JSON.stringify({ madeBy: MADE_BY, command: 'faults', version, key, options, interrupted, files }, null, 2)}\n`,
    );
  }

  private earlier(): { key: unknown; files: string[] } | undefined {
    try {
      const config = JSON.parse(readFileSync(join(this.path, CONFIG), 'utf8')) as Record<string, unknown>;
      if (config.madeBy !== MADE_BY || !Array.isArray(config.files)) return undefined;
      const files = config.files.filter((name): name is string => typeof name === 'string' && !/[/\\]/.test(name));
      return { key: config.key, files };
    } catch {
      return undefined;
    }
  }

  /** A line that was being written when power failed is done again. */
  private read(): void {
    const file = join(this.path, RUNS);
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) writeFileSync(file, text.slice(0, end));
    for (const line of text.slice(0, end).split('\n')) {
      if (line === '') continue;
      const run = JSON.parse(line) as Finished;
      this.finished.set(run.n, run);
    }
  }
}

function describe(key: unknown): string {
  const { seed, fault, cell, sources } = (key ?? {}) as Partial<CampaignKey>;
  return `seed ${seed}, fault ${fault ?? 'all'}, cell ${cell ?? 'all'}, sources ${sources ?? 'unknown'}`;
}
