/** Writes what a device measures as CSV. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { InputError } from '../errors';
import { makeDirectories } from '../results/folder';
import { monitorHeader, MonitorRows } from './monitorRows';
import type { Monitored } from './session';

/** Rows go to the file at once, so that it is whole whenever the program ends. */
export class MonitorFile {
  private readonly handle: number;
  private readonly measured = new MonitorRows();
  rows = 0;

  /** @throws InputError when the file exists or cannot be written */
  constructor(readonly file: string) {
    try {
      makeDirectories(path.dirname(path.resolve(file)));
      this.handle = fs.openSync(file, 'wx');
    } catch (error) {
      throw new InputError(
        `--out: ${file} cannot be written (${(error as NodeJS.ErrnoException).code}); allowed: a file that does not exist yet`,
      );
    }
    fs.writeSync(this.handle, `${monitorHeader}\n`);
  }

  /** A measurement without voltage or current is none, and is left out. */
  add({ measurement, estimates, measuredAt_ms }: Readonly<Monitored>): void {
    const row = measurement && this.measured.row(measurement, estimates, measuredAt_ms);
    if (row === undefined) return;
    fs.writeSync(this.handle, `${row}\n`);
    this.rows++;
  }

  close(): void {
    fs.closeSync(this.handle);
  }
}
