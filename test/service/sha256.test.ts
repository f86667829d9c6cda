import * as fc from 'fast-check';
import { createHash, createHmac } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { slowHmacSha256, slowSha256 } from '../../hal/espruino/sha256';
import { interpreter, onDevice } from '../device/interpreter';
import { bytesLiteral, deviceScript, printedLines } from './deviceScript';

const hex = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('hex');
const slow = (text: string): string => hex(slowSha256(Buffer.from(text, 'latin1')));

/** NIST's examples of FIPS 180-4, and the empty message. */
const SHA256: [string, string][] = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
];

/**
 * RFC 4231, section 4, where the key is no longer than ours: it is filled up with zeros, which is what HMAC does itself (cases 1,
 * 2, 3 and 4; those after have longer keys or shortened results).
 */
const HMAC: [number, string, string, string][] = [
  [1, '0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    2,
    Buffer.from('Jefe').toString('hex'),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [3, 'aa'.repeat(20), '\xdd'.repeat(50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [
    4,
    '0102030405060708090a0b0c0d0e0f10111213141516171819',
    '\xcd'.repeat(50),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
];

const words = (key: string): number[] =>
  Array.from({ length: 8 }, (_, k) => parseInt(key.padEnd(64, '0').slice(8 * k, 8 * k + 8), 16));

describe('without help', () => {
  test.each(SHA256)('SHA-256 of "%s"', (text, expected) => expect(slow(text)).toBe(expected));

  test('SHA-256 of a million times "a"', () => {
    expect(slow('a'.repeat(1e6))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
  });

  test.each(HMAC)('HMAC-SHA256, case %i of RFC 4231', (_, key, text, expected) => {
    expect(hex(slowHmacSha256(Float64Array.from(words(key)), text))).toBe(expected);
  });

  test('agrees with Node on any bytes, of any length around a block', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200, size: 'max' }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (bytes, key) => {
          const text = Buffer.from(bytes).toString('latin1');
          expect(hex(slowSha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
          const keyWords = Float64Array.from(words(Buffer.from(key).toString('hex')));
          expect(hex(slowHmacSha256(keyWords, text))).toBe(createHmac('sha256', key).update(bytes).digest('hex'));
        },
      ),
      { numRuns: 300 },
    );
  });
});

onDevice('on the interpreter', () => {
  let printed: string[] = [];

  beforeAll(async () => {
    const calls = [
      ...SHA256.map(([text]) => `device.sha256(${bytesLiteral(text)})`),
      ...HMAC.map(([, key, text]) => `device.hmac([${words(key).join()}],${bytesLiteral(text)})`),
      ...HMAC.map(([, key, text]) => `device.slowHmac([${words(key).join()}],${bytesLiteral(text)})`),
    ];
    const script = await deviceScript('device.ts');
    printed = await printedLines(interpreter, script + calls.map((call) => `print('@'+${call});\n`).join(''));
  });

  test('SHA-256 in JavaScript', () => {
    expect(printed.slice(0, SHA256.length)).toEqual(SHA256.map(([, expected]) => expected));
  });

  test('HMAC-SHA256 with what is built in, and in JavaScript', () => {
    const expected = HMAC.map(([, , , mac]) => mac);
    expect(printed.slice(SHA256.length)).toEqual([...expected, ...expected]);
  });
});
