/** What the library's `replay` refuses before it reads anything. */
import { describe, expect, it } from 'vitest';
import { InputError, replay, type ReplayOptions } from '../../sim';

describe('options of the library are checked', () => {
  const rows: [unknown, string][] = [
    ['afl-l1', 'the options is "afl-l1"; allowed: an object with onProgress'],
    [{ cell: 'afl-l1' }, 'unknown option "cell"; allowed: onProgress, recorded'],
    [{ recorded: 'afl-l1' }, 'recorded is "afl-l1"; allowed: an object with the cell'],
    [{ recorded: {} }, 'recorded.cell is missing; allowed: a cell profile'],
    [{ recorded: { cell: 'afl-l1', area: 1 } }, 'unknown option "recorded.area"; did you mean recorded.area_cm2?'],
    [
      { recorded: { cell: 'afl-l1', area_cm2: 0 } },
      'recorded.area_cm2 is 0; allowed: a number from 0.01 to 1000000 cm2',
    ],
    [{ recorded: { cell: 'afl-l1', temperature_C: NaN } }, 'recorded.temperature_C is NaN; allowed: a number from -60'],
    [{ onProgress: true }, 'onProgress is true; allowed: a function'],
  ];
  it.each(rows)('%j', async (options, message) => {
    const refused = replay('no such file.csv', options as ReplayOptions);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(`replay: ${message}`);
  });
});
