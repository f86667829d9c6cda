import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replay } from '../../sim/replay/replay';
import type { ReplayReport } from '../../sim/replay/report';
import { cli } from '../cli/harness';
import { fileOf, maccorText } from './derivedFiles';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-replay-'))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

test('--json prints the report and nothing else, with the keys that other tools rely on', async () => {
  const file = fileOf(maccorText());
  const outcome = await cli(['replay', file, '--json', '--export', path.join(folder, 'm.csv')], { replay });
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  const report = JSON.parse(outcome.stdout) as ReplayReport;
  expect(Object.keys(report)).toEqual(['file', 'format', 'cycles', 'relaxations', 'summary']);
  expect(Object.keys(report.cycles[0]!)).toEqual(
    expect.arrayContaining([
      'n',
      'charge_mAh',
      'discharge_mAh',
      'ce_pct',
      'etaFast_mV',
      'etaConc_mV',
      'rests',
      'warnings',
    ]),
  );
  expect(report.file).toBe(file);
  expect(fs.readdirSync(folder)).toEqual(['m.csv']);
});

test('--out holds tables, the report, pictures and what made them; the screen shows the table', async () => {
  const out = path.join(folder, 'out');
  const outcome = await cli(['replay', fileOf(maccorText()), '--out', out], { replay });
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toContain('(Maccor text): 86 samples');
  expect(outcome.stdout).toMatch(/\n +1 +27\.78 +25\.00 +90\.00 +3 /);
  expect(fs.readdirSync(out).sort()).toEqual(
    ['config.json', 'cycles.csv', 'relaxations.csv', 'result.json']
      .concat(['relaxations.png', 'relaxations.svg', 'replay.png', 'replay.svg'])
      .sort(),
  );
  const [header, row, ...more] = fs.readFileSync(path.join(out, 'cycles.csv'), 'utf8').trimEnd().split('\n');
  expect(header).toBe(
    'n,charge_mAh,discharge_mAh,ce_pct,chargeEnergy_mWh,dischargeEnergy_mWh,fileCharge_mAh,fileDischarge_mAh,etaFast_mV,etaConc_mV,etaUncertainty_mV,etaConcUncertainty_mV,rests,warnings',
  );
  expect(row).toMatch(/^1,27\.77/);
  expect(more).toEqual([]);
  expect(fs.readFileSync(path.join(out, 'relaxations.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(3);
});

test('an export of another kind is refused before the file is read', async () => {
  const outcome = await cli(['replay', 'm.078', '--export', 'm.xlsx']);
  expect(outcome.code).toBe(2);
  expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(outcome.stderr).toContain("--export: 'm.xlsx' is not valid; allowed: a file ending in .csv or .parquet");
});
