import { describe, expect, it } from 'vitest';
import { cyclePack } from '../../sim/pack/cyclePack';
import { cli } from './harness';

const file = 'docs/examples/pack-6s2p.json';

describe('pack', () => {
  it('cycles the example and prints a table; --json holds the cycles', async () => {
    const args = ['pack', file, '--cycles', '2', '--discharge', '2C'];
    const outcome = await cli(args, { pack: cyclePack });
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toMatch(/6S2P of afl-l1: 0\.2C charge, 2C discharge/);
    const { cycles, largestShare } = JSON.parse((await cli([...args, '--json'], { pack: cyclePack })).stdout);
    expect(cycles).toHaveLength(2);
    expect(cycles[0].discharge.charge_Ah).toBeGreaterThan(1.5);
    expect(largestShare).toBeGreaterThan(1.02);
  });

  it('refuses a file that is not there', async () => {
    const outcome = await cli(['pack', 'none.json']);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/pack file none\.json cannot be read/);
  });
});
