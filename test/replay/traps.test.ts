/** What goes wrong in recorded data. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../sim/errors';
import { replay } from '../../sim/replay/replay';
import { window_rows } from '../../sim/replay/rowOrder';
import { openMeasurement } from '../../sim/replay/measurementFile';
import { readWhole, reportOn } from './batches';
import { arbinText, fileOf, maccorText } from './derivedFiles';
import { arbinFile, maccorFile } from './realFiles';

/** A long Arbin file: 1 A discharge for as many seconds as there are rows. */
function longFile(rows: number): { header: string; lines: string[] } {
  const header = 'Data_Point,Test_Time,Step_Time,Step_Index,Cycle_Index,Current,Voltage';
  return { header, lines: Array.from({ length: rows }, (_, i) => `${i + 1},${i},${i},1,1,-1,${4 - i / 1e5}`) };
}
const text = (header: string, lines: readonly string[]): string => [header, ...lines, ''].join('\n');
const move = <T>(list: readonly T[], from: number, to: number): T[] => {
  const moved = list.toSpliced(from, 1);
  moved.splice(to, 0, list[from]!);
  return moved;
};

describe('order of rows, while the file passes', () => {
  const { header, lines } = longFile(3 * window_rows + 100);

  test.each([
    ['back by the window', 2 * window_rows - 5, window_rows - 5],
    ['forward by the window', 10, 10 + window_rows],
    ['within the last rows', lines.length - 1, lines.length - 50],
  ])('a row that stands %s is put right', async (_, from, to) => {
    const read = await readWhole(fileOf(text(header, move(lines, from, to))));
    expect(read.length).toBe(lines.length);
    expect(read.time_s.every((time_s, i) => time_s === i)).toBe(true);
    expect(read.warnings).toEqual(['rows out of order in 1 places: ordered by Data_Point']);
  });

  test('a row farther away is refused: nothing is reported from rows in the wrong place', async () => {
    await expect(readWhole(fileOf(text(header, move(lines, 5, 3 * window_rows))))).rejects.toThrow(
      `line ${3 * window_rows + 2}, column Data_Point: 6 after ${2 * window_rows + 1}; allowed: rows at most ${window_rows} rows from their place`,
    );
  });

  test('blocks of rows that changed places, over the edges of what is held', async () => {
    const size = 4000;
    const blocks = Array.from({ length: Math.ceil(lines.length / size) }, (_, b) =>
      lines.slice(b * size, (b + 1) * size),
    );
    const mixed = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 12].flatMap((b) => blocks[b] ?? []);
    const read = await readWhole(fileOf(text(header, mixed)));
    expect(read.time_s.every((time_s, i) => time_s === i)).toBe(true);
    expect(read.warnings).toEqual(['rows out of order in 6 places: ordered by Data_Point']);
  });
});

describe('repeated rows', () => {
  test('are left out, wherever the copy stands', async () => {
    const [header, ...rows] = arbinText().trimEnd().split('\n');
    const plain = await replay(fileOf(text(header!, rows)));
    const repeated = await replay(fileOf(text(header!, [...rows.flatMap((row) => [row, row]), rows[3]!])));
    expect(repeated.cycles).toEqual(plain.cycles);
    expect(repeated.summary.samples).toBe(plain.summary.samples);
    expect(repeated.summary.warnings).toContain(`${rows.length + 1} repeated rows left out`);
  });

  test('two different rows of one time are both kept: current jumps there', async () => {
    const read = await readWhole(
      fileOf('Test Time / s,Voltage / V,Current / A\n0,3.6,1\n10,3.6,1\n10,3.5,-1\n10,3.5,-1\n20,3.5,-1\n'),
    );
    expect([...read.current_A]).toEqual([-1, -1, 1, 1]);
    expect(read.warnings).toContain('1 repeated rows left out');
  });
});

