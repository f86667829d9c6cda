/** The answer to a challenge of who knows the key (docs/authorisation.md). */
import { createHmac } from 'node:crypto';
import { InputError } from '../errors';
import { challengedText, type Challenge } from './challenge';

/**
 * The response to a challenge for `command`, as it stands in `do <response> <command>`.
 * @param command printable ASCII, exactly as it is sent
 * @param key 64 hexadecimal digits
 * @throws InputError
 */
export function respond(challenge: Challenge, command: string, key: string): string {
  const text = challengedText(challenge, command);
  const mac = createHmac('sha256', keyBytes(key)).update(text, 'latin1').digest('hex');
  return `${challenge.number}-${mac}`;
}

function keyBytes(key: string): Buffer {
  if (!/^[0-9a-f]{64}$/i.test(key)) throw new InputError('the key is not 64 hexadecimal digits');
  return Buffer.from(key, 'hex');
}
