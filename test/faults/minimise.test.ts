import { describe, expect, it } from 'vitest';
import { smallest } from '../../sim/faults/minimise';
import type { Scenario } from '../../sim/faults/scenario';
import type { Verdict } from '../../sim/faults/verdict';
import { scenario } from './scenarios';

const verdict = (violations: string[]): Verdict => ({
  id: null,
  case: 'small fault',
  detected: false,
  reaction_ms: null,
  promised_ms: null,
  violations,
  falseTrips: [],
});

const large: Scenario = {
  ...scenario('voltage reads with an offset', 96, 'charge', { must: 'not trip', for_ms: 8000, at_ms: 9123 }),
  seed: 77,
  cell: { profile: 'homs-lfp', draw: 3, cycles: 40 },
  state: { kind: 'charge', rate_C: 0.5, temperature_C: 45, fill: 0.3 },
  sensorErrors: 1,
};

describe('a failing scenario is made smaller', () => {
  it('until nothing can be left out or halved', () => {
    // Fails while the offset is above 10 mV for longer than a second, in a warm cell.
    const judge = ({ state, injected }: Scenario): Verdict =>
      verdict(state.temperature_C > 30 && injected!.size > 10 && injected!.for_ms > 1000 ? ['too far for 7 ms'] : []);
    const small = smallest(large, judge);
    expect(judge(small).violations).toHaveLength(1);
    expect(small.cell).toEqual({ profile: 'afl-l1', draw: 0, cycles: 0 });
    expect(small).toMatchObject({ seed: 0, sensorErrors: 0 });
    expect(small.state).toEqual({ kind: 'rest', rate_C: 1, temperature_C: 45, fill: 0.5 });
    expect(small.injected!.size).toBe(12);
    expect(small.injected!.for_ms).toBeGreaterThan(1000);
    expect(small.injected!.for_ms).toBeLessThanOrEqual(2000);
    expect(small.injected!.at_ms).toBe(4000);
  });

  it('and stays a failure of the same kind', () => {
    const judge = ({ cell }: Scenario): Verdict =>
      verdict([cell.profile === 'homs-lfp' ? 'A took 310 ms; promised: 300 ms' : 'B did not find it']);
    expect(smallest(large, judge).cell.profile).toBe('homs-lfp');
  });

  it('is left as it is when it does not fail', () => {
    expect(smallest(large, () => verdict([]))).toBe(large);
  });
});
