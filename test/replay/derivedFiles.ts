import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { onTestFinished } from 'vitest';

/** A small Maccor file: rest, charge 1 A for 100 s, rest, discharge 1 A for 90 s, rest; 10 s apart. */
export function maccorText({ signed = true } = {}): string {
  const lines = [
    "Today's Date 01/01/2020\tFilename: small\t",
    'Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tAmps\tVolts\tState\tACImp/Ohms',
  ];
  let record = 1;
  let start_s = 0;
  const step = (
    number: number,
    state: string,
    current_A: number,
    duration_s: number,
    voltage: (t: number) => number,
  ): void => {
    for (let t = 0.01; t < duration_s + 1; t = Math.round(t + 10)) {
      const amps = signed && state === 'D' ? -current_A : current_A;
      const ampHours = (current_A * t) / 3600;
      lines.push(
        [
          record++,
          1,
          number,
          start_s + t,
          t,
          ampHours.toFixed(10),
          amps.toFixed(4),
          voltage(t).toFixed(5),
          state,
          'N/A',
        ].join('\t'),
      );
    }
    start_s += duration_s;
  };
  step(1, 'R', 0, 20, () => 3.5);
  step(2, 'C', 1, 100, (t) => 3.7 + t / 1000);
  step(3, 'R', 0, 300, (t) => 3.6 + 0.08 * Math.exp(-t / 60));
  step(4, 'D', 1, 90, (t) => 3.5 - t / 1000);
  step(5, 'R', 0, 300, (t) => 3.6 - 0.08 * Math.exp(-t / 60));
  return `${lines.join('\r\n')}\r\n`;
}

/** The same kind of test as an Arbin file: charge 2 A for 60 s, rest 300 s, discharge 2 A for 60 s. */
export function arbinText(): string {
  const lines = [
    'Test_ID,Data_Point,Test_Time,Step_Time,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Discharge_Capacity',
  ];
  let point = 1;
  let start_s = 0;
  const total = { charge: 0, discharge: 0 };
  const step = (number: number, current_A: number, duration_s: number): void => {
    const [charge, discharge] = [Math.max(0, current_A), Math.max(0, -current_A)];
    for (let t = 5; t <= duration_s; t += 5) {
      const counters = [total.charge + (charge * t) / 3600, total.discharge + (discharge * t) / 3600];
      lines.push([1, point++, start_s + t, t, number, 1, current_A, 3.6 + current_A / 20, ...counters].join(','));
    }
    total.charge += (charge * duration_s) / 3600;
    total.discharge += (discharge * duration_s) / 3600;
    start_s += duration_s;
  };
  step(1, 2, 60);
  step(2, 0, 300);
  step(3, -2, 60);
  return `${lines.join('\n')}\n`;
}

/** A file of this content in a folder of its own that goes when the test ends. */
export function fileOf(content: string | Buffer): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-replay-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'measurement.txt');
  fs.writeFileSync(file, content);
  return file;
}
