/**
 * The service commands: a line in, a line out (docs/authorisation.md). Loaded when a line has arrived, dropped after the answer.
 * Answers begin with `ok`, with `refused: ` (understood, not allowed or not possible) or with `error: ` (not understood).
 */
import { challenge, check } from './challenge';
import { factoryReset, setFirstKey, setKey } from './key';
import { showLimits, tighten, widen } from './limits';
import { wholeNumber } from './number';
import type { ServiceTarget } from './target';

/** Longest line that is served [characters]; a longer one is answered with an error. */
export const LINE_MAX = 1024;

const FREE = 'version status limits log events counters read rate time tighten piece apply challenge do key help';
/** Commands that take a challenge. */
export const AUTHORISED = 'release widen calibrate configure upload update ship wake key factory-reset';

/**
 * Whatever the line, it is answered in one, nothing is thrown, and nothing of the line is repeated in the answer.
 * @param line without its end; each character is one byte
 * @param now_ms a whole number, of a clock that nobody sets
 */
export function serve(target: ServiceTarget, line: string, now_ms: number): string {
  if (line.length > LINE_MAX) return 'error: longer than ' + LINE_MAX + ' characters';
  try {
    return answer(target, line, now_ms);
  } catch (error) {
    return 'refused: ' + ('' + error).split('\n')[0];
  }
}

function answer(target: ServiceTarget, line: string, now_ms: number): string {
  const rest = afterWord(line);
  switch (firstWord(line)) {
    case 'status':
      return 'ok ' + target.status();
    case 'limits':
      return showLimits(target);
    case 'counters':
      return 'ok ' + target.counters();
    case 'log':
    case 'events': {
      const n = rest === '' ? 0 : wholeNumber(rest);
      if (!(n >= 0)) return 'error: entries are counted from 0, the newest';
      return 'ok ' + (firstWord(line) === 'log' ? target.log(n) : target.event(n));
    }
    case 'version':
      return 'ok ' + target.version();
    case 'read': {
      const bytes = target.readLog(wholeNumber(firstWord(rest)), wholeNumber(afterWord(rest)));
      return bytes === '' ? 'error: read <page of the log> <offset>, from 0 on' : 'ok ' + bytes;
    }
    case 'rate':
      return 'error: rate <ms>, 100 to 3600000, or 0 for none';
    case 'time':
      return 'error: time <s>, whole seconds since 1970';
    case 'piece':
      return done(target.piece(wholeNumber(firstWord(rest)), afterWord(rest)));
    case 'apply':
      return done(target.apply());
    case 'tighten':
      return tighten(target, firstWord(rest), afterWord(rest));
    case 'key':
      return setFirstKey(target, rest);
    case 'challenge':
      if (!isListed(AUTHORISED, firstWord(rest))) return 'error: a challenge is for one of ' + AUTHORISED;
      return challenge(target, rest, now_ms);
    case 'do': {
      const command = afterWord(rest);
      const refusal = check(target, firstWord(rest), command, now_ms);
      return refusal === '' ? perform(target, command) : refusal;
    }
    case 'help':
      return 'ok ' + FREE + '; with a challenge: ' + AUTHORISED;
    default:
      return isListed(AUTHORISED, firstWord(line))
        ? 'refused: this takes a challenge, see help'
        : 'error: unknown command, see help';
  }
}

/** A command whose response was right. */
function perform(target: ServiceTarget, command: string): string {
  const rest = afterWord(command);
  switch (firstWord(command)) {
    case 'release':
      return done(target.release(rest));
    case 'widen':
      return widen(target, firstWord(rest), afterWord(rest));
    case 'calibrate':
      return calibrate(target, rest);
    case 'configure':
      return done(target.configure(rest));
    case 'upload':
      return done(target.upload(wholeNumber(firstWord(rest)), afterWord(rest)));
    case 'update':
      return done(target.update());
    case 'ship':
      return done(target.ship());
    case 'wake':
      return done(target.wake());
    case 'key':
      return setKey(target, rest);
    case 'factory-reset':
      return factoryReset(target);
    default:
      return 'error: unknown command, see help';
  }
}

function calibrate(target: ServiceTarget, rest: string): string {
  const numbers = afterWord(rest);
  const gain_ppm = wholeNumber(firstWord(numbers));
  const offset = wholeNumber(afterWord(numbers));
  if (isNaN(gain_ppm) || isNaN(offset)) return 'error: calibrate <reading> <gain in ppm> <offset>, whole numbers';
  return done(target.calibrate(firstWord(rest), gain_ppm, offset));
}

function done(refusal: string): string {
  return refusal === '' ? 'ok' : 'refused: ' + refusal;
}

function firstWord(text: string): string {
  const blank = text.indexOf(' ');
  return blank < 0 ? text : text.slice(0, blank);
}

function afterWord(text: string): string {
  const blank = text.indexOf(' ');
  return blank < 0 ? '' : text.slice(blank + 1);
}

function isListed(words: string, word: string): boolean {
  return word !== '' && words.split(' ').includes(word);
}
