/** For what an interpreter expands by `require("heatshrink").decompress`: the compressor that comes with its upload tool. */
import { createRequire } from 'node:module';

interface Heatshrink {
  compress(bytes: Uint8Array): Uint8Array;
}

export const { compress } = createRequire(__filename)('espruino/libs/heatshrink.js') as Heatshrink;
