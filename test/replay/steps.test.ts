import { expect, test } from 'vitest';
import type { Measurement } from '../../sim/replay/measurement';
import { countedCharge_mAh, integrateStep } from '../../sim/replay/integrate';
import { findSteps } from '../../sim/replay/steps';

type Row = [time_s: number, current_A: number, step: number, stepTime_s: number];

function measurementOf(rows: readonly Row[], counter_Ah?: readonly number[]): Measurement {
  const column = (k: number): Float64Array => Float64Array.from(rows, (row) => row[k]!);
  const counter = counter_Ah && Float64Array.from(counter_Ah);
  return {
    format: 'rows',
    time_s: column(0),
    current_A: column(1),
    voltage_V: new Float64Array(rows.length).fill(3.6),
    step: column(2),
    cycle: new Float64Array(rows.length),
    stepTime_s: column(3),
    ...(counter && { counter_Ah: { charge: counter, discharge: counter } }),
    warnings: [],
  };
}

test('current jumps at the edge: a gap across it belongs to the step in which it lies', () => {
  // 2 A from 0 to 16 s (last sample at 10 s), then rest; the rest's first sample at 20 s says 4 s since the edge.
  const measurement = measurementOf([
    [0, 2, 1, 0],
    [10, 2, 1, 10],
    [20, 0, 2, 4],
    [30, 0, 2, 14],
  ]);
  const [pulse, rest] = findSteps(measurement);
  expect(pulse).toMatchObject({ kind: 'discharge', first: 0, last: 1, start_s: 0, end_s: 16 });
  expect(rest).toMatchObject({ kind: 'rest', first: 2, last: 3, start_s: 16, end_s: 30 });
  expect(integrateStep(measurement, pulse!).charge_mAh).toBeCloseTo(32 / 3.6, 9);
  expect(integrateStep(measurement, pulse!).energy_mWh).toBeCloseTo((32 * 3.6) / 3.6, 9);
});

test('a step time that runs on over the edge does not move it', () => {
  const measurement = measurementOf([
    [0, -2, 1, 0],
    [10, -2, 1, 10],
    [20, 0, 1, 20],
    [30, 0, 1, 30],
  ]);
  expect(findSteps(measurement).map(({ kind, end_s }) => [kind, end_s])).toEqual([
    ['charge', 10],
    ['rest', 30],
  ]);
});

test('opening and closing rows without current are no rests and lose no charge', () => {
  const measurement = measurementOf([
    [0, 0, 1, 0],
    [10, -1, 1, 10],
    [20, -1, 1, 20],
    [30, 0, 1, 30],
    [40, 0, 2, 10],
    [50, 0, 2, 20],
  ]);
  const steps = findSteps(measurement);
  expect(steps.map(({ kind }) => kind)).toEqual(['charge', 'rest']);
  expect(integrateStep(measurement, steps[0]!).charge_mAh).toBeCloseTo(30 / 3.6, 9);
});

test('leakage below a thousandth of the largest current is rest', () => {
  const measurement = measurementOf([
    [0, 5, 1, 0],
    [10, 5, 1, 10],
    [11, 0.004, 2, 1],
    [20, 0.004, 2, 10],
  ]);
  expect(findSteps(measurement).map(({ kind }) => kind)).toEqual(['discharge', 'rest']);
});

test('a counter that restarts is counted from zero again', () => {
  const measurement = measurementOf(
    [
      [0, 1, 1, 0],
      [10, 1, 1, 10],
      [11, -1, 2, 1],
      [20, -1, 2, 10],
    ],
    [0.5, 0.7, 0.1, 0.3],
  );
  const [discharge, charge] = findSteps(measurement);
  expect(countedCharge_mAh(measurement, discharge!)).toBeCloseTo(700, 9);
  expect(countedCharge_mAh(measurement, charge!)).toBeCloseTo(300, 9);
});
