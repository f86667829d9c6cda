/** The host's side of a challenge: what the device asks, and the answer of who knows the key (docs/authorisation.md). */
import { createHmac } from 'node:crypto';
import { InputError } from '../errors';

/** What a device answers to `challenge <command>`. */
export interface Challenge {
  device: string;
  number: number;
  nonce: string;
}

/** @throws InputError with the device's own words when the answer is no challenge */
export function parseChallenge(answer: string): Challenge {
  const [, device, number, nonce] = /^ok ([!-~]+) (\d{1,10}) ([0-9a-f]{16})$/.exec(answer) ?? [];
  if (device === undefined || nonce === undefined) throw new InputError(`the device gives no challenge: ${answer}`);
  return { device, number: Number(number), nonce };
}

/**
 * The response to a challenge for `command`, as it stands in `do <response> <command>`.
 * @param command printable ASCII, exactly as it is sent
 * @param key 64 hexadecimal digits
 * @throws InputError
 */
export function respond(challenge: Challenge, command: string, key: string): string {
  if (!/^[ -~]+$/.test(command)) throw new InputError('the command holds characters other than printable ASCII');
  const text = `do ${challenge.device} ${challenge.number} ${challenge.nonce} ${command}`;
  const mac = createHmac('sha256', keyBytes(key)).update(text, 'latin1').digest('hex');
  return `${challenge.number}-${mac}`;
}

function keyBytes(key: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(key)) throw new InputError('the key is not 64 hexadecimal digits');
  return Buffer.from(key, 'hex');
}
