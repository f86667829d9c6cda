import { describe, expect, it } from 'vitest';
import type { Parameters } from '../../sim/cell/parameters';
import { DirectRun } from '../../sim/campaign/directRun';
import { loadProfile } from '../../sim/profiles/profile';

/** Cycles until the run stops by itself; at most 40. */
function cycle(changed: Partial<Parameters>): { cycles: number; stopped: string | undefined } {
  const profile = loadProfile('afl-l1');
  const run = new DirectRun(
    { ...profile, parameters: { ...profile.parameters, ...changed } },
    { charge_C: 0.2, discharge_C: 1, temperature_C: 25, sampleEvery_s: Infinity },
  );
  let cycles = 0;
  while (cycles < 40 && run.stopped === undefined) if (run.advance()) cycles++;
  expect(run.advance()).toBe(run.stopped === undefined ? expect.anything() : undefined);
  return { cycles, stopped: run.stopped };
}

describe('a protocol that cannot end', () => {
  it('stops where a short lets no charge reach its cut-off, and says so', () => {
    const { stopped } = cycle({ Qshort: 2.5, gamG: 50 });
    expect(stopped).toMatch(
      /cycle \d+: the charge at 0\.\dC stands at \d\.\d+ V after \d+ h and does not reach 4\.3 V/,
    );
    expect(stopped).toMatch(/an internal short takes \d+ % of the current/);
  });

  it('stops where the cell is too degraded to cycle, and keeps what it had', () => {
    const { cycles, stopped } = cycle({ s0: 0.3 });
    expect(stopped).toMatch(/the cell gives less than 1 % of its nominal capacity/);
    expect(cycles).toBeGreaterThan(3);
  });
});
