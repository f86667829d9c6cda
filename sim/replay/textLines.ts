import { isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';
import { TextDecoder } from 'node:util';
import { InputError } from '../errors';

/** No measurement row is longer; a file without line breaks stops here instead of filling the memory. */
const longestLine = 1_000_000;

/**
 * The lines of a text file, many at a time: the file is read in pieces, so that its size does not matter. The text is UTF-8 or,
 * where the first piece is not, Latin-1 as cyclers on Windows write it.
 * @param onProgress called with the part read, 0 to 1
 * @throws InputError when the file is missing, not a file, empty, or not text
 */
export async function* textLines(path: string, onProgress?: (part: number) => void): AsyncGenerator<string[], void> {
  const size = sizeOfFile(path);
  let decoder: TextDecoder | undefined;
  let read = 0;
  let rest = '';
  for await (const piece of fs.createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    const zero = piece.indexOf(0);
    if (zero >= 0) {
      throw new InputError(
        `${path}: binary file (zero byte at byte ${read + zero}); allowed: a text export of a cycler`,
      );
    }
    // A piece may end within a character: what follows its last line break does not tell.
    decoder ??= new TextDecoder(isUtf8(piece.subarray(0, piece.lastIndexOf(10) + 1)) ? 'utf-8' : 'latin1');
    read += piece.length;
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop()!;
    if (rest.length > longestLine) {
      throw new InputError(
        `${path}: a line of more than ${longestLine} characters; allowed: a text export of a cycler`,
      );
    }
    for (let i = 0; i < lines.length; i++) if (lines[i]!.endsWith('\r')) lines[i] = lines[i]!.slice(0, -1);
    yield lines;
    onProgress?.(read / size);
  }
  rest += decoder?.decode() ?? '';
  if (rest !== '') yield [rest];
}

function sizeOfFile(path: string): number {
  let stat: fs.Stats;
  try {
    stat = fs.statSync(path);
    fs.accessSync(path, fs.constants.R_OK);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'cannot be read';
    throw new InputError(`${path}: ${reason}; allowed: a measurement file of a cycler`);
  }
  if (!stat.isFile()) throw new InputError(`${path}: not a file; allowed: a measurement file of a cycler`);
  if (stat.size === 0)
    throw new InputError(`${path}: the file is empty (0 bytes); allowed: a measurement file of a cycler`);
  return stat.size;
}
