/** CRC-32 as zlib has it, where there is no zlib: in a browser. */
const REFLECTED = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? REFLECTED ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

/** Unsigned, 32 bits. */
export function crc32(bytes: ArrayLike<number>): number {
  let crc = 0xffffffff;
  for (let k = 0; k < bytes.length; k++) crc = table[(crc ^ bytes[k]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Of a text of which each character is one byte. */
export const crc32OfText = (text: string): number => crc32(Uint8Array.from(text, (c) => c.charCodeAt(0)));
