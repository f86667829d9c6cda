import { describe, expect, test } from 'vitest';
import { InputError } from '../../sim/errors';
import { authorise, newKey } from '../../sim/service/authorise';
import { parseChallenge } from '../../sim/service/challenge';
import { respond } from '../../sim/service/response';
import { hmacSha256 } from '../../hal/espruino/sha256';
import { Device, KEY, nodeHmac, OTHER_KEY } from './onNode';

const exchange = (device: Device) => (line: string) => Promise.resolve(device.serve(line));

describe('the host', () => {
  test('has a command done', async () => {
    const device = Device.commissioned();
    expect(await authorise(exchange(device), ' widen charge_mA 4000\n', KEY)).toBe('ok charge_mA 4000');
    expect(await authorise(exchange(device), 'ship', OTHER_KEY)).toBe('refused: wrong response');
    const key = newKey();
    expect(await authorise(exchange(device), `key ${key}`, KEY)).toBe('ok key set');
    expect(await authorise(exchange(device), 'ship', key.toUpperCase())).toBe('ok');
  });

  test('spells a fault as the device does, and leaves what it does not know', async () => {
    const device = Device.commissioned();
    const spelled = ['OverVoltage', 'over voltage', 'over-voltage', '1', 'warp core breach'];
    for (const text of spelled) expect(await authorise(exchange(device), `release ${text}`, KEY)).toBe('ok');
    expect(device.fake.did.filter((done) => done.startsWith('release'))).toEqual([
      ...Array<string>(3).fill('release over-voltage'),
      'release 1',
      'release warp core breach',
    ]);
  });

  test('passes on why there is no challenge', async () => {
    const command = authorise(exchange(new Device()), 'ship', KEY);
    await expect(command).rejects.toThrow(new InputError('the device gives no challenge: refused: no key is set'));
  });

  test.each(['', 'ok', 'ok a b 1 0123456789abcdef', 'ok a 1 0123456789ABCDEF', 'ok a -1 0123456789abcdef'])(
    'takes no "%s" for a challenge',
    (answer) => expect(() => parseChallenge(answer)).toThrow(InputError),
  );

  test('answers only what can be sent, with a key', () => {
    const challenge = { device: 'a', number: 1, nonce: '0'.repeat(16) };
    expect(() => respond(challenge, 'release \u00e4', KEY)).toThrow(/printable ASCII/);
    expect(() => respond(challenge, 'a\nb', KEY)).toThrow(/printable ASCII/);
    expect(() => respond(challenge, 'ship', KEY.slice(1))).toThrow(/64 hexadecimal digits/);
  });

  test('makes a new key each time', () => {
    expect(newKey()).toMatch(/^[0-9a-f]{64}$/);
    expect(newKey()).not.toBe(newKey());
  });
});

test('an interpreter without SHA-256 takes its time only when it may', () => {
  // Node has a module of that name, without what Espruino's has.
  const key = new Float64Array(8);
  expect(() => hmacSha256(key, 'text', false)).toThrow('this interpreter has no SHA-256: open the switches first');
  expect(hmacSha256(key, 'text', true)).toEqual(nodeHmac(key, 'text'));
});
