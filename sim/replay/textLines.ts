import { InputError } from '../errors';

/** A text, wherever it comes from. */
export interface TextSource {
  /** For messages. */
  name: string;
  bytes: number;
  /** Its bytes in order, to be gone through once. */
  pieces: AsyncIterable<Uint8Array>;
}

/** No measurement row is longer; a file without line breaks stops here instead of filling the memory. */
const longestLine = 1_000_000;

/**
 * The lines of a text, many at a time: it is read in pieces, so that its size does not matter. It is UTF-8 or, where the first
 * piece is not, Latin-1 as cyclers on Windows write it.
 * @param onProgress called with the part read, 0 to 1
 * @throws InputError when it is empty or not text
 */
export async function* textLines(
  { name, bytes, pieces }: TextSource,
  onProgress?: (part: number) => void,
): AsyncGenerator<string[], void> {
  if (bytes === 0)
    throw new InputError(`${name}: the file is empty (0 bytes); allowed: a measurement file of a cycler`);
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let read = 0;
  let rest = '';
  for await (const piece of pieces) {
    const zero = piece.indexOf(0);
    if (zero >= 0) {
      throw new InputError(
        `${name}: binary file (zero byte at byte ${read + zero}); allowed: a text export of a cycler`,
      );
    }
    // A piece may end within a character: what follows its last line break does not tell.
    decoder ??= new TextDecoder(isUtf8(piece.subarray(0, piece.lastIndexOf(10) + 1)) ? 'utf-8' : 'latin1');
    read += piece.length;
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop()!;
    if (rest.length > longestLine) {
      throw new InputError(
        `${name}: a line of more than ${longestLine} characters; allowed: a text export of a cycler`,
      );
    }
    for (let i = 0; i < lines.length; i++) if (lines[i]!.endsWith('\r')) lines[i] = lines[i]!.slice(0, -1);
    yield lines;
    onProgress?.(read / bytes);
  }
  rest += decoder?.decode() ?? '';
  if (rest !== '') yield [rest];
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
