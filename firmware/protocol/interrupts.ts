/**
 * Interrupts of a discharge: the current stops for ten seconds, and what the voltage does tells ohmic and reaction
 * overpotential, which vanish at once, from concentration overpotential, which takes time (paper 000, Figure 4d).
 *
 * They lie evenly spaced in charge within the first nine tenths of the capacity, so that the knee is left alone.
 */

/** Length of an interrupt (paper 000, Figure 4d). */
export const INTERRUPT_MS = 10000;
/** After an interrupt the cut-off is not tested for this long: samples may still average over both. */
export const SETTLE_MS = 1000;

/** Those of the step in progress. */
export interface Interrupts {
  planned: number;
  begun: number;
  /** When the last one ends or ended; long over when none has begun. */
  until_ms: number;
  /** Charge between two of them [mC]. */
  spacing_mC: number;
}

/** For a step that begins. `capacity_mC` is what it is expected to give; 0: nobody knows, and there are no interrupts. */
export function planInterrupts(interrupts: Interrupts, count: number, capacity_mC: number): void {
  interrupts.planned = capacity_mC > 0 && count > 0 ? count : 0;
  interrupts.begun = 0;
  interrupts.until_ms = -SETTLE_MS;
  interrupts.spacing_mC = (9 * capacity_mC) / (10 * (count + 1));
}

/** Begins the next interrupt if it is due. `passed_mC` is the step's charge so far. @returns whether it has begun */
export function beginInterruptIfDue(interrupts: Interrupts, passed_mC: number, now_ms: number): boolean {
  if (passed_mC < (interrupts.begun + 1) * interrupts.spacing_mC) return false;
  interrupts.begun++;
  interrupts.until_ms = now_ms + INTERRUPT_MS;
  return true;
}
