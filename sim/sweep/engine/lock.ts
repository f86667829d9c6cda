/** One process at a time writes a folder: a file with its number, which is void when that process is gone. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputError } from '../../errors';

const NAME = '.lock';

export class FolderLock {
  private readonly file: string;

  /** @throws InputError when another process holds it */
  constructor(folder: string, refuse: (reason: string, allowed: string) => InputError) {
    this.file = join(folder, NAME);
    for (;;)
      try {
        writeFileSync(this.file, String(process.pid), { flag: 'wx' });
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const owner = this.owner();
        if (owner !== undefined) throw refuse(`is being written by process ${owner}`, 'another folder, or wait');
        rmSync(this.file, { force: true });
      }
  }

  release(): void {
    rmSync(this.file, { force: true });
  }

  /** Who holds it, if alive. A number that is this process's own is of an earlier one, as in a container. */
  private owner(): number | undefined {
    try {
      const pid = Number.parseInt(readFileSync(this.file, 'utf8'), 10);
      if (!(pid > 0) || pid === process.pid) return undefined;
      process.kill(pid, 0);
      return pid;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'EPERM' ? Number.NaN : undefined;
    }
  }
}
