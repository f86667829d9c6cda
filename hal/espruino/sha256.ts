/**
 * SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104). Espruino has SHA-256 built in on ESP32, ESP32-C3, ESP32-S3 and Linux: an HMAC
 * of a service command then costs 15 Leibniz steps. Without it, in the interpreter, it takes about 3,000: half a second of an
 * ESP32's time, in which nothing else runs.
 */

interface CryptoModule {
  /** 32 bytes. Items are joined: bytes, or strings of which each character is a byte. */
  SHA256?(items: readonly (Uint8Array | ArrayBuffer | string)[]): ArrayBuffer;
}
declare global {
  interface EspruinoModules {
    crypto: CryptoModule;
  }
}

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/**
 * HMAC-SHA256, 32 bytes, by what the interpreter has built in.
 * @param key eight words of 32 bits, first bytes first, each with its first byte highest
 * @param text each character is one byte
 * @param mayTakeLong whether half a second does no harm: the switches are open
 * @throws when the interpreter has no SHA-256 and it may not take long
 */
export function hmacSha256(key: Float64Array, text: string, mayTakeLong: boolean): ArrayBuffer {
  const crypto = cryptoModule();
  const inner = pad(key, 0x36);
  const outer = pad(key, 0x5c);
  if (crypto !== undefined && crypto.SHA256 !== undefined) return crypto.SHA256([outer, crypto.SHA256([inner, text])]);
  if (!mayTakeLong) throw new Error('this interpreter has no SHA-256: open the switches first');
  return slowHmacSha256(key, text);
}

/** SHA-256 of a text, each character one byte: 64 hexadecimal digits. Slow where the interpreter has none. */
export function sha256Hex(text: string): string {
  const crypto = cryptoModule();
  let hash: ArrayBuffer;
  if (crypto !== undefined && crypto.SHA256 !== undefined) hash = crypto.SHA256([text]);
  else {
    const bytes = new Uint8Array(text.length);
    for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
    hash = slowSha256(bytes);
  }
  const view = new DataView(hash);
  let hex = '';
  for (let k = 0; k < HASH_BYTES; k += 4) hex += view.getUint32(k).toString(16).padStart(8, '0');
  return hex;
}

/** HMAC-SHA256 without the interpreter's help. */
export function slowHmacSha256(key: Float64Array, text: string): ArrayBuffer {
  const message = new Uint8Array(BLOCK_BYTES + text.length);
  message.set(pad(key, 0x36));
  for (let k = 0; k < text.length; k++) message[BLOCK_BYTES + k] = text.charCodeAt(k);
  const outer = new Uint8Array(BLOCK_BYTES + HASH_BYTES);
  outer.set(pad(key, 0x5c));
  outer.set(new Uint8Array(slowSha256(message)), BLOCK_BYTES);
  return slowSha256(outer);
}

/** SHA-256 of bytes, 32 bytes, without the interpreter's help. */
export function slowSha256(bytes: Uint8Array): ArrayBuffer {
  // The bytes, one bit, zeros, and the count of bits in the last eight bytes.
  const padded = new Uint8Array(BLOCK_BYTES * Math.floor((bytes.length + 8) / BLOCK_BYTES + 1));
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, 8 * bytes.length);
  const hash = firstHash();
  const words = new Int32Array(BLOCK_BYTES);
  const rounds = roundConstants();
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) {
    for (let k = 0; k < 16; k++) words[k] = view.getInt32(at + 4 * k);
    addBlock(hash, words, rounds);
  }
  const result = new DataView(new ArrayBuffer(HASH_BYTES));
  for (let k = 0; k < 8; k++) result.setInt32(4 * k, hash[k]);
  return result.buffer;
}

function cryptoModule(): CryptoModule | undefined {
  try {
    return require('crypto');
  } catch (_error) {
    return undefined;
  }
}

/** A block of the key and zeros, each byte exclusive-or `byte`. */
function pad(key: Float64Array, byte: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES).fill(byte);
  const view = new DataView(bytes.buffer);
  const word = byte * 0x01010101;
  for (let k = 0; k < 8; k++) view.setInt32(4 * k, key[k] ^ word);
  return bytes;
}

/** FIPS 180-4, section 6.2.2. `words` holds the block in its first 16 and is filled; sums are taken modulo 2^32 by `| 0`. */
function addBlock(hash: Int32Array, words: Int32Array, rounds: Int32Array): void {
  for (let k = 16; k < 64; k++) {
    const x = words[k - 15];
    const y = words[k - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[k] = (words[k - 16] + s0 + words[k - 7] + s1) | 0;
  }
  let a = hash[0];
  let b = hash[1];
  let c = hash[2];
  let d = hash[3];
  let e = hash[4];
  let f = hash[5];
  let g = hash[6];
  let h = hash[7];
  for (let k = 0; k < 64; k++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + rounds[k] + words[k]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] = (hash[0] + a) | 0;
  hash[1] = (hash[1] + b) | 0;
  hash[2] = (hash[2] + c) | 0;
  hash[3] = (hash[3] + d) | 0;
  hash[4] = (hash[4] + e) | 0;
  hash[5] = (hash[5] + f) | 0;
  hash[6] = (hash[6] + g) | 0;
  hash[7] = (hash[7] + h) | 0;
}

/** The first 32 bits of the fractions of the square roots of the first 8 primes (section 5.3.3). */
function firstHash(): Int32Array {
  return new Int32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]);
}

/** The same of the cube roots of the first 64 primes (section 4.2.2). Made when needed: it takes a hundred JsVars. */
function roundConstants(): Int32Array {
  return new Int32Array([
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
    0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
    0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
    0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2,
  ]);
}
