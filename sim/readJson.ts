/** Reading a user's JSON file; what it holds is checked with checkJson.ts. The web page has no files: there another one stands in. */
import { InputError } from './errors';
import { readText } from './readText';

const TOKEN = 'Unexpected token';

/** The content of a file; `what` names its kind in errors. @throws InputError when it cannot be read or is not JSON */
export function readJson(file: string, what: string): unknown {
  const text = readText(file, what);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${what} ${file} is not JSON: ${mistake(text, (error as Error).message)}`);
  }
}

/** Line and column, for the engine says at best how many characters came before. */
function mistake(text: string, message: string): string {
  const before = text.slice(0, positionOf(text, message)).split('\n');
  const what = message.replace(/ in JSON at position.*|, (\.{3})?".*/s, '');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}: ${what}`;
}

function positionOf(text: string, message: string): number {
  const said = /at position (\d+)/.exec(message)?.[1];
  if (said !== undefined) return Number(said);
  // Of a token it names no place: it is the last of the shortest beginning that is refused for it.
  if (!message.startsWith(TOKEN)) return text.length;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isRefusedForToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function isRefusedForToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as Error).message.startsWith(TOKEN);
  }
}
