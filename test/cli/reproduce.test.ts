import { describe, expect, it } from 'vitest';
import type { Reproduced } from '../../sim/reproduce/row';
import type { ReproduceOptions } from '../../sim/reproduce/run';
import { cli } from './harness';

const row = (over: Partial<Reproduced>): Reproduced => ({
  paper: '000',
  quantity: 'afl-l1 1C: lifespan',
  unit: 'cycles',
  target: 53,
  tolerance: 3,
  model: 52.4,
  pass: true,
  basis: 'fitted',
  contradictory: false,
  ...over,
});

describe('reproduce', () => {
  it('prints target beside model and exits 0 when every number passes', async () => {
    const rows = [row({}), row({ quantity: 'other', model: null, pass: false, contradictory: true })];
    const outcome = await cli(['reproduce'], {
      reproduce: () => Promise.resolve({ result: { rows, passed: 1, failed: 0 }, pictures: [] }),
    });
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toMatch(/000 +afl-l1 1C: lifespan +cycles +53 +3 +52\.4 +fitted/);
    expect(outcome.stdout).toMatch(/paper contradicts itself/);
  });

  it('exits 1 when a number fails; --json is the document and nothing else', async () => {
    const result = { rows: [row({ pass: false, model: 40 })], passed: 0, failed: 1 };
    const outcome = await cli(['reproduce', '--json'], { reproduce: () => Promise.resolve({ result, pictures: [] }) });
    expect(outcome.code).toBe(1);
    expect(JSON.parse(outcome.stdout)).toEqual(result);
  });

  it('passes the choice of papers and model on', async () => {
    let seen: ReproduceOptions | undefined;
    await cli(['reproduce', '--papers', '000', '--residue', 'R4'], {
      reproduce: (options) => {
        seen = options;
        return Promise.resolve({ result: { rows: [], passed: 0, failed: 0 }, pictures: [] });
      },
    });
    expect(seen).toEqual({ papers: ['000'], plant: 'reduced', residue: 'R4', member: null, pictures: false });
  });

  it.each([
    [['--papers', '7'], '--papers'],
    [['--residue', 'R9'], '--residue'],
    [['--plant', 'x'], '--plant'],
    [['--member', '1000'], '--member'],
  ])('refuses %j, naming the option and what is allowed', async (args, option) => {
    const outcome = await cli(['reproduce', ...args]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(new RegExp(`^caldera: error: .*${option}: '.*' is not valid; allowed: `));
  });
});
