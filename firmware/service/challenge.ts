/**
 * Challenge and response. A challenge is a number that is never given out twice and a nonce; the response is an HMAC-SHA256 with
 * the commissioning key over both, the device's name and the text of the command, so that it does that command once, here, now.
 */
import { wholeNumber } from './number';
import { KEY_WORDS, KeyState, Service, SLOTS, type ServiceState } from './state';
import type { ServiceTarget } from './target';

/** A challenge is answered within this time [ms]. */
const EXPIRES_MS = 30000;
/** Numbers set aside at a time, so that strangers who ask and ask do not wear out the flash. */
const RESERVED_AT_ONCE = 1000;
const HIGHEST_NUMBER = 2000000000;
/** From so many failures on there is a wait; it doubles with each more. */
const FREE_FAILURES = 3;
const WAIT_MS = 10000;
const LONGEST_WAIT_MS = 3600000;
const RESPONSE_DIGITS = 64;

/** A challenge for this command: `ok <device> <number> <nonce>`, or why there is none. */
export function challenge(target: ServiceTarget, command: string, now_ms: number): string {
  const state = target.state;
  const closed = whyClosed(state, now_ms);
  if (closed !== '') return closed;
  const number = state[Service.next];
  if (number >= state[Service.reserved] && !reserve(target)) return 'refused: the store cannot be written';
  state[Service.next] = number + 1;
  state[Service.issued_ms + (number % SLOTS)] = now_ms;
  return 'ok ' + target.id + ' ' + number + ' ' + nonce(target, number, now_ms, command);
}

/** '' when the response is right for this command, else the refusal. A challenge is used up by the first response to it. */
export function check(target: ServiceTarget, response: string, command: string, now_ms: number): string {
  const state = target.state;
  const closed = whyClosed(state, now_ms);
  if (closed !== '') return closed;
  const dash = response.indexOf('-');
  const number = wholeNumber(response.slice(0, Math.max(dash, 0)));
  if (!(number >= 0) || response.length - dash - 1 !== RESPONSE_DIGITS)
    return 'error: a response is the number of its challenge, a dash and 64 hexadecimal digits';

  const slot = Service.issued_ms + (number % SLOTS);
  const issued_ms = state[slot];
  // Of the numbers that share a slot only the latest can be open.
  const open = number < state[Service.next] && number >= state[Service.next] - SLOTS && !isNaN(issued_ms);
  if (!open) return 'refused: no such challenge is open: it was answered, or newer ones or a reset took its place';
  state[slot] = NaN;
  const age_ms = now_ms - issued_ms;
  // A clock that was set back makes it old, too.
  if (!(age_ms >= 0 && age_ms <= EXPIRES_MS)) return 'refused: the challenge has expired';

  const text = 'do ' + target.id + ' ' + number + ' ' + nonce(target, number, issued_ms, command) + ' ' + command;
  if (!same(target.hmac(keyOf(state), text), response.slice(dash + 1))) return failed(target, now_ms);
  if (state[Service.failures] > 0) {
    state[Service.failures] = 0;
    // A worn-out store must not keep a fault from being released: if it is not written, a reset brings the failures back.
    saved(target);
  }
  return '';
}

/** The wait left after wrong responses [ms]; 0: none. */
function wait_ms(state: ServiceState, now_ms: number): number {
  const failures = state[Service.failures];
  if (failures < FREE_FAILURES) return 0;
  // A clock that was set back begins the wait anew.
  if (!(now_ms >= state[Service.failed_ms])) state[Service.failed_ms] = now_ms;
  const whole_ms = Math.min(WAIT_MS * Math.pow(2, Math.min(failures - FREE_FAILURES, 20)), LONGEST_WAIT_MS);
  return Math.max(whole_ms - (now_ms - state[Service.failed_ms]), 0);
}

function whyClosed(state: ServiceState, now_ms: number): string {
  if (state[Service.keyState] === KeyState.None) return 'refused: no key is set';
  if (state[Service.keyState] !== KeyState.Set)
    return 'refused: the key in the store is damaged; only the button at boot helps';
  const left_ms = wait_ms(state, now_ms);
  return left_ms > 0 ? 'refused: wait ' + Math.ceil(left_ms / 1000) + ' s, after wrong responses' : '';
}

/** Whether the state is safely stored; a store that throws is one that does not. */
export function saved(target: ServiceTarget): boolean {
  try {
    return target.save();
  } catch (_error) {
    return false;
  }
}

/** Sets numbers aside before the first of them is given out: what is not stored could be given out again after a reset. */
function reserve(target: ServiceTarget): boolean {
  const state = target.state;
  const was = state[Service.reserved];
  if (was >= HIGHEST_NUMBER) return false;
  state[Service.reserved] = was + RESERVED_AT_ONCE;
  if (saved(target)) return true;
  state[Service.reserved] = was;
  return false;
}

/**
 * Unpredictable without the key, whatever the random source is worth, and never the same, because the number is not. It depends
 * on the command, so that a challenge serves the command it was asked for and no other.
 */
function nonce(target: ServiceTarget, number: number, issued_ms: number, command: string): string {
  const state = target.state;
  const text = 'nonce ' + target.id + ' ' + number + ' ' + state[Service.random] + ' ' + issued_ms + ' ' + command;
  const bytes = new DataView(target.hmac(keyOf(state), text));
  return hexWord(bytes.getUint32(0)) + hexWord(bytes.getUint32(4));
}

function keyOf(state: ServiceState): Float64Array {
  return state.subarray(Service.key, Service.key + KEY_WORDS);
}

function hexWord(word: number): string {
  return word.toString(16).padStart(8, '0');
}

/** Digit by digit: as a number `+5` is `05` too. All words are looked at, wherever the first difference is. */
function same(mac: ArrayBuffer, hex: string): boolean {
  const bytes = new DataView(mac);
  const digits = hex.toLowerCase();
  let differ = 0;
  for (let k = 0; k < 32; k += 4) if (digits.slice(2 * k, 2 * k + 8) !== hexWord(bytes.getUint32(k))) differ++;
  return differ === 0;
}

/** Counted, and stored, before it is said. */
function failed(target: ServiceTarget, now_ms: number): string {
  const state = target.state;
  state[Service.failures]++;
  state[Service.failed_ms] = now_ms;
  saved(target);
  return 'refused: wrong response';
}
