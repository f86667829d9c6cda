/** Gives a board a command that takes its commissioning key; the key does not leave the page. */
import { challengedText, parseChallenge } from '../../../service/challenge';

/**
 * @param key 64 hexadecimal digits
 * @returns the board's answer
 * @throws InputError when the board gives no challenge
 */
export async function authorise(
  request: (line: string) => Promise<string>,
  command: string,
  key: string,
): Promise<string> {
  const challenge = parseChallenge(await request(`challenge ${command}`));
  const mac = await hmacSha256(key, challengedText(challenge, command));
  return request(`do ${challenge.number}-${mac} ${command}`);
}

async function hmacSha256(key: string, text: string): Promise<string> {
  const bytes = Uint8Array.from(key.match(/../g)!, (pair) => parseInt(pair, 16));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
