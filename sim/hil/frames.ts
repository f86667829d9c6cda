/**
 * The bytes between the interpreter and the simulator. The interpreter asks, the simulator answers what needs an answer, both
 * in order, so neither side needs numbering. Doubles are 8 raw bytes, low byte first: what arrives is what was sent.
 */

/** What a program asks of its board. First byte of a frame from the interpreter, and what follows it; then the answer. */
export const REQUEST = {
  /** address, register, count -> status, bytes */
  readReg: 1,
  /** address, count -> status, bytes */
  readFrom: 2,
  /** address, count, bytes -> status */
  writeTo: 3,
  /** hundreds of Hz, low byte first */
  i2cSetup: 4,
  /** pin, length, text */
  pinMode: 5,
  /** pin, level */
  pinWrite: 6,
  /** pin -> level */
  pinRead: 7,
  /** pin -> double */
  analogRead: 8,
  /** -> double */
  getTime: 9,
  /** id, repeat, double */
  setTimer: 10,
  /** id */
  clearTimer: 11,
  /** length low, length high, text */
  print: 12,
  /** double */
  enableWatchdog: 13,
  kickWatchdog: 14,
} as const;

/** First byte of any frame from the interpreter. */
export const FRAME = {
  ...REQUEST,
  /** length low, length high, that many doubles: the callback is done -> an order, see ORDER */
  done: 15,
  /** length low, length high, text: the program ended with an error */
  failed: 16,
  /** length low, length high, JSON */
  report: 17,
} as const;

/** Status byte of an I2C transaction. */
export const ACKNOWLEDGED = 0;
export const NOT_ACKNOWLEDGED = 1;

/** What the simulator lets the interpreter do next. */
export const ORDER = {
  /** Report and end. */
  stop: 0,
  /** id: call the timer's callback; every request goes over the link. */
  call: 1,
  /** id, count low, count high, answers: the same, but timed, with answers from memory and requests sent afterwards. */
  callTimed: 2,
} as const;

/** An answer sent ahead: a length below 254 and that many bytes, or one of these and a value. */
export const AHEAD_DOUBLE = 255;
export const AHEAD_LEVEL = 254;
