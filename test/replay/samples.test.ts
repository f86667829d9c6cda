import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../sim/errors';
import { replay } from '../../sim/replay/replay';
import { readWhole } from './batches';
import { arbinText, fileOf, maccorText } from './derivedFiles';

describe('what is read', () => {
  test('a Maccor file with signed and one with unsigned current are the same measurement', async () => {
    const signed = await readWhole(fileOf(maccorText()));
    const unsigned = await readWhole(fileOf(maccorText({ signed: false })));
    expect(unsigned).toEqual(signed);
    expect(Math.min(...signed.current_A)).toBe(-1);
    expect(Math.max(...signed.current_A)).toBe(1);
  });

  test('charge, discharge and CE of the small Maccor file', async () => {
    const { cycles } = await replay(fileOf(maccorText({ signed: false })));
    expect(cycles).toHaveLength(1);
    expect(cycles[0]!.charge_mAh).toBeCloseTo(100 / 3.6, 6);
    expect(cycles[0]!.discharge_mAh).toBeCloseTo(90 / 3.6, 6);
    expect(cycles[0]!.ce_pct).toBeCloseTo(90, 6);
    expect(cycles[0]!.rests).toBe(3);
  });

  test('rows in any order give the same measurement, and a warning', async () => {
    const [header, ...rows] = arbinText().trimEnd().split('\n');
    const shuffled = rows.map((_, i) => rows[(i * 31) % rows.length]!);
    expect(new Set(shuffled).size).toBe(rows.length);
    const ordered = await readWhole(fileOf(arbinText()));
    const reordered = await readWhole(fileOf([header, ...shuffled].join('\n')));
    expect(ordered.warnings).toEqual([]);
    expect(reordered.warnings).toHaveLength(1);
    expect(reordered.warnings[0]).toMatch(/^rows out of order in \d+ places: ordered by Data_Point$/);
    expect({ ...reordered, warnings: [] }).toEqual(ordered);
  });

  test('a unit in the title is honoured', async () => {
    const inAmps = await readWhole(fileOf(arbinText()));
    const lines = arbinText().trimEnd().split('\n');
    const inMilliamps = lines.map((line, i) => {
      const cells = line.split(',');
      cells[6] = i === 0 ? 'Current(mA)' : String(1000 * Number(cells[6]));
      return cells.join(',');
    });
    const read = await readWhole(fileOf(inMilliamps.join('\n')));
    read.current_A.forEach((current, i) => expect(current).toBeCloseTo(inAmps.current_A[i]!, 12));
  });

  test('charge from the last sample to the edge of the step is counted: samples 5 s apart miss nothing', async () => {
    const { cycles } = await replay(fileOf(arbinText()));
    // The file begins 5 s into the first step: what was before the first sample is not in the file.
    expect(cycles[0]!.charge_mAh).toBeCloseTo((2 * 55) / 3.6, 6);
    expect(cycles[0]!.discharge_mAh).toBeCloseTo((2 * 60) / 3.6, 6);
  });

  test('a byte order mark and a missing last line break do not matter', async () => {
    const plain = await readWhole(fileOf(arbinText()));
    expect(await readWhole(fileOf(`\uFEFF${arbinText().trimEnd()}`))).toEqual(plain);
  });
});

describe('what is refused, in one line', () => {
  async function refusal(file: string): Promise<string> {
    const error = await readWhole(file).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(InputError);
    const { message } = error as Error;
    expect(message.startsWith(`${file}: `)).toBe(true);
    expect(message).not.toContain('\n');
    expect(message).toContain('allowed');
    return message.slice(file.length + 2);
  }
  const withCell = (text: string, line: number, column: number, cell: string): string => {
    const lines = text.split('\r\n');
    const cells = lines[line - 1]!.split('\t');
    cells[column] = cell;
    lines[line - 1] = cells.join('\t');
    return lines.join('\r\n');
  };

  test('no such file', async () =>
    expect(await refusal(path.join(os.tmpdir(), 'no-such.078'))).toContain('no such file'));
  test('a folder', async () => expect(await refusal(os.tmpdir())).toContain('not a file'));
  test('an empty file', async () => expect(await refusal(fileOf(''))).toContain('empty'));
  test('blank lines', async () => expect(await refusal(fileOf('\n\n'))).toContain('blank lines'));
  test('a binary file', async () =>
    expect(await refusal(fileOf(Buffer.from('PK\x03\x04\0\0stuff')))).toContain('binary'));
  test('zero bytes at the end, as after a power cut', async () =>
    expect(await refusal(fileOf(Buffer.concat([Buffer.from(maccorText()), Buffer.alloc(10)])))).toContain('binary'));
  test('an unknown format names its columns and the known formats', async () => {
    const message = await refusal(fileOf('when,how much,what\n1,2,3\n'));
    expect(message).toContain('first columns: when, how much, what');
    expect(message).toContain('Maccor text, Arbin CSV, Neware CSV, BioLogic text, BDF CSV');
  });
  test.each(['Volts', 'Amps', 'Test (Sec)', 'Cyc#', 'Step', 'State'])('a Maccor file without %s', async (column) => {
    expect(await refusal(fileOf(maccorText().replace(`\t${column}\t`, '\tother\t')))).toContain(
      `column ${column} is missing`,
    );
  });
  test('an Arbin file without Voltage', async () =>
    expect(await refusal(fileOf(arbinText().replace(',Voltage,', ',')))).toContain('column Voltage is missing'));
  test('an unknown unit', async () => {
    const message = await refusal(fileOf(arbinText().replace(',Current,', ',Current(kA),')));
    expect(message).toContain('column Current(kA): unit kA');
    expect(message).toContain('A, mA');
  });
  test('a file cut off within a line names the line', async () => {
    const text = maccorText();
    const lines = text.trimEnd().split('\r\n').length;
    expect(await refusal(fileOf(text.slice(0, -40)))).toMatch(
      new RegExp(`^line ${lines} is cut off: \\d fields; allowed: 10`),
    );
  });
  test('a cell that is not a number', async () => {
    expect(await refusal(fileOf(withCell(maccorText(), 7, 7, 'oops')))).toBe(
      "line 7, column Volts: 'oops' is not a number; allowed: a number in V",
    );
  });
  test.each(['', 'N/A', '3,5'])("the cell '%s'", async (cell) =>
    expect(await refusal(fileOf(withCell(maccorText(), 9, 6, cell)))).toContain(`line 9, column Amps: '${cell}'`),
  );
  test('time that runs back', async () =>
    expect(await refusal(fileOf(withCell(maccorText(), 8, 3, '1')))).toBe(
      'line 8, column Test (Sec): 1 s after 30 s; allowed: time that does not run back',
    ));
  test('fewer than two samples', async () =>
    expect(await refusal(fileOf(maccorText().split('\r\n').slice(0, 3).join('\r\n')))).toContain(
      '1 samples; allowed: at least 2',
    ));
  test('a header and nothing else', async () =>
    expect(await refusal(fileOf(maccorText().split('\r\n').slice(0, 2).join('\r\n')))).toContain('0 samples'));
});
