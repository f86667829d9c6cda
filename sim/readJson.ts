/** Reading a user's JSON file; what it holds is checked with checkJson.ts. The web page has no files: there another one stands in. */
import * as fs from 'node:fs';
import { InputError } from './errors';

/** The content of a file; `what` names its kind in errors. @throws InputError when it cannot be read or is not JSON */
export function readJson(file: string, what: string): unknown {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(
      `${what} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}; allowed: a readable file`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${what} ${file} is not JSON: ${(error as Error).message}`);
  }
}
