/** Gives a device a command that takes the commissioning key. */
import { randomBytes } from 'node:crypto';
import { faultName } from '../../firmware/protect/names';
import { findFault } from '../faults/names';
import { parseChallenge } from './challenge';
import { respond } from './response';

/** Sends a line to the device and gives its answer, both without their ends. */
export type Exchange = (line: string) => Promise<string>;

/**
 * @param command such as `release over-voltage`; a fault may be spelled in any way that names.ts knows
 * @param key 64 hexadecimal digits
 * @returns the device's answer: `ok …`, `refused: …` or `error: …`
 * @throws InputError when the device gives no challenge, or key or command cannot be used
 */
export async function authorise(exchange: Exchange, command: string, key: string): Promise<string> {
  const text = asTheDeviceHasIt(command.trim());
  const challenge = parseChallenge(await exchange(`challenge ${text}`));
  return exchange(`do ${respond(challenge, text, key)} ${text}`);
}

/** A device knows a fault by its number and by one spelling; a row that this version has not is for the device to judge. */
function asTheDeviceHasIt(command: string): string {
  const [word, ...rest] = command.split(' ');
  const fault = word === 'release' ? findFault(rest.join(' ')) : undefined;
  return fault === undefined ? command : `release ${faultName(fault)}`;
}

/** A new commissioning key: 64 hexadecimal digits. */
export function newKey(): string {
  return randomBytes(32).toString('hex');
}
