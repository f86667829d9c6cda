import { describe, expect, it } from 'vitest';
import { cli } from './harness';

describe('arc', () => {
  it('prints the three temperatures beside the measured ones', async () => {
    const outcome = await cli(['arc', '--cell', 'routine-pouch']);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toMatch(/onset, self-heating above 0\.02 degC\/min, degC +70\.8 +70\.8/);
    expect(outcome.stdout).toMatch(/highest, degC +109\d\.\d +1092\.2/);
  });

  it('--json is the result with its trace', async () => {
    const { onset_C, triggering_C, max_C, trace } = JSON.parse((await cli(['arc', '--json', '--step', '10'])).stdout);
    expect(onset_C).toBeLessThan(triggering_C);
    expect(triggering_C).toBeLessThan(max_C);
    expect(trace.length).toBeGreaterThan(10);
  });

  it.each([
    [['--cell', 'afl-l1'], /'afl-l1' has not been in a calorimeter; allowed: /],
    [['--step', '50'], /--step: '50' is not valid; allowed: a number from 0\.1 K to 20 K/],
  ])('refuses %j', async (args, reason) => {
    const outcome = await cli(['arc', ...args]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(reason);
  });
});
