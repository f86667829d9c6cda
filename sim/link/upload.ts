/** Sends a whole configuration to a device, which takes it only when all of it has arrived and is valid. */
import { createHash } from 'node:crypto';
import { LONGEST_UPLOAD } from '../../firmware/link/upload';
import { InputError } from '../errors';
import { authorise } from '../service/authorise';
import { LinkError, type DeviceLink } from './deviceLink';

/** Bytes of a piece: a frame of some 300 characters. */
const PIECE_BYTES = 192;

/**
 * @param configuration as JSON takes it
 * @param key 64 hexadecimal digits
 * @throws InputError when key or configuration cannot be used; LinkError with the device's reason when it refuses
 */
export async function uploadConfiguration(
  link: Pick<DeviceLink, 'request'>,
  configuration: object,
  key: string,
  onProgress?: (fraction: number) => void,
): Promise<void> {
  // The device reads bytes: what is not ASCII goes as an escape.
  const text = JSON.stringify(configuration).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (text.length > LONGEST_UPLOAD)
    throw new InputError(`the configuration has ${text.length} bytes; allowed: at most ${LONGEST_UPLOAD}`);
  const hash = createHash('sha256').update(text).digest('hex');
  mustBeOk(await authorise((line) => link.request(line), `upload ${text.length} ${hash}`, key));
  for (let at = 0; at < text.length; at += PIECE_BYTES) {
    const piece = Buffer.from(text.slice(at, at + PIECE_BYTES), 'latin1').toString('base64');
    mustBeOk(await link.request(`piece ${at} ${piece}`));
    onProgress?.(Math.min(1, (at + PIECE_BYTES) / text.length));
  }
  mustBeOk(await link.request('apply'));
}

function mustBeOk(answer: string): void {
  if (!answer.startsWith('ok')) throw new LinkError(`the device does not take the configuration: ${answer}`);
}
