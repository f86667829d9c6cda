/** Firmware in front of a bench in this process: tick after tick on the bench's clock. */
import type { Bench } from '../bench/bench';

/** A board that does not start tries again, as in firmware/main.ts. */
const RETRY_MS = 5000;

/** How a board's firmware begins and goes on. */
interface Firmware<Bms> {
  /** @throws Error: the board does not start */
  create(now_ms: number): Bms;
  /** @returns when the next one is due [ms from now] */
  tick(bms: Bms, now_ms: number): number;
  /** From the start to the first tick. */
  first_ms: number;
}

/** Where the firmware is with it. */
export interface Ticking<Bms> {
  /** Undefined while the board cannot start. */
  bms: Bms | undefined;
  error: string;
  crash: unknown;
  onTick: (() => void) | undefined;
  /** So often begun; what an earlier start had planned is not done any more. */
  starts: number;
  stopped: boolean;
}

/** The firmware begins anew: its state is gone, bench and parts go on. */
export function startTicks<Bms>(rig: Ticking<Bms>, bench: Bench, firmware: Firmware<Bms>): void {
  const start = ++rig.starts;
  const { clock } = bench;
  bench.live();
  rig.bms = undefined;
  try {
    rig.bms = firmware.create(clock.now_ms);
    rig.error = '';
  } catch (error) {
    rig.error = (error as Error).message;
  }
  const onTick = (): void => {
    if (start !== rig.starts || rig.stopped) return;
    bench.live();
    if (rig.bms === undefined) return startTicks(rig, bench, firmware);
    try {
      clock.at(clock.now_ms + firmware.tick(rig.bms, clock.now_ms), onTick);
    } catch (error) {
      rig.crash = error;
    }
    rig.onTick?.();
  };
  clock.at(clock.now_ms + (rig.bms === undefined ? RETRY_MS : firmware.first_ms), onTick);
}

/** Carries on to this time, until the condition holds after a tick, or until the firmware throws. */
export function runTicks(rig: Ticking<unknown>, bench: Bench, until_ms: number, until?: () => boolean): void {
  const run = { done: false };
  bench.clock.at(until_ms, () => {
    bench.live();
    run.done = true;
  });
  const { onTick } = rig;
  rig.onTick = () => {
    onTick?.();
    if (until?.()) run.done = true;
  };
  while (!run.done && rig.crash === undefined) bench.clock.next();
  rig.onTick = onTick;
  rig.crash ??= bench.bus.misuse;
}