describe('gaps', () => {
  test('rows that are missing within a charge: the charge across is marked as uncertain', async () => {
    const { header, lines } = longFile(600);
    const report = await replay(fileOf(text(header, [...lines.slice(0, 200), ...lines.slice(380)])));
    expect(report.cycles[0]!.discharge_mAh).toBeCloseTo(599 / 3.6, 6);
    expect(report.cycles[0]!.warnings).toContain(
      'one gap in the discharge (181 s from 199.0 s on): 50.28 mAh across it uncertain',
    );
  });

  test('rows that are missing over the end of a step', async () => {
    const lines = maccorText().trimEnd().split('\r\n');
    const [first, last] = [
      lines.findIndex((line) => line.includes('\t2\t60')),
      lines.findIndex((l) => /\t3\t\d+\.?\d*\t200/.test(l)),
    ];
    expect(last - first).toBeGreaterThan(15);
    const report = await replay(fileOf(lines.toSpliced(first, last - first).join('\n')));
    // The charge goes on to its end by the clock of the next step; the rest begins 200 s before its first sample.
    expect(report.cycles[0]!.charge_mAh).toBeCloseTo(100 / 3.6, 3);
    expect(report.cycles[0]!.warnings).toEqual([
      "charge: integrated 27.778 mAh, the file's counter says 8.333 mAh",
      'one gap in the rest (200 s from 120.0 s on)',
      '1 of 1 rests after charge: no sample within 5 s of the interrupt: parts not separated',
    ]);
  });
});

describe('signs', () => {
  test('a signed file whose rest and first discharge row carry an offset of the other sign', async () => {
    const lines = maccorText().split('\r\n');
    const current = (line: string, amps: string): string =>
      line.replace(/\t-?\d\.\d{4}\t(\d\.\d{5})\t/, `\t${amps}\t$1\t`);
    const noisy = lines.map((line) => (/\tR\t/.test(line) ? current(line, '0.0003') : line));
    const begin = noisy.findIndex((line) => /\tD\t/.test(line));
    noisy[begin] = current(noisy[begin]!, '0.0002');
    const report = await replay(fileOf(noisy.join('\r\n')));
    const plain = await replay(fileOf(maccorText()));
    expect(report.cycles[0]!.charge_mAh).toBeCloseTo(plain.cycles[0]!.charge_mAh, 6);
    expect(report.cycles[0]!.discharge_mAh).toBeCloseTo(plain.cycles[0]!.discharge_mAh, 6);
    expect(report.summary.warnings).toEqual([]);
  });

  test('a current whose sign is the other way is asked about, one that is right is not', async () => {
    const bdf = (sign: number): string => {
      const batch = [3.5, 3.6, 3.7, 3.8, 3.7, 3.6, 3.5].map(
        (volts, i) => `${100 * i},${volts},${sign * (i < 4 ? 1 : -1)}`,
      );
      return fileOf(['Test Time / s,Voltage / V,Current / A', ...batch, ''].join('\n'));
    };
    const asked = 'is its sign the other way? BDF CSV has charge positive';
    expect((await replay(bdf(-1))).summary.warnings[0]).toContain(asked);
    expect((await replay(bdf(1))).summary.warnings.join()).not.toContain(asked);
  });

  test.skipIf(!maccorFile || !arbinFile)('so it is in real files, and in pulses of three minutes', async () => {
    for (const file of [maccorFile!, arbinFile!]) {
      const batch = await readWhole(file);
      const turned = { ...batch, current_A: batch.current_A.map((current_A) => -current_A) };
      expect((await reportOn(turned)).summary.warnings.join()).toContain('is its sign the other way?');
      expect((await reportOn(batch)).summary.warnings).toEqual([]);
    }
  });

  test('a state column that contradicts the sign is reported', async () => {
    const lines = maccorText().split('\r\n');
    let rows = 0;
    const mixed = lines.map((line) => (/\tD\t/.test(line) && rows++ > 5 ? line.replace('\t-', '\t') : line));
    expect((await replay(fileOf(mixed.join('\r\n')))).summary.warnings).toEqual([
      'column State says discharge where the current has one sign and the other',
    ]);
  });
});

test('a file that stops being read half way is closed', async () => {
  const { header, lines } = longFile(3 * window_rows);
  const file = fileOf(text(header, lines));
  const { batches } = await openMeasurement(file);
  await batches.next();
  await batches.return(undefined);
  expect(await batches.next()).toEqual({ value: undefined, done: true });
});

test('InputError, not a crash, for a row in the middle that is cut off', async () => {
  const { header, lines } = longFile(40_000);
  lines[30_000] = '30001,30000,3';
  await expect(readWhole(fileOf(text(header, lines)))).rejects.toBeInstanceOf(InputError);
  await expect(readWhole(fileOf(text(header, lines)))).rejects.toThrow(
    'line 30002 is cut off: 3 fields; allowed: 7, as in the header',
  );
});
