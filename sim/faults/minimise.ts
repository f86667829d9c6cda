/** Makes a failing scenario as small as it can be while it still fails: what is sent with a report of a bug. */
import { findInjection } from './injections';
import { runScenario } from './runScenario';
import type { Scenario } from './scenario';
import { fails, signature, type Verdict } from './verdict';

export type Judge = (scenario: Scenario) => Verdict;

const LEAST_MS = 100;
/** Where nothing has to be waited for: after the self-test. */
const SOON_MS = 4000;
const SIMPLEST_CELL = 'afl-l1';
/** Sizes are told apart to this part of themselves. */
const SIZE_SHARE = 0.02;

/**
 * Tries simpler scenarios, and keeps each that still fails in the same way, until none does: whole parts first, then sizes and times.
 * @param judge runs one; the campaign's own unless told
 */
export function smallest(scenario: Scenario, judge: Judge = runScenario): Scenario {
  let best = scenario;
  const first = judge(best);
  if (!fails(first)) return best;
  const attempt = (candidate: Scenario | undefined): boolean => {
    if (candidate === undefined || JSON.stringify(candidate) === JSON.stringify(best)) return false;
    if (signature(judge(candidate)) !== signature(first)) return false;
    best = candidate;
    return true;
  };
  for (let again = true; again;) {
    again = false;
    for (const simplify of SIMPLER) if (attempt(simplify(best))) again = true;
    for (const halve of SMALLER) while (attempt(halve(best))) again = true;
  }
  return best;
}

type Step = (scenario: Scenario) => Scenario | undefined;

/** Parts that are left out or put to their simplest. */
const SIMPLER: readonly Step[] = [
  (s) => ({ ...s, target: 'tick' }),
  (s) => ({ ...s, cell: { ...s.cell, cycles: 0 } }),
  (s) => ({ ...s, cell: { ...s.cell, draw: 0 } }),
  (s) => ({ ...s, cell: { ...s.cell, profile: SIMPLEST_CELL } }),
  (s) => ({ ...s, sensorErrors: 0 }),
  (s) => ({ ...s, seed: 0 }),
  (s) => ({ ...s, state: { ...s.state, temperature_C: 25 } }),
  (s) => ({ ...s, state: { ...s.state, fill: 0.5 } }),
  (s) => ({ ...s, state: { ...s.state, rate_C: 1 } }),
  (s) => {
    const states = s.injected === null ? undefined : findInjection(s.injected.kind).states;
    const simplest = states?.[0];
    return simplest === undefined ? undefined : { ...s, state: { ...s.state, kind: simplest } };
  },
  (s) => (s.injected === null ? undefined : { ...s, injected: { ...s.injected, at_ms: SOON_MS } }),
];

/** Times and sizes that are halved as often as it goes. */
const SMALLER: readonly Step[] = [
  (s) => (s.length_ms > 2 * LEAST_MS ? { ...s, length_ms: half(s.length_ms) } : undefined),
  (s) => {
    const { injected } = s;
    if (injected === null || injected.for_ms < 2 * LEAST_MS) return undefined;
    return { ...s, injected: { ...injected, for_ms: half(injected.for_ms) } };
  },
  (s) => {
    const { injected } = s;
    // A fault that must be found, made smaller, is one that need not be.
    if (injected === null || injected.must === 'be found') return undefined;
    const size = Number((injected.size / 2).toPrecision(3));
    return Math.abs(size) < SIZE_SHARE ? undefined : { ...s, injected: { ...injected, size } };
  },
];

const half = (time_ms: number): number => Math.ceil(time_ms / 2);
