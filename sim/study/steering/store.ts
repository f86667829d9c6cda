/** Finished work, kept in a file: one JSON line a result, appended as it comes, so that a study that was stopped goes on. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Line {
  key: string;
  name: string;
  result: unknown;
}

/** The name of a piece of work: what is to be done, and the version of what it is done with. */
export const keyOf = (task: unknown, version: string): string =>
  createHash('sha256').update(version).update(JSON.stringify(task)).digest('hex').slice(0, 24);

export class Store {
  private readonly file: string;
  private readonly results = new Map<string, unknown>();

  /** @param folder is made where there is none */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, 'results.jsonl');
    if (!existsSync(this.file)) return;
    const text = readFileSync(this.file, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    // A line that was being written when the study was killed is done again.
    if (end < text.length) writeFileSync(this.file, text.slice(0, end));
    for (const line of text.slice(0, end).split('\n')) {
      if (line === '') continue;
      const { key, result } = JSON.parse(line) as Line;
      this.results.set(key, result);
    }
  }

  has(key: string): boolean {
    return this.results.has(key);
  }

  get(key: string): unknown {
    return this.results.get(key);
  }

  add(key: string, name: string, result: unknown): void {
    const line: Line = { key, name, result };
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
    this.results.set(key, result);
  }
}
