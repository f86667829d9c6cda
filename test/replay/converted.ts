/** A measurement written as another cycler would export it. Numbers keep all digits. */
import type { SampleBatch } from '../../sim/replay/samples';

type Row = Record<Exclude<keyof SampleBatch, 'length'>, number>;

function rowsOf(batch: SampleBatch): Row[] {
  const names = (Object.keys(batch) as (keyof SampleBatch)[]).filter((name) => ArrayBuffer.isView(batch[name]));
  return Array.from(
    { length: batch.length },
    (_, i) => Object.fromEntries(names.map((name) => [name, (batch[name] as Float64Array)[i]])) as Row,
  );
}

const table = (header: string, lines: string[], lineBreak = '\n'): string => [header, ...lines, ''].join(lineBreak);

/** h:min:s with all digits of the seconds. */
function clock(time_s: number): string {
  const hours = Math.floor(time_s / 3600);
  const minutes = Math.floor((time_s - 3600 * hours) / 60);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${pad(hours)}:${pad(minutes)}:${pad(Number((time_s - 3600 * hours - 60 * minutes).toFixed(6)))}`;
}

/** BTSDA record layer. `unsigned`: magnitudes, as older exports have them. `totalTime` false: only the time in the step. */
export function newareText(batch: SampleBatch, { unsigned = false, totalTime = true } = {}): string {
  const header = [
    'DataPoint,Cycle Index,Step Index,Step Type,Time',
    ...(totalTime ? ['Total Time'] : []),
    'Current(mA),Voltage(V),Capacity(mAh),Energy(Wh),Date,T1(℃)',
  ].join(',');
  let type = 'Rest';
  let last: Row | undefined;
  const rows = rowsOf(batch);
  const lines = rows.map((row, i) => {
    if (row.step !== last?.step || row.cycle !== last.cycle) {
      // BTSDA names the step, opening and closing rows without current too.
      const end = rows.findIndex((r, k) => k > i && (r.step !== row.step || r.cycle !== row.cycle));
      const current =
        rows.slice(i, end < 0 ? undefined : end).find((r) => Math.abs(r.current_A) > 0.01)?.current_A ?? 0;
      type = current === 0 ? 'Rest' : current > 0 ? 'CC DChg' : 'CCCV Chg';
    }
    last = row;
    return [
      ...[i + 1, row.cycle, row.step, type, clock(row.stepTime_s)],
      ...(totalTime ? [clock(row.time_s)] : []),
      ...[1000 * (unsigned ? Math.abs(row.current_A) : -row.current_A), row.voltage_V],
      ...[Number.isNaN(row.charge_Ah) ? '' : 1000 * row.charge_Ah, 0, '2024-05-06 07:08:09', '\t25.5'],
    ].join(',');
  });
  return table(header, lines, '\r\n');
}

/** EC-Lab text in Latin-1, with a head and, where wanted, a decimal comma. */
export function biologicText(batch: SampleBatch, { comma = false } = {}): Buffer {
  const head = [
    '',
    'Modulo Bat',
    '',
    'Electrode surface area : 0.001 cm²',
    'Cycle Definition : Charge/Discharge alternance',
    '',
  ];
  const header =
    'mode\tox/red\terror\tNs changes\tNs\ttime/s\tEwe/V\t<I>/mA\t(Q-Qo)/mA.h\tTemperature/°C\thalf cycle\tcycle number\t';
  const lines = rowsOf(batch).map((row) => {
    const cells = [1, 0, 0, 0, row.step, row.time_s, row.voltage_V, -1000 * row.current_A, 0, 25.5, 0, row.cycle];
    const text = cells.map((cell) => cell.toExponential(15)).join('\t');
    return comma ? text.replaceAll('.', ',') : text;
  });
  const count = head.length + 3;
  const whole = ['EC-Lab ASCII FILE', `Nb header lines : ${count}   `, ...head, header, ...lines, ''].join('\r\n');
  return Buffer.from(whole, 'latin1');
}

/** Battery Data Format, with preferred labels or machine-readable names. */
export function bdfText(batch: SampleBatch, { machine = false } = {}): string {
  const header = machine
    ? 'test_time_second,voltage_volt,current_ampere,cycle_count,step_count,step_time_second,temperature_t1_celsius'
    : 'Test Time / h,Voltage / V,Current / mA,Cycle Count / 1,Step Count / 1,Step Time / s,Ambient Temperature / degC';
  const lines = rowsOf(batch).map((row) =>
    [
      ...[machine ? row.time_s : row.time_s / 3600, row.voltage_V, (machine ? -1 : -1000) * row.current_A],
      ...[row.cycle, row.step, row.stepTime_s, 25.5],
    ].join(','),
  );
  return table(header, lines);
}
