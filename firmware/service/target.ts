/**
 * What the service commands act on. The device implements it, in code that is loaded with the service and dropped after it.
 *
 * Texts are printable ASCII in one line. An action returns '' when it is done, else the reason why not, in words that name the
 * field, the value, its unit and what is allowed; what it throws is answered as a reason too.
 */
import type { ServiceState } from './state';

/** A limit in whole units of its name, such as `charge_mA`. */
export interface ServiceLimit {
  name: string;
  /** In force. */
  value: number;
  /** What the hardware and the profile allow at most; no command goes past it. */
  widest: number;
  /**
   * How far anyone may tighten it without a key: a stranger's message must not stop a pack that flies. A limit is an upper one
   * where `widest` is above `tightest`, else a lower one.
   */
  tightest: number;
}

/** The device, as the service commands see it. */
export interface ServiceTarget {
  /** The device's own name: printable ASCII without blanks, the same for its life. */
  readonly id: string;
  readonly state: ServiceState;
  /** Stores the first KEPT numbers of `state`; whether they are safely stored. */
  save(): boolean;
  /**
   * HMAC-SHA256: 32 bytes. Each character of the text is one byte.
   * @param key eight words of 32 bits, first bytes first, each with its first byte highest
   */
  hmac(key: Float64Array, text: string): ArrayBuffer;
  /** Whether whoever gives the command is at the board: the interpreter's console is open, on a wire. */
  present(): boolean;

  /** What runs here: firmware, its content hash, board, protocol of the link, interpreter. */
  version(): string;
  /** How it is now: state, fault, readings and what is allowed; or why it is not ready. */
  status(): string;
  /** What is counted over its life, by name. */
  counters(): string;
  /** Entry `n` of the measurement log, from the newest (0) on. */
  log(n: number): string;
  /** Entry `n` of the events, from the newest (0) on. */
  event(n: number): string;

  /** Bytes of a page of the log as it lies in flash (link/logPages.ts); '' when there is no such place. */
  readLog(page: number, offset: number): string;

  /** The limits that `setLimit` takes, by name; none while the board is not ready. */
  limits(): ServiceLimit[];
  /** Takes a value within what the limit allows, rounded to the safe side where the hardware has steps. */
  setLimit(name: string, value: number): string;
  /** Releases the latch of a fault. */
  release(fault: string): string;
  /**
   * Corrects a reading, by its name.
   * @param gain_ppm factor on the reading in millionths; 1000000 leaves it as it is
   * @param offset added after it, in the unit in which the reading is corrected (uV, uA, mdegC)
   */
  calibrate(reading: string, gain_ppm: number, offset: number): string;
  /** Takes the parts of a configuration that change, validated as a whole before any of it applies. */
  configure(json: string): string;
  /** Expects a whole configuration of this length [bytes] and SHA-256 in pieces, whoever sends them. */
  upload(length: number, hash: string): string;
  /** A piece of it, in base64. */
  piece(offset: number, base64: string): string;
  /** Takes it, when it is what was authorised and valid as a whole. */
  apply(): string;
  /** Opens the console until the next reset, so that other firmware can be uploaded. */
  update(): string;
  /** Puts it to sleep for transport: nothing closes a switch before `wake`. */
  ship(): string;
  /** Ends the sleep; the self-test comes first. */
  wake(): string;
  /** Back to the configuration as delivered; calibration and counters stay. The key is not its business. */
  factoryReset(): string;
}
