import { toPng } from '../picture/png';
import { openResultFolder, type ResultFolder } from '../results/folder';
import type { Context } from './context';
import type { Terminal } from './terminal';

/** Prints the one JSON document of `--json`. */
export function printJson(terminal: Terminal, document: unknown): void {
  terminal.stdout(`${JSON.stringify(document, null, 2)}\n`);
}

/** Opens the result folder of `--out`, where given, before the work, and removes it again when the work did not commit it. */
export async function inResultFolder(
  out: string | undefined,
  work: (folder: ResultFolder | undefined) => Promise<void>,
): Promise<void> {
  const folder = out === undefined ? undefined : openResultFolder(out);
  try {
    await work(folder);
  } finally {
    folder?.discard();
  }
}

/** The exit code of a run that was stopped. @returns true when nothing of it had finished, and says so: nothing is written then */
export function stoppedWithNothing(context: Context, finished: readonly unknown[], what: 'cycle' | 'run'): boolean {
  const { terminal } = context;
  if (!terminal.signal.aborted) return false;
  context.exitCode = 130;
  if (finished.length > 0) return false;
  terminal.stderr(`caldera: stopped before the first ${what} had finished; nothing is written\n`);
  return true;
}

/** Writes a picture as SVG and PNG; where PNG cannot be made, says so and leaves the SVG. */
export function addPicture(terminal: Terminal, folder: ResultFolder, name: string, svg: string): void {
  folder.write(`${name}.svg`, `${svg}\n`);
  try {
    folder.write(`${name}.png`, toPng(svg));
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    terminal.stderr(`caldera: ${name}.png not written (${reason}); see caldera doctor\n`);
  }
}
