/** A scenario of the campaign, with what a test does not care about at its simplest. */
import type { Injected, Scenario, StateKind } from '../../sim/faults/scenario';

export function scenario(kind: string, size: number, state: StateKind, more: Partial<Injected> = {}): Scenario {
  return {
    board: 'cycler',
    target: 'tick',
    seed: 1,
    cell: { profile: 'afl-l1', draw: 0, cycles: 0 },
    state: { kind: state, rate_C: 1, temperature_C: 25, fill: 0.6 },
    sensorErrors: 0,
    length_ms: 0,
    injected: { kind, size, must: 'be found', at_ms: 5050, for_ms: 2000, ...more },
  };
}

export const clean = (state: StateKind, length_ms: number): Scenario => ({
  ...scenario('', 0, state),
  length_ms,
  injected: null,
});
