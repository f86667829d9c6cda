/** Gives a device a command that takes the commissioning key. */
import { randomBytes } from 'node:crypto';
import { parseChallenge } from './challenge';
import { respond } from './response';

/** Sends a line to the device and gives its answer, both without their ends. */
export type Exchange = (line: string) => Promise<string>;

/**
 * @param command such as `release OverVoltage`; blanks around it are dropped
 * @param key 64 hexadecimal digits
 * @returns the device's answer: `ok …`, `refused: …` or `error: …`
 * @throws InputError when the device gives no challenge, or key or command cannot be used
 */
export async function authorise(exchange: Exchange, command: string, key: string): Promise<string> {
  const text = command.trim();
  const challenge = parseChallenge(await exchange(`challenge ${text}`));
  return exchange(`do ${respond(challenge, text, key)} ${text}`);
}

/** A new commissioning key: 64 hexadecimal digits. */
export function newKey(): string {
  return randomBytes(32).toString('hex');
}
