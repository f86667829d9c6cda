/** What the link needs of the interpreter to carry bytes and files. Not resident. */

export function toBase64(bytes: { readonly length: number }): string {
  return btoa(bytes);
}

export function fromBase64(text: string): string {
  return atob(text);
}

/**
 * Writes at an offset of a file, which the piece at 0 makes anew.
 * @param length of the whole file [bytes]
 * @returns whether there was room
 */
export function writeFilePart(name: string, text: string, offset: number, length: number): boolean {
  const storage = require('Storage');
  if (offset > 0) return storage.write(name, text, offset);
  storage.erase(name);
  return storage.write(name, text, 0, length);
}

/** Such as `2v29`. */
export function interpreterVersion(): string {
  return process.version;
}
