import { expect, test } from 'vitest';
import { replay } from '../../sim/replay/replay';
import { cyclesCsv, relaxationsCsv } from '../../sim/replay/reportCsv';
import { fileOf, maccorText } from './derivedFiles';

test('tables with units in the header, one line a cycle or relaxation, an empty cell for what is not known', async () => {
  const report = await replay(fileOf(maccorText()));
  const [header, row, ...more] = cyclesCsv(report).trimEnd().split('\n');
  expect(header).toBe(
    'n,charge_mAh,discharge_mAh,ce_pct,chargeEnergy_mWh,dischargeEnergy_mWh,fileCharge_mAh,fileDischarge_mAh,etaFast_mV,etaConc_mV,etaUncertainty_mV,rests,warnings',
  );
  expect(row).toMatch(/^1,27\.7777778,25,90,/);
  expect(more).toEqual([]);
  const lines = relaxationsCsv(report).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('etaFast_mV,etaConc_mV,uncertainty_mV');
});

test('warnings are one quoted cell, unknown values empty', async () => {
  const report = await replay(fileOf(maccorText().split('\r\n').slice(0, 15).join('\r\n')));
  const row = cyclesCsv(report).trimEnd().split('\n')[1]!;
  expect(row).toContain(',0,,');
  expect(row).toContain(`,"the file ends during this cycle's charge"`);
});
