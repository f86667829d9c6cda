/** What authorisation remembers, in one array of numbers: the interpreter pays a fraction of what an object costs. */

/** Numbers below `Service.next` survive a reset (KEPT of them). */
export enum Service {
  /** Every challenge numbered below this may have been given out: the next boot begins here. */
  reserved,
  /** Wrong responses since the last right one. */
  failures,
  /** A KeyState. */
  keyState,
  /** The commissioning key: eight words of 32 bits from here on, its first four bytes in the first. */
  key,

  /** Number of the next challenge; from here on, only until the next reset. */
  next = 11,
  /** Drawn once at boot, 0 to 2^32 - 1. It may be as poor as an ESP32's, which draws the same at every boot. */
  random,
  /** When the wait for the last failure began [ms]. */
  failed_ms,
  /** When each open challenge was given out [ms], by its number modulo SLOTS; NaN: none. */
  issued_ms,
  /** The button at boot: a ButtonState, and since when it is pressed [ms]. */
  button = 18,
  pressed_ms,
  booted_ms,
  length,
}

/** How many numbers of the state, from its begin on, the store keeps. */
export const KEPT = 11;
export const KEY_WORDS = 8;
/** Challenges that may be open at once, so that two who talk in turns do not close each other's. */
export const SLOTS = 4;

/** What there is of the commissioning key. Numbers are stored. */
export enum KeyState {
  /** Not commissioned: whoever is at the board may set one. */
  None,
  Set,
  /** The store gave numbers that cannot be: nothing is authorised until the button at boot takes the key away. */
  Damaged,
}

/** What the button at boot has been seen doing. */
export enum ButtonState {
  /** Not seen released since the boot: it may be stuck. */
  Unknown,
  Released,
  Pressed,
  /** Its time is over until the next boot. */
  Ignored,
}

/** Made by `createService`, read by the functions of this folder. */
export type ServiceState = Float64Array;

/**
 * The state at boot.
 * @param kept the first KEPT numbers of the state as they were last stored; undefined where none ever were
 * @param random a whole number from 0 to 2^32 - 1
 */
export function createService(kept: Float64Array | undefined, random: number, now_ms: number): ServiceState {
  const state = new Float64Array(Service.length);
  if (kept !== undefined) {
    if (isWhole(kept)) state.set(kept);
    else state[Service.keyState] = KeyState.Damaged;
  }
  state[Service.next] = state[Service.reserved];
  state[Service.random] = random;
  // A wait begins anew at every reset: no clock says how much of it had passed.
  state[Service.failed_ms] = now_ms;
  closeChallenges(state);
  state[Service.booted_ms] = now_ms;
  return state;
}

/** No challenge given out so far can be answered any more. */
export function closeChallenges(state: ServiceState): void {
  state.fill(NaN, Service.issued_ms, Service.issued_ms + SLOTS);
}

function isWhole(kept: Float64Array): boolean {
  if (kept.length !== KEPT || kept[Service.keyState] > KeyState.Set) return false;
  for (let k = 0; k < KEPT; k++) {
    const number = kept[k];
    // NaN fails too.
    if (!(number >= 0 && number <= 4294967295) || Math.floor(number) !== number) return false;
  }
  return true;
}
