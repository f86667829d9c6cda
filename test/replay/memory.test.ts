import * as fs from 'node:fs';
import * as v8 from 'node:v8';
import * as vm from 'node:vm';
import { expect, test } from 'vitest';
import { replay } from '../../sim/replay/replay';
import { fileOf } from './derivedFiles';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** 25 MB of cycles of charge, rest, discharge and rest, each second a sample. */
function writeLongFile(): { file: string; rows: number } {
  const file = fileOf(
    'Data_Point,Test_Time,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity\n',
  );
  let [rows, time_s] = [0, 0];
  const counter = { charge: 0, discharge: 0 };
  for (let cycle = 1; cycle <= 40; cycle++) {
    let text = '';
    for (const [step, current_A, duration_s] of [
      [1, 2, 3600],
      [2, 0, 900],
      [3, -2, 3500],
      [4, 0, 900],
    ] as const) {
      for (let t = 1; t <= duration_s; t++) {
        time_s++;
        if (current_A > 0) counter.charge += current_A / 3600;
        else counter.discharge -= current_A / 3600;
        const voltage = 3.7 + current_A / 20 + (step % 2 === 0 ? (3 - step) * (0.02 + 0.05 * Math.exp(-t / 120)) : 0);
        text += `${++rows},${time_s}.0000,${t}.0000,${step},${cycle},${current_A},${voltage.toFixed(7)},${counter.charge.toFixed(9)},${counter.discharge.toFixed(9)}\n`;
      }
    }
    fs.appendFileSync(file, text);
  }
  return { file, rows };
}

test('memory in use does not grow with the file', async () => {
  const { file, rows } = writeLongFile();
  expect(fs.statSync(file).size).toBeGreaterThan(20e6);
  const inUse_MB: number[] = [];
  let next = 0.2;
  const report = await replay(file, {
    onProgress(part) {
      if (part < next) return;
      next += 0.1;
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      inUse_MB.push((heapUsed + arrayBuffers) / 1e6);
    },
  });
  expect(report.summary).toMatchObject({ samples: rows, cycles: 40, restsAfterPulse: 80, separated: 80 });
  // 350,000 samples of 12 numbers would be 34 MB.
  expect(inUse_MB.length).toBeGreaterThanOrEqual(8);
  const early = Math.max(...inUse_MB.slice(0, 3));
  const late = Math.max(...inUse_MB.slice(3));
  expect(late - early).toBeLessThan(5);
});
