import { expect, test } from 'vitest';
import { type StepCharge, StepIntegral } from '../../sim/replay/integrate';
import { MeasurementAnalysis } from '../../sim/replay/measurementAnalysis';
import type { SampleBatch } from '../../sim/replay/samples';
import { type StepKind, StepSplitter } from '../../sim/replay/steps';
import { analysed, batchOf } from './batches';

type Row = [time_s: number, current_A: number, step: number, stepTime_s: number];

function measurementOf(rows: readonly Row[], counter_Ah?: readonly number[]): SampleBatch {
  const column = (k: number): number[] => rows.map((row) => row[k]!);
  return batchOf(rows.length, {
    time_s: column(0),
    current_A: column(1),
    step: column(2),
    stepTime_s: column(3),
    ...(counter_Ah && { charge_Ah: counter_Ah, discharge_Ah: counter_Ah }),
  });
}

interface Step extends StepCharge {
  kind: StepKind;
  start_s: number;
  end_s: number;
  samples: number;
}

function stepsOf(batch: SampleBatch): Step[] {
  const steps: Step[] = [];
  const integral = new StepIntegral();
  const splitter = new StepSplitter({
    begin(kind, _, start_s) {
      integral.begin(kind, start_s);
      steps.push({ kind, start_s, samples: 0 } as Step);
    },
    sample(sample, flowing_A) {
      integral.add(sample, flowing_A);
      steps.at(-1)!.samples++;
    },
    end: (end_s) => void Object.assign(steps.at(-1)!, { end_s, ...integral.end(end_s) }),
  });
  splitter.add(batch);
  splitter.finish();
  return steps;
}

test('current jumps at the edge: a gap across it belongs to the step in which it lies', () => {
  // 2 A from 0 to 16 s (last sample at 10 s), then rest; the rest's first sample at 20 s says 4 s since the edge.
  const measurement = measurementOf([
    [0, 2, 1, 0],
    [10, 2, 1, 10],
    [20, 0, 2, 4],
    [30, 0, 2, 14],
  ]);
  const [pulse, rest] = stepsOf(measurement);
  expect(pulse).toMatchObject({ kind: 'discharge', samples: 2, start_s: 0, end_s: 16 });
  expect(rest).toMatchObject({ kind: 'rest', samples: 2, start_s: 16, end_s: 30 });
  expect(pulse!.charge_mAh).toBeCloseTo(32 / 3.6, 9);
  expect(pulse!.energy_mWh).toBeCloseTo((32 * 3.6) / 3.6, 9);
});

test('a step time that runs on over the edge does not move it', () => {
  const measurement = measurementOf([
    [0, -2, 1, 0],
    [10, -2, 1, 10],
    [20, 0, 1, 20],
    [30, 0, 1, 30],
  ]);
  expect(stepsOf(measurement).map(({ kind, end_s }) => [kind, end_s])).toEqual([
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
  const steps = stepsOf(measurement);
  expect(steps.map(({ kind }) => kind)).toEqual(['charge', 'rest']);
  expect(steps[0]!.charge_mAh).toBeCloseTo(30 / 3.6, 9);
});

test('leakage below a thousandth of the largest current is rest', () => {
  const measurement = measurementOf([
    [0, 5, 1, 0],
    [10, 5, 1, 10],
    [11, 0.004, 2, 1],
    [20, 0.004, 2, 10],
  ]);
  expect(stepsOf(measurement).map(({ kind }) => kind)).toEqual(['discharge', 'rest']);
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
  const [discharge, charge] = stepsOf(measurement);
  expect(discharge!.counted_mAh).toBeCloseTo(700, 9);
  expect(charge!.counted_mAh).toBeCloseTo(300, 9);
});

test('a current that is small against one that comes much later is reported: it may be a rest', () => {
  const late = 70_000;
  const batch = batchOf(late + 10, {
    time_s: Array.from({ length: late + 10 }, (_, i) => i),
    current_A: Array.from({ length: late + 10 }, (_, i) => (i < 10 ? 0.001 : i < late ? 0 : 5)),
    step: Array.from({ length: late + 10 }, (_, i) => (i < 10 ? 1 : i < late ? 2 : 3)),
  });
  const warning =
    "a discharge of at most 1.00 mA may be a rest: the file's largest current comes late and is far larger";
  const inParts = new MeasurementAnalysis();
  for (let i = 0; i < batch.length; i += 10_000) {
    const part = (column: Float64Array): Float64Array => column.slice(i, i + 10_000);
    const { time_s, current_A, step } = batch;
    inParts.add(batchOf(part(time_s).length, { time_s: part(time_s), current_A: part(current_A), step: part(step) }));
  }
  expect(inParts.finish().cycles[0]!.warnings).toContain(warning);
  // Within the samples that are looked at before the first is judged, it is a rest.
  expect(analysed(batch).cycles[0]!.warnings).toEqual(["the file ends during this cycle's discharge"]);
});

test('a gap within a step is reported with the charge across it, irregular sampling is not', () => {
  const regular = Array.from({ length: 50 }, (_, i) => 10 * i);
  const withGap = [...regular, ...regular.map((t) => 4100 + t)];
  const discharge = (time_s: number[]) =>
    analysed(batchOf(time_s.length, { time_s, current_A: time_s.map(() => 1.8) }));
  expect(discharge(withGap).cycles[0]!.warnings[0]).toBe(
    'one gap in the discharge (3610 s from 490.0 s on): 1805 mAh across it uncertain',
  );
  const twoGaps = [...withGap, ...regular.map((t) => 6010 + t)];
  expect(discharge(twoGaps).cycles[0]!.warnings[0]).toBe(
    '2 gaps in the discharge (the longest 3610 s from 490.0 s on): 2515 mAh across them uncertain',
  );
  const growing = Array.from({ length: 60 }, (_, i) => 1.2 ** i);
  expect(discharge(growing).cycles[0]!.warnings).toEqual(["the file ends during this cycle's discharge"]);
});
