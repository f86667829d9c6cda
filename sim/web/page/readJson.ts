/** Stands in for sim/readJson.ts: the page has no files by name. */
import { InputError } from '../../errors';

/** @throws InputError always */
export function readJson(file: string, what: string): unknown {
  throw new InputError(`${what} ${file} cannot be read by the page; allowed: a built-in name`);
}
