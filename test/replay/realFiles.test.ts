import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import { readMeasurement } from '../../sim/replay/readMeasurement';
import { replay } from '../../sim/replay/replay';
import { fileOf } from './derivedFiles';
import { arbinFile, maccorFile } from './realFiles';

test.skipIf(!maccorFile)('every cycle of the Maccor file agrees with its own Amp-hr column to 0.1 %', async () => {
  const { cycles, summary, format } = await replay(maccorFile!);
  expect(format).toBe('Maccor text');
  expect(cycles.map((cycle) => cycle.n)).toEqual(Array.from({ length: 24 }, (_, n) => n));
  for (const cycle of cycles) {
    expect(Math.abs(cycle.charge_mAh / cycle.fileCharge_mAh! - 1)).toBeLessThan(1e-3);
    expect(Math.abs(cycle.discharge_mAh / cycle.fileDischarge_mAh! - 1)).toBeLessThan(1e-3);
  }
  // The last values of Amp-hr in the steps of cycles 1 and 20, read off the file.
  expect(cycles[1]!.charge_mAh / 3985.1417).toBeCloseTo(1, 3);
  expect(cycles[1]!.discharge_mAh / 3978.6925).toBeCloseTo(1, 3);
  expect(cycles[20]!.discharge_mAh / 3775.4504).toBeCloseTo(1, 3);
  expect(cycles[1]!.ce_pct).toBeCloseTo((100 * 3978.6925) / 3985.1417, 1);
  // The closing row of the suspended test belongs to its discharge.
  expect(cycles[23]!.discharge_mAh / 2237.6479).toBeCloseTo(1, 3);
  expect(cycles[23]!.warnings.join()).toContain('the file ends');
  expect(summary).toMatchObject({ rests: 24, restsAfterPulse: 23, separated: 23 });
});

test.skipIf(!maccorFile)(
  'the parts of every relaxation of the Maccor file are positive and steady from cycle to cycle',
  async () => {
    const { relaxations } = await replay(maccorFile!);
    for (const { etaFast_mV, etaConc_mV, voltageRested_V, voltageBefore_V } of relaxations) {
      // At least the jump in the first 10 ms (73 to 80 mV), at most what has recovered at the next sample after 30 s (156 to 175 mV).
      expect(etaFast_mV).toBeGreaterThan(70);
      expect(etaFast_mV).toBeLessThan(125);
      expect(etaConc_mV).toBeGreaterThan(100);
      expect(etaFast_mV! + etaConc_mV!).toBeCloseTo((voltageRested_V - voltageBefore_V) * 1000, 6);
    }
  },
);

test.skipIf(!arbinFile)(
  'the GITT file has 184 rests, 183 of them after a pulse, once its rows are in order',
  async () => {
    const { format, summary, relaxations, cycles } = await replay(arbinFile!);
    expect(format).toBe('Arbin CSV');
    expect(summary).toMatchObject({ samples: 26_989, rests: 184, restsAfterPulse: 183, separated: 183 });
    expect(summary.warnings).toEqual(['rows out of order in 61 places: ordered by Data_Point']);
    expect(cycles).toHaveLength(1);
    expect(cycles[0]!.rests).toBe(184);
    // Last values of Charge_Capacity and Discharge_Capacity.
    expect(cycles[0]!.charge_mAh / 3.331197).toBeCloseTo(1, 3);
    expect(cycles[0]!.discharge_mAh / 3.287683).toBeCloseTo(1, 3);
    for (const relaxation of relaxations) {
      expect(relaxation.duration_s).toBeGreaterThan(899);
      expect(relaxation.duration_s).toBeLessThan(901);
      expect(relaxation.etaFast_mV).toBeGreaterThan(0);
      expect(relaxation.etaConc_mV).toBeGreaterThan(0);
    }
    expect(relaxations.filter((r) => r.afterPulse === 'charge').every((r) => r.current_mA < 0)).toBe(true);
  },
);

test.skipIf(!maccorFile)('reading reports its progress up to the end', async () => {
  const parts: number[] = [];
  await readMeasurement(maccorFile!, { onProgress: (part) => parts.push(part) });
  expect(parts.length).toBeGreaterThan(5);
  expect(parts).toEqual(parts.toSorted((a, b) => a - b));
  expect(parts.at(-1)).toBe(1);
});

test.skipIf(!maccorFile)('the Maccor file without signs on its current gives the same cycles', async () => {
  const unsigned = fileOf(fs.readFileSync(maccorFile!, 'latin1').replaceAll('\t-', '\t'));
  const report = await replay(unsigned);
  expect(report.cycles).toEqual((await replay(maccorFile!)).cycles);
});

test.skipIf(!maccorFile)('the Maccor file cut off in the middle of a line is refused', async () => {
  const text = fs.readFileSync(maccorFile!, 'latin1');
  await expect(replay(fileOf(text.slice(0, 1_000_000)))).rejects.toThrow(
    /line \d+ is cut off: \d+ fields; allowed: 38/,
  );
});
