/** A cycler's protocol as data: what each step is, and what ends it. */

/** Kinds of step. The numbers are stored in configurations: new kinds go to the end. */
export enum StepKind {
  Rest,
  Charge,
  Discharge,
  /** Go back to step `to`, `times` times in all (0: for ever); closes a cycle each time. */
  Repeat,
  /** A slow discharge after a rest, whose charge is counted apart: what it wins back was left behind by the discharge. */
  SlowStrip,
  /** Goes on with the current of the charge just before, which falls so that the voltage stays at its cut-off, until it is `current_mA`. */
  Hold,
  /** A discharge of constant power: `current_mA` is in mW. */
  Power,
}

/** What the steering may change in a step before the step begins, once a turn; nothing else ever writes a step. */
export enum Steered {
  Fixed,
  /** The current of a discharge. */
  Rate,
  /** The time of a slow strip behind the main discharge. */
  Tail,
  /** The time of the rest before it. */
  Rest,
  /** Nothing: the discharge is a check-up, to be compared with others of its kind alone. */
  Checkup,
}

/** One step. A field that a kind does not use is 0. */
export interface ProtocolStep {
  kind: StepKind;
  /** Magnitude of the current [mA]; of a hold the one that ends it [mA], of `Power` the power [mW]. */
  current_mA: number;
  /** Cut-off [mV]: a charge ends at or above it, a discharge at or below; a hold stays at it. */
  until_mV: number;
  /** Duration of a rest; the longest any other step may take without its interrupts, 0 for no bound. Below 0: it is passed over. */
  time_ms: number;
  to: number;
  times: number;
  /** How often a discharge stops its current for `INTERRUPT_MS`; 0: never. */
  interrupts: number;
  /**
   * Runs in each turn of its loop (0 or 1), or in turns `every`, 2 `every`, ... alone; below 0: in all but those. In others it is
   * passed over.
   */
  every: number;
  /** Undefined: `Fixed`. */
  steer?: Steered | undefined;
}

/** A step that runs in every turn, without interrupts, not steered. Units as in `ProtocolStep`. */
export function createStep(kind: StepKind, current_mA: number, until_mV: number, time_ms: number): ProtocolStep {
  return {
    kind: kind,
    current_mA: current_mA,
    until_mV: until_mV,
    time_ms: time_ms,
    to: 0,
    times: 0,
    interrupts: 0,
    every: 0,
  };
}
