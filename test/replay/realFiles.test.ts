import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { replay } from '../../sim/replay/replay';
import type { ReplayedCycle } from '../../sim/replay/report';
import { readWhole } from './batches';
import { bdfText, biologicText, newareText } from './converted';
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
  await replay(maccorFile!, { onProgress: (part) => parts.push(part) });
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

test.skipIf(!maccorFile)('the capacity fade of the Maccor file is that of its own counter to 0.1 %', async () => {
  const { cycles, summary } = await replay(maccorFile!);
  const fade = (of: (cycle: ReplayedCycle) => number): number => of(cycles[20]!) / of(cycles[1]!);
  expect(Math.abs(fade((cycle) => cycle.discharge_mAh) - fade((cycle) => cycle.fileDischarge_mAh!))).toBeLessThan(1e-3);
  expect(summary.warnings).toEqual([]);
});

test.skipIf(!arbinFile)(
  'the parts of the GITT relaxations take a smooth course over the charge in the cell',
  async () => {
    const { relaxations } = await replay(arbinFile!);
    for (const after of ['charge', 'discharge'] as const) {
      const course = relaxations.filter((relaxation) => relaxation.afterPulse === after);
      expect(course.length).toBeGreaterThan(85);
      const charges = course.map((relaxation) => relaxation.netCharge_mAh);
      expect(charges).toEqual(charges.toSorted((a, b) => (after === 'charge' ? a - b : b - a)));
      for (const part of ['etaFast_mV', 'etaConc_mV'] as const) {
        let rough = 0;
        for (let i = 1; i < course.length - 1; i++) {
          const between = (course[i - 1]![part]! + course[i + 1]![part]!) / 2;
          if (Math.abs(course[i]![part]! - between) > Math.max(1.5, 0.1 * between)) rough++;
        }
        // One charge pulse has a fall of 85 mV in the middle: it and its neighbours stand out.
        expect(rough).toBeLessThanOrEqual(3);
      }
    }
  },
);

describe.skipIf(!maccorFile)('the Maccor file as another cycler would export it gives the same cycles', () => {
  const derived = {
    'Neware CSV': (batch) => newareText(batch),
    'Neware CSV, unsigned': (batch) => newareText(batch, { unsigned: true }),
    'Neware CSV, unsigned, without total time': (batch) => newareText(batch, { unsigned: true, totalTime: false }),
    'BioLogic text': (batch) => biologicText(batch),
    'BioLogic text, decimal comma': (batch) => biologicText(batch, { comma: true }),
    'BDF CSV': (batch) => bdfText(batch),
    'BDF CSV, machine-readable names': (batch) => bdfText(batch, { machine: true }),
  } satisfies Record<string, (batch: Awaited<ReturnType<typeof readWhole>>) => string | Buffer>;

  test.each(Object.entries(derived))('%s', async (name, convert) => {
    const original = await replay(maccorFile!);
    const report = await replay(fileOf(convert(await readWhole(maccorFile!))));
    expect(report.format).toBe(name.split(',')[0]);
    expect(report.summary).toMatchObject({ samples: original.summary.samples, rests: 24, separated: 23 });
    // Without the total time, what lies between the last sample of a step and the next step is lost.
    const digits = name.endsWith('without total time') ? 2.5 : 6;
    report.cycles.forEach((cycle, i) => {
      const expected = original.cycles[i]!;
      expect(cycle.n).toBe(expected.n);
      for (const key of ['charge_mAh', 'discharge_mAh', 'dischargeEnergy_mWh'] as const)
        expect(cycle[key] / expected[key]).toBeCloseTo(1, digits);
      if (expected.etaFast_mV === null) return expect(cycle.etaFast_mV).toBeNull();
      expect(cycle.etaFast_mV).toBeCloseTo(expected.etaFast_mV, 0);
      expect(cycle.etaConc_mV! + cycle.etaFast_mV!).toBeCloseTo(expected.etaConc_mV! + expected.etaFast_mV, 3);
    });
  });
});
