/** What a device asks of who gives it a command that takes the key (docs/authorisation.md). */
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
 * What the response is the HMAC of; each character is one byte.
 * @throws InputError
 */
export function challengedText({ device, number, nonce }: Challenge, command: string): string {
  if (!/^[ -~]+$/.test(command)) throw new InputError('the command holds characters other than printable ASCII');
  return `do ${device} ${number} ${nonce} ${command}`;
}
