/** Setting, changing and forgetting the commissioning key. */
import { saved } from './challenge';
import { closeChallenges, KEPT, KEY_WORDS, KeyState, Service } from './state';
import type { ServiceTarget } from './target';

const HEX_DIGITS = '0123456789abcdefABCDEF';

/** The first key, set by whoever is at the board. It is changed with a challenge. */
export function setFirstKey(target: ServiceTarget, hex: string): string {
  if (target.state[Service.keyState] !== KeyState.None) return 'refused: a key is set; a challenge with it changes it';
  if (!target.present()) return 'refused: the first key is set at the board, with its console open';
  return setKey(target, hex);
}

/** `hex`: 64 hexadecimal digits, not all the same. What was authorised by the old key and not yet done is no more. */
export function setKey(target: ServiceTarget, hex: string): string {
  if (!isKey(hex)) return 'error: a key is 64 hexadecimal digits, not all the same';
  const state = target.state;
  const was = new Float64Array(state.subarray(0, KEPT));
  for (let k = 0; k < KEY_WORDS; k++) state[Service.key + k] = parseInt(hex.slice(8 * k, 8 * k + 8), 16);
  state[Service.keyState] = KeyState.Set;
  state[Service.failures] = 0;
  return store(target, was, 'ok key set');
}

/** The key is gone, and the configuration as delivered; calibration stays, and so does the number of the next challenge. */
export function factoryReset(target: ServiceTarget): string {
  const refusal = target.factoryReset();
  if (refusal !== '') return 'refused: ' + refusal;
  const state = target.state;
  const was = new Float64Array(state.subarray(0, KEPT));
  state.fill(0, Service.key, Service.key + KEY_WORDS);
  state[Service.keyState] = KeyState.None;
  state[Service.failures] = 0;
  return store(target, was, 'ok key erased');
}

function store(target: ServiceTarget, was: Float64Array, answer: string): string {
  if (saved(target)) {
    closeChallenges(target.state);
    return answer;
  }
  target.state.set(was);
  return 'refused: the store cannot be written';
}

function isKey(hex: string): boolean {
  let others = 0;
  for (let k = 0; k < hex.length; k++) {
    const digit = hex.slice(k, k + 1);
    if (HEX_DIGITS.indexOf(digit) < 0) return false;
    if (digit !== hex.slice(0, 1)) others++;
  }
  return hex.length === 64 && others > 0;
}
