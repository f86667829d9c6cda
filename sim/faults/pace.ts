/** The pace of scenarios that take hours. */
import type { Config } from '../../firmware/config/config';

const SLOW_PACE_MS = 1000;

/** A tick a second, but ten around each transition. Nothing is older than it is at ten, in ticks. */
export function slowPace({ pace, limits }: Config): void {
  const slower = SLOW_PACE_MS / pace.period_ms;
  pace.period_ms = SLOW_PACE_MS;
  limits.maxAge_ms *= slower;
  limits.maxSlowAge_ms *= slower;
}
