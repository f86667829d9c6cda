import { inflateSync } from 'node:zlib';

export interface Pixels {
  width: number;
  height: number;
  /** Number of pixels in the box that are darker than mid-grey. */
  darkPixels(box: { top: number; bottom: number; left: number; right: number }): number;
}

/** Decodes a PNG of 8-bit RGBA without interlacing (what the renderer writes). Throws for any other file. */
export function pixels(png: Buffer): Pixels {
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  if (!png.subarray(0, 8).equals(magic)) throw new Error('not a PNG');
  const data: Buffer[] = [];
  let header = Buffer.alloc(0);
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const kind = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (kind === 'IHDR') header = Buffer.from(body);
    if (kind === 'IDAT') data.push(body);
    at += 12 + length;
  }
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  if (header[8] !== 8 || header[9] !== 6 || header[12] !== 0) throw new Error('not 8-bit RGBA without interlacing');
  const rgba = unfilter(inflateSync(Buffer.concat(data)), width, height);
  return {
    width,
    height,
    darkPixels({ top, bottom, left, right }) {
      let count = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const at = 4 * (y * width + x);
          if (rgba[at]! + rgba[at + 1]! + rgba[at + 2]! < 3 * 128) count++;
        }
      }
      return count;
    },
  };
}

/** Undoes the five line filters of PNG (ISO/IEC 15948, section 9). */
function unfilter(raw: Buffer, width: number, height: number): Uint8Array {
  const stride = 4 * width;
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let i = 0; i < stride; i++) {
      const at = y * stride + i;
      const a = i >= 4 ? out[at - 4]! : 0;
      const b = y > 0 ? out[at - stride]! : 0;
      const c = i >= 4 && y > 0 ? out[at - stride - 4]! : 0;
      const predicted = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter]!;
      out[at] = raw[y * (stride + 1) + 1 + i]! + predicted;
    }
  }
  return out;
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}
