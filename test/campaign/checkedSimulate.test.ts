/** What the library's `simulate` refuses, and what it takes for what is left out. */
import { describe, expect, it } from 'vitest';
import { InputError, simulate, type SimulateInput } from '../../sim';

describe('options of the library are checked', () => {
  const rows: [object | undefined, string][] = [
    [undefined, 'the options is missing; allowed: an object with the options'],
    [{}, 'cell is missing; allowed: a cell profile'],
    [{ cell: '' }, 'cell is ""; allowed: a cell profile'],
    [{ cell: 'afl-l1', charge_C: 0 }, 'charge_C is 0; allowed: a number from 0.01 to 20 C'],
    [{ cell: 'afl-l1', charge_C: NaN }, 'charge_C is NaN; allowed: a number from 0.01 to 20 C'],
    [{ cell: 'afl-l1', discharge_C: '1C' }, 'discharge_C is "1C"; allowed: a number from 0.01 to 20 C'],
    [{ cell: 'afl-l1', discharge_C: null }, 'discharge_C is null with strategy fixed; allowed: a number from 0.01'],
    [
      { cell: 'afl-l1', strategy: 'adaptive', discharge_C: 1 },
      'discharge_C is 1 with strategy adaptive; allowed: null',
    ],
    [{ cell: 'afl-l1', slowest_C: 0.2 }, 'slowest_C is 0.2 with strategy fixed; allowed: only with adaptive'],
    [{ cell: 'afl-l1', recovery_min: 5 }, 'recovery_min is 5 with strategy fixed; allowed: only with adaptive+tail'],
    [{ cell: 'afl-l1', temperature_C: 300 }, 'temperature_C is 300; allowed: a number from -20 to 60 degC'],
    [{ cell: 'afl-l1', cycles: -1 }, 'cycles is -1; allowed: a whole number from 1 to 100000 cycles'],
    [{ cell: 'afl-l1', cycles: 1.5 }, 'cycles is 1.5; allowed: a whole number from 1 to 100000 cycles'],
    [{ cell: 'afl-l1', seed: -1 }, 'seed is -1; allowed: a whole number from 0 to 4294967295'],
    [{ cell: 'afl-l1', strategy: 'adaptve' }, 'strategy is "adaptve"; allowed: fixed, adaptive, adaptive+tail'],
    [{ cell: 'afl-l1', without: ['gas', 'magic'] }, 'without.1 is "magic"; allowed: '],
    [{ cell: 'afl-l1', parameters: { seiYield: 'x' } }, 'parameters.seiYield is "x"; allowed: a number'],
    [{ cell: 'afl-l1', discharge_c: 2 }, 'unknown option "discharge_c"; did you mean discharge_C?'],
    [{ cell: 'afl-l1', direct: 1 }, 'direct is 1; allowed: true or false'],
  ];
  it.each(rows)('%j', async (options, message) => {
    const refused = simulate(options as SimulateInput);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(`simulate: ${message}`);
  });
  it('a cell and parameters that there are not', async () => {
    await expect(simulate({ cell: 'afl-l9' })).rejects.toThrow(InputError);
    await expect(simulate({ cell: 'afl-l1', parameters: { magic: 1 } })).rejects.toThrow(/unknown parameter "magic"/);
  });
});

describe('what is left out is as on the command line', () => {
  it('with the firmware on simulated chips', async () => {
    const { cycles } = await simulate({ cell: 'afl-l1', charge_C: 1, discharge_C: 2, cycles: 1 });
    expect(cycles).toHaveLength(1);
    // A cell alone estimates nothing.
    expect(cycles[0]!.etaConcEstimated_mV).toBeGreaterThan(1);
  });

  it('the same protocol', async () => {
    const short = await simulate({ cell: 'afl-l1', cycles: 2, direct: true });
    const long = await simulate({
      ...{ cell: 'afl-l1', charge_C: 0.2, discharge_C: 1, cycles: 2, temperature_C: 25, interrupts: 4 },
      ...{ direct: true, seed: 1, untilRetention_pct: null, sampleEvery_s: null, plant: undefined! },
    });
    expect(short.cycles).toEqual(long.cycles);
  });

  it('100 cycles at 1C, or at most 1000 until a retention', async () => {
    const { cycles } = await simulate({ cell: 'afl-l1', direct: true });
    expect(cycles).toHaveLength(100);
    expect(cycles[0]!.rate_C).toBe(1);
    const worn = await simulate({ cell: 'afl-l2', discharge_C: 0.5, direct: true, untilRetention_pct: 10 });
    expect(worn.cycles.length).toBeGreaterThan(100);
  });

  it('a strategy chooses its rate', async () => {
    const { strategy, cycles } = await simulate({ cell: 'afl-l1', strategy: 'adaptive', cycles: 1, direct: true });
    expect([strategy, cycles.length]).toEqual(['adaptive', 1]);
  });
});
