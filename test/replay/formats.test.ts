/** What real exports of each cycler look like: short excerpts in their columns, with their own numbers or plain ones. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../sim/errors';
import { replay } from '../../sim/replay/replay';
import { readWhole } from './batches';
import { fileOf } from './derivedFiles';

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;
const refusal = async (content: string): Promise<string> => {
  const error = await readWhole(fileOf(content)).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.replace(/^\S+: /, '');
};

describe('Neware', () => {
  const header =
    'DataPoint,Cycle Index,Step Index,Step Type,Time,Cumulative Time,Current(A),Voltage(V),Capacity(Ah),Spec. Cap.(mAh/g),' +
    'Chg. Cap.(Ah),DChg. Cap.(Ah),Energy(Wh),Date,Power(W),dQ/dV(mAh/V),Contact resistance(mO),Module start-stop switch';
  const rest = '0,0.00,0.5,0.25,0,2022-05-18 16:27:52,0,0,0,Close';

  test('clocks beyond a day, days before the clock, milliseconds', async () => {
    const read = await readWhole(
      fileOf(
        lines(
          header,
          `1,1,1,Rest,00:00:00,00:00:00,0,2.917,${rest}`,
          `2,1,2,CC Chg,00:00:01.250,25:00:01.250,0.5,3.1,${rest}`,
          `3,1,2,CC Chg,1-02:00:00,2-03:00:00,0.5,3.2,${rest}`,
        ),
      ),
    );
    expect(read.format).toBe('Neware CSV');
    expect([...read.time_s]).toEqual([0, 25 * 3600 + 1.25, 51 * 3600]);
    expect([...read.stepTime_s]).toEqual([0, 1.25, 26 * 3600]);
    expect([...read.current_A]).toEqual([0, -0.5, -0.5]);
    expect(read.charge_Ah[1]).toBe(0.5);
    expect(read.discharge_Ah[1]).toBe(0.25);
    expect(read.warnings).toEqual([]);
  });

  test('a total time written as dates counts from the first row; quoted cells; tabs before values', async () => {
    const read = await readWhole(
      fileOf(
        lines(
          '"DataPoint","Cycle Index","Step Index","Step Type","Time","Total Time","Current(mA)","Voltage(mV)","T1(℃)"',
          '"1","1","1","CC DChg","0:00:00","\t2022-02-02 23:59:59.5","-500","3500","25.5"',
          '"2","1","1","CC DChg","0:00:01","\t2022-02-03 00:00:00.5","-500","3400","25.75"',
        ),
      ),
    );
    expect([...read.time_s]).toEqual([0, 1]);
    expect([...read.current_A]).toEqual([0.5, 0.5]);
    expect([...read.voltage_V]).toEqual([3.5, 3.4]);
    expect([...read.temperature_C]).toEqual([25.5, 25.75]);
  });

  test('old export: magnitudes, ID columns, only the time in the step, whose clock also restarts within a step', async () => {
    const read = await readWhole(
      fileOf(
        lines(
          'Record ID,Realtime,Time(h:min:s.ms),Step ID,Step Name,Cycle ID,Current(mA),Voltage(V),Capacitance_Chg(mAh),Capacitance_DChg(mAh),Avg-T(C)',
          '1,2019-01-01 00:00:00,0:00:00.000,1,CC_DChg,1,1000,3.6,0,0,21',
          '2,2019-01-01 00:00:10,0:00:10.000,1,CC_DChg,1,1000,3.5,0,2.7,22',
          '3,2019-01-01 00:00:15,0:00:05.000,1,CC_DChg,1,1000,3.5,0,2.7,22',
          '4,2019-01-01 00:00:25,0:00:10.000,2,Rest,1,0,3.6,0,2.7,22',
          '5,2019-01-01 00:00:45,0:00:20.000,3,CCCV_Chg,1,500,3.7,2.7,0,23',
        ),
      ),
    );
    expect([...read.time_s]).toEqual([0, 10, 15, 25, 45]);
    expect([...read.current_A]).toEqual([1, 1, 1, 0, -0.5]);
    expect(read.charge_Ah[4]).toBeCloseTo(2.7e-3, 12);
    expect(read.temperature_C[4]).toBe(23);
    expect(read.warnings).toEqual(['no column Total Time: time counted from Time(h:min:s.ms)']);
  });

  test('a number where a clock must stand, a current without unit, a unit that is not known', async () => {
    const text = lines(header, `1,1,1,Rest,00:00:00,60.5,0,2.917,${rest}`);
    expect(await refusal(text)).toBe(
      "line 2, column Cumulative Time: '60.5' is not a time; allowed: h:min:s or a date",
    );
    expect(await refusal(text.replace('Current(A)', 'Current'))).toBe(
      'column Current: has no unit; allowed: A, mA, uA, µA',
    );
    expect(await refusal(text.replace('Voltage(V)', 'Voltage(kV)'))).toBe(
      'column Voltage(kV): unit kV is not known; allowed: V, mV',
    );
  });

  test('an optional column of unknown unit and columns of unknown meaning are named, not used', async () => {
    const text = lines(
      'DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V),Capacity(C),Humidity(%),T1(F),T1',
      '1,1,1,Rest,00:00:00,00:00:00,0,2.9,5,40,77,x',
      '2,1,1,Rest,00:00:01,00:00:01,0,2.9,5,40,77,x',
    );
    const read = await readWhole(fileOf(text));
    expect(read.warnings).toEqual([
      'columns not used: T1(F) (unit F is not known), Capacity(C) (unit C is not known), Humidity(%), T1',
    ]);
    expect(read.charge_Ah[0]).toBeNaN();
    expect(read.temperature_C[0]).toBeNaN();
    const report = await replay(fileOf(text));
    expect(report.summary.warnings).toEqual(read.warnings);
  });
});

describe('BioLogic', () => {
  const head = ['EC-Lab ASCII FILE', 'Nb header lines : 5', '', 'Electrode surface area : 0,001 cm²'];
  const header =
    'mode\tox/red\terror\tcontrol changes\tNs changes\tcounter inc.\tNs\ttime/s\tdq/mA.h\t(Q-Qo)/mA.h\tEwe/V\t<I>/mA\tTemperature/°C\tcycle number\t';
  const row = (time: string, volts: string, current: string): string =>
    `1\t1\t0\t0\t0\t0\t2\t${time}\t0\t0\t${volts}\t${current}\t2,4443432E+001\t3`;

  test('decimal comma, Latin-1, exponents, charge positive', async () => {
    const text = lines(...head, header, row('1', '3,51', '-2,5E+002'), row('2,5E+000', '3,5', '2,5E+002'));
    const read = await readWhole(fileOf(Buffer.from(text, 'latin1')));
    expect(read.format).toBe('BioLogic text');
    expect([...read.time_s]).toEqual([1, 2.5]);
    expect([...read.voltage_V]).toEqual([3.51, 3.5]);
    expect([...read.current_A]).toEqual([0.25, -0.25]);
    expect([...read.temperature_C]).toEqual([24.443432, 24.443432]);
    expect([...read.cycle, ...read.step]).toEqual([3, 3, 2, 2]);
    expect(read.warnings).toEqual([]);
  });

  test('BT-Lab: cell voltage, time as date, no cycle column', async () => {
    const text = lines(
      'BT-Lab ASCII FILE',
      'Nb header lines : 3',
      'Ns changes\tNs\ttime/s\tEcell/V\tI/mA\t(Q-Qo)/mA.h\tstep time/s\tQ discharge/mA.h\tQ charge/mA.h\t',
      '0\t0\t11/20/2024 23:59:59.207\t4.1465597E+000\t0.0\t0\t0\t0\t0',
      '1\t1\t11/21/2024 00:00:05.207\t4.1518364E+000\t4.4993811E+002\t2.4E-4\t6.0\t0\t2.4E-4',
    );
    const read = await readWhole(fileOf(text));
    expect(read.time_s[1]).toBeCloseTo(6, 6);
    expect(read.current_A[1]).toBe(-0.44993811);
    expect(read.charge_Ah[1]).toBeCloseTo(2.4e-7, 15);
    expect(read.warnings[0]).toBe('no column cycle number: the whole file is counted as cycle 1');
  });

  test('a day that is no month is not taken for one', async () => {
    const text = lines(...head, header, row('20/11/2024 11:38:41.707', '3,5', '0'));
    expect(await refusal(text)).toContain(
      "column time/s: '20/11/2024 11:38:41.707' is not a number; allowed: a number in s",
    );
  });

  test('no current column', async () =>
    expect(await refusal(lines(...head, header.replace('<I>/mA', 'control/mA'), row('1', '1', '1')))).toContain(
      'column I is missing',
    ));
});

describe('BDF', () => {
  test('machine-readable names, without cycle and step', async () => {
    const text = lines(
      'test_time_second,voltage_volt,current_ampere,ambient_temperature_celsius',
      '0.0,0.939,0.1,25.8',
      '9.0708,0.938,-0.1,25.9',
    );
    const read = await readWhole(fileOf(text));
    expect(read.format).toBe('BDF CSV');
    expect([...read.time_s]).toEqual([0, 9.0708]);
    expect([...read.current_A]).toEqual([-0.1, 0.1]);
    expect([...read.temperature_C]).toEqual([25.8, 25.9]);
    expect(read.warnings).toEqual(['no column Cycle Count: the whole file is counted as cycle 1']);
  });

  test('hours, counters, a temperature of the surface before that of the room; a column outside the format is named', async () => {
    const text = lines(
      'Unix Time / s,Test Time / h,Current / mA,Voltage / V,Cycle Count / 1,Step Index / 1,Step Charging Capacity / mAh,' +
        'Step Discharging Capacity / mAh,Ambient Temperature / degC,Surface Temperature T1 / degC,My Thing / m',
      '1714000000,0.5,1000,3.5,1,7,10,0,20,30,4',
      '1714000000,1.0,-1000,3.4,1,8,0,20,20,31,4',
    );
    const read = await readWhole(fileOf(text));
    expect([...read.time_s]).toEqual([1800, 3600]);
    expect([...read.current_A]).toEqual([-1, 1]);
    expect([read.charge_Ah[0], read.discharge_Ah[1]]).toEqual([0.01, 0.02]);
    expect([...read.temperature_C]).toEqual([30, 31]);
    expect(read.warnings).toEqual(['columns not used: My Thing / m']);
  });

  test('rows out of order in a file without record numbers are ordered by time; a clock that begins anew is refused', async () => {
    const row = (t: number): string => `${t},3.5,${t < 50 ? 1 : -1},1`;
    const header = 'Test Time / s,Voltage / V,Current / A,Cycle Count / 1';
    const times = Array.from({ length: 100 }, (_, t) => t);
    const displaced = [...times.slice(0, 20), ...times.slice(40, 60), ...times.slice(20, 40), ...times.slice(60)];
    const read = await readWhole(fileOf(lines(header, ...displaced.map(row))));
    expect([...read.time_s]).toEqual(times);
    expect(read.warnings).toEqual(['rows out of order in 1 places: ordered by Test Time / s']);
    expect(await refusal(lines(header, ...[...times, ...times].map(row)))).toBe(
      'line 102, column Test Time / s: 0 after 99; allowed: time that does not begin anew',
    );
  });

  test('steps whose first row has a wrong time are refused, not moved', async () => {
    const rows = [1, 2, 3].flatMap((step) =>
      Array.from({ length: 20 }, (_, i) => `${i === 0 ? 0 : 20 * step + i},3.5,${step - 2},1,${step}`),
    );
    const header = 'Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step ID';
    expect(await refusal(lines(header, ...rows))).toBe(
      'line 22, column Test Time / s: 0 after 39; allowed: time that does not begin anew',
    );
  });

  test('a magnitude whose direction is in words that are not known is reported', async () => {
    const header = 'DataPoint,Cycle Index,Step Index,Step Type,Total Time,Current(mA),Voltage(V)';
    const rows = (charge: string, discharge: string): string[] => [
      `1,1,1,${charge},0:00:00,100,3.5`,
      `2,1,1,${charge},0:01:00,100,3.6`,
      `3,1,2,${discharge},0:02:00,100,3.5`,
      `4,1,2,${discharge},0:03:00,100,3.4`,
    ];
    const foreign = await readWhole(fileOf(lines(header, ...rows('恒流充电', '恒流放电'))));
    expect(foreign.warnings).toContain(
      'current is never negative, and for 100 % of it column Step Type says neither charge nor discharge: counted as in the row before, at the begin as charge',
    );
    const known = await readWhole(fileOf(lines(header, ...rows('CC Charging', 'CC Discharging'))));
    expect(known.warnings).toEqual([]);
    expect([...known.current_A]).toEqual([-0.1, -0.1, 0.1, 0.1]);
  });

  test('a current that is never negative is reported', async () => {
    const read = await readWhole(fileOf(lines('Test Time / s,Voltage / V,Current / A', '0,3,1', '1,3,1')));
    expect(read.warnings).toContain('current is never negative and no column tells its direction: counted as charge');
  });
});

describe('your own CSV', () => {
  const rows = ['0;3,5;1', '10;3,6;1', '20;3,5;-1'];

  test('is told in the error which columns to name', async () => {
    const hint =
      'or a CSV of your own with the columns Test Time / s, Voltage / V, Current / A (charge positive), and Cycle Count / 1 if it has cycles';
    expect(await refusal(lines('time;voltage;current', ...rows))).toContain(hint);
    expect(await refusal(lines('Time (s);Voltage (V);Current (A)', ...rows))).toContain(hint);
    // Voltage against charge, without a header and without time.
    expect(await refusal(lines('0,4.1756', '0.00035989,4.1703'))).toContain(hint);
  });

  test('is read with them', async () => {
    const read = await readWhole(fileOf(lines('Test Time / s;Voltage / V;Current / A', ...rows)));
    expect([...read.time_s]).toEqual([0, 10, 20]);
    expect([...read.voltage_V]).toEqual([3.5, 3.6, 3.5]);
    expect([...read.current_A]).toEqual([-1, -1, 1]);
    expect(read.warnings).toEqual(['no column Cycle Count: the whole file is counted as cycle 1']);
  });
});

describe('Arbin and Maccor', () => {
  test('Arbin MITS: blanks in the titles, units in brackets, temperature of the auxiliary channel', async () => {
    const text = lines(
      '\uFEFFData Point,Date Time,Test Time (s),Step Time (s),Cycle Index,Step Index,TC_Counter1,Current (A),Voltage (V),Power (W),' +
        'Charge Capacity (Ah),Discharge Capacity (Ah),Charge Energy (Wh),mAh/g,ACR (Ohm),dV/dt (V/s),Aux_Temperature_1 (C),Aux_dT/dt_1 (C/s)',
      '1,\t09/20/2024 08:32:34.558,30.0005,30.0005,1,1,0,0,3.534595,0,0,0,0,,,1.9E-05,24.66422,-0.09131343',
      '2,\t09/20/2024 08:33:04.559,60.0008,60.0008,1,1,0,1,3.534597,0,0,0,0,,,2.7E-05,-2501.7,0.02648412',
    );
    const read = await readWhole(fileOf(text));
    expect(read.format).toBe('Arbin CSV');
    expect(read.temperature_C[0]).toBe(24.66422);
    // A channel without a sensor.
    expect(read.temperature_C[1]).toBeNaN();
    expect(read.warnings).toHaveLength(1);
  });

  test('Maccor with days in its clock', async () => {
    const text = lines(
      "Today's Date:\t14 December 2020",
      'Rec#\tCyc#\tStep\tTestTime\tStepTime\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\tDPt Time\tAux #1\t Units\tVAR1',
      '1\t0\t1\t  0d 00:00:0\t  0d 00:00:0\t0\t0\t0\t3.4\tR\t0\t12/11/2020 12:22:12\t20\t C  \t0',
      '2\t0\t1\t  1d 00:00:05.5\t  1d 00:00:05.5\t0\t0\t0\t3.4\tR\t0\t12/11/2020 12:22:12\t20\t C  \t0',
    );
    const read = await readWhole(fileOf(text));
    expect([...read.time_s]).toEqual([0, 86405.5]);
    expect(read.warnings).toEqual(['columns not used: Aux #1, Units']);
    expect(await refusal(text.replace('0d 00:00:0\t  0d', '1.5\t  0d'))).toBe(
      "line 3, column TestTime: '1.5' is not a time; allowed: h:min:s or a date",
    );
  });
});
