import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportMeasurement } from '../../sim/replay/exportMeasurement';
import { replay } from '../../sim/replay/replay';
import type { SampleBatch } from '../../sim/replay/samples';
import { readWhole } from './batches';
import { bdfText, newareText } from './converted';
import { arbinText, fileOf, maccorText } from './derivedFiles';
import { arbinFile, maccorFile } from './realFiles';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-export-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

async function exported(file: string, name = 'measurement.csv'): Promise<string> {
  const target = path.join(folder, name);
  await exportMeasurement(file, target);
  expect(fs.readdirSync(folder)).toEqual([name]);
  return target;
}
const samplesOf = async (file: string): Promise<SampleBatch> => {
  const columns: Partial<Awaited<ReturnType<typeof readWhole>>> = await readWhole(file);
  delete columns.format;
  delete columns.warnings;
  return columns as SampleBatch;
};

test('a measurement read back from its BDF CSV is the same, counters and temperature included', async () => {
  const neware = fileOf(newareText(await readWhole(fileOf(maccorText())), { unsigned: true }));
  for (const file of [fileOf(maccorText()), fileOf(arbinText()), neware]) {
    const target = await exported(file);
    expect(await samplesOf(target)).toEqual(await samplesOf(file));
    const [original, again] = [await replay(file), await replay(target)];
    expect(again.format).toBe('BDF CSV');
    expect(again.cycles).toEqual(original.cycles);
    expect(again.relaxations).toEqual(original.relaxations);
  }
});

test('charge is positive in BDF, and the titles say where the counters start anew', async () => {
  const [header, first] = fs.readFileSync(await exported(fileOf(arbinText())), 'utf8').split('\n');
  expect(header).toBe(
    'Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step Count / 1,Step Time / s,' +
      'Schedule Charging Capacity / Ah,Schedule Discharging Capacity / Ah',
  );
  expect(first).toMatch(/^5,3\.7,2,1,1,5,0\.0027/);
  const maccor = fs.readFileSync(await exported(fileOf(maccorText())), 'utf8');
  expect(maccor.split('\n')[0]).toMatch(/,Step Cumulative Capacity \/ Ah$/);
});

test('the export of an export is the same file, byte for byte', async () => {
  const once = await exported(fileOf(bdfText(await readWhole(fileOf(arbinText())), { machine: true })), 'a.csv');
  const content = fs.readFileSync(once, 'utf8');
  const again = path.join(folder, 'b.csv');
  await exportMeasurement(once, again);
  expect(fs.readFileSync(again, 'utf8')).toBe(content);
  expect(content).toContain('Surface Temperature T1 / degC');
});

test.skipIf(!maccorFile || !arbinFile)('the real files survive export as BDF CSV', async () => {
  for (const file of [maccorFile!, arbinFile!]) {
    const target = await exported(file);
    expect(await samplesOf(target)).toEqual(await samplesOf(file));
  }
});

test('Parquet holds the same samples', async () => {
  const file = fileOf(maccorText());
  const bytes = fs.readFileSync(await exported(file, 'measurement.PARQUET'));
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  });
  const read = await readWhole(file);
  expect(rows).toHaveLength(read.length);
  rows.forEach((row, i) => {
    expect(row).toEqual({
      'Test Time / s': read.time_s[i],
      'Voltage / V': read.voltage_V[i],
      'Current / A': read.current_A[i] === 0 ? 0 : -read.current_A[i]!,
      'Cycle Count / 1': 1,
      'Step Count / 1': read.step[i],
      'Step Time / s': read.stepTime_s[i],
      'Step Cumulative Capacity / Ah': read.charge_Ah[i],
    });
  });
});

test('Parquet is written in row groups, in order', async () => {
  const lines = Array.from({ length: 250_000 }, (_, i) => `${i},${3 + (i % 997) / 1000},${i % 3 === 0 ? -1 : 1}`);
  const file = fileOf(['Test Time / s,Voltage / V,Current / A', ...lines, ''].join('\n'));
  const bytes = fs.readFileSync(await exported(file, 'measurement.parquet'));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { parquetMetadata } = await import('hyparquet');
  const groups = parquetMetadata(buffer).row_groups.map((group) => Number(group.num_rows));
  expect(groups.length).toBeGreaterThan(2);
  expect(Math.max(...groups)).toBeLessThan(120_000);
  const rows = await parquetReadObjects({ file: buffer, columns: ['Test Time / s', 'Current / A'] });
  expect(rows).toHaveLength(250_000);
  expect(rows.every((row, i) => row['Test Time / s'] === i && row['Current / A'] === (i % 3 === 0 ? -1 : 1))).toBe(
    true,
  );
});

test('other extensions, folders that are not there and the measurement itself are refused, and nothing is left behind', async () => {
  const file = fileOf(maccorText());
  await expect(exportMeasurement(file, path.join(folder, 'a.xlsx'))).rejects.toThrow(
    /^--export: '.*a\.xlsx' is not valid; allowed: a file ending in \.csv or \.parquet$/,
  );
  await expect(exportMeasurement(file, path.join(folder, 'no', 'a.csv'))).rejects.toThrow(
    /cannot be written \(ENOENT\); allowed: a file in an existing folder/,
  );
  await expect(exportMeasurement(file, path.join(folder, 'no', 'a.parquet'))).rejects.toThrow('cannot be written');
  const itself = path.join(folder, 'm.csv');
  fs.copyFileSync(file, itself);
  await expect(exportMeasurement(itself, itself)).rejects.toThrow('is the measurement itself');
  const cutOff = fileOf(maccorText().slice(0, -40));
  await expect(exportMeasurement(cutOff, path.join(folder, 'cut.csv'))).rejects.toThrow('is cut off');
  expect(fs.readdirSync(folder)).toEqual(['m.csv']);
});
