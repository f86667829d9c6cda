/** A build of a firmware in small, to be flashed in its place. */
import { deviceScript } from '../service/deviceScript';
import type { Built } from '../../sim/flash/flash';

export async function standIn(number: number, passes = true): Promise<Built> {
  const code = (await deviceScript('../flash/standInFirmware.mjs'))
    .replaceAll('NUMBER', String(number))
    .replaceAll('PASSES', String(passes));
  const filler = (seed: number, length: number): string =>
    Array.from({ length }, (_, k) => String.fromCharCode(32 + ((k * 7919 + seed * 104729 + number) % 95))).join('');
  return {
    board: 'cycler',
    version: `0.0.${number}`,
    hash: `0123456789abcde${number}`,
    code,
    parts: { boot: filler(1, 1500), serve: filler(2, 900) },
  };
}
