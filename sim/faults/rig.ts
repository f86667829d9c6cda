/** Firmware in front of a bench, with one thing that goes wrong: what a scenario asks of whichever board it is. */
import type { Fault } from '../../firmware/protect/faults';
import type { Protection } from '../../firmware/protect/protection';
import type { Random } from '../random';
import type { Judged } from './response';
import type { Truth } from './truth';

export interface Rig {
  readonly config: Judged;
  readonly truth: Truth;
  /** Undefined while a board that cannot start tries again. */
  readonly protection: Protection | undefined;
  /** Why the board does not start, and the row that it says this belongs to. */
  readonly error: string;
  readonly startFault: Fault;
  /** What the firmware threw, which it never may. */
  readonly crash: unknown;
  readonly now_ms: number;
  /** Called after each tick. */
  onTick: (() => void) | undefined;
  /** Carries on to this time, or until the condition holds after a tick. */
  run(until_ms: number, until?: () => boolean): void;
  /** Breaks what is to be broken, and mends it. */
  begin(size: number, random: Random): void;
  end(): void;
  /** Whether the value at its sensor is beyond its level. */
  isBeyond(): boolean;
  /** The authorised command. @returns why it was refused; '' when it was done */
  release(fault: Fault): string;
  /** Waits or does what it takes that rows which need a start come back. */
  restart(): void;
  /** A processor that stands still, from now on. */
  stop(): void;
  /** Does what it was doing: what it is asked for flows. */
  inService(): boolean;
  /** The state is no more what it was to be, because a step of a protocol has come to its end. */
  hasEnded(): boolean;
  /** Whether a trip of this row with nothing injected is right. */
  isTrue(fault: Fault): boolean;
  /** State of switches and cell in a line. */
  describe(): string;
}

/** What parts at the limits of their datasheets may be off. */
export const TOLERANCE = { voltage_mV: 12, current_mA: 60, temperature_K: 2.5 };
/** The current that flows, of what is asked for, that counts as service. */
export const FLOWING = 0.5;
