/**
 * A recorded measurement: one entry per sample in every column, in the order in which the cycler took the samples.
 * Discharge current is positive, whatever the file's own sign.
 */
export interface Measurement {
  /** Name of the file format, such as `Maccor text`. */
  format: string;
  /** Seconds since the test began, never decreasing. */
  time_s: Float64Array;
  /** Current in A, discharge positive. */
  current_A: Float64Array;
  /** Terminal voltage in V. */
  voltage_V: Float64Array;
  /** The cycler's step number: constant within a step. */
  step: Float64Array;
  /** The cycler's own cycle number. */
  cycle: Float64Array;
  /** Seconds since the step began; absent when the file does not tell. */
  stepTime_s?: Float64Array;
  /** The cycler's own charge counters in Ah, both rising; they may restart at zero. May be one and the same column. */
  counter_Ah?: { charge: Float64Array; discharge: Float64Array };
  /** What the reader had to put right, one line each. */
  warnings: string[];
}
