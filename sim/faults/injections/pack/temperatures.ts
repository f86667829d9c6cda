/** Temperatures of a pack's cells and board, and its thermistors. */
import { Fault } from '../../../../firmware/protect/faults';
import type { PackConfig } from '../../../../firmware/config/packDefaults';
import type { PackBench, PackDefects } from '../../../bench/pack';
import { between, signed, type PackInjection } from '../injection';
import { always, defects, endRamp, mend, ramp, RAMP_MS, SENSOR_K, some } from './bench';

const temperatures = new WeakMap<PackBench, number>();
/** All cells at once, as surroundings do. */
const warmTo = (to_C: (config: PackConfig, size: number) => number) => ({
  start(bench: PackBench, config: PackConfig, size: number): void {
    temperatures.set(bench, bench.cells[0]!.temperature_C);
    for (const cell of bench.cells) cell.temperature_C = to_C(config, size);
  },
  stop(bench: PackBench): void {
    // No faster than a healthy pack may warm.
    const end_C = temperatures.get(bench)!;
    const step = (): void => {
      bench.live();
      const left_K = end_C - bench.cells[0]!.temperature_C;
      const by_K = (left_K < 0 ? 5 : 0.4) * (RAMP_MS / 1000);
      const next_C = Math.abs(left_K) < by_K ? end_C : bench.cells[0]!.temperature_C + Math.sign(left_K) * by_K;
      for (const cell of bench.cells) cell.temperature_C = next_C;
      if (next_C !== end_C) bench.clock.at(bench.clock.now_ms + RAMP_MS, step);
    };
    step();
  },
  tolerance: { temperature_K: 4 },
});

export const TEMPERATURES: readonly PackInjection[] = [
  {
    name: 'pack: too hot',
    group: 'cell',
    row: Fault.OverTemperature,
    unit: 'K above the level',
    states: ['rest', 'charge', 'discharge', 'mission'],
    beyond: (random) => between(random, SENSOR_K, 30),
    ...warmTo(({ limits }, size) => limits.overTemperature_C + size),
  },
  {
    name: 'pack: too cold',
    group: 'cell',
    row: Fault.UnderTemperature,
    unit: 'K below the level',
    states: ['rest', 'charge', 'discharge'],
    beyond: (random) => between(random, SENSOR_K, 12),
    ...warmTo(({ limits }, size) => limits.underTemperature_C - size),
  },
  {
    name: 'pack: too hot to charge',
    group: 'cell',
    row: Fault.ChargeOverTemperature,
    unit: 'K above the level',
    states: ['charge'],
    beyond: (random) => between(random, SENSOR_K, 7),
    ...warmTo(({ limits }, size) => limits.chargeOverTemperature_C + size),
  },
  {
    name: 'pack: too cold to charge',
    group: 'cell',
    row: Fault.ChargeUnderTemperature,
    unit: 'K below the level',
    states: ['charge'],
    beyond: (random) => between(random, SENSOR_K, 4),
    ...warmTo(({ limits }, size) => limits.chargeUnderTemperature_C - size),
  },
  {
    name: 'pack: a thermistor reads with an offset',
    group: 'sensor',
    row: Fault.TemperaturesDisagree,
    unit: 'K',
    states: ['rest', 'charge', 'discharge'],
    beyond: (random, { limits }) => signed(random, limits.temperatureDisagreement_C + SENSOR_K, 30),
    // Nor out of what a cell may be charged at.
    inside: (random, { limits }, { temperature_C }) => {
      const most_K = limits.temperatureDisagreement_C - 2 * SENSOR_K;
      const up_K = Math.min(most_K, limits.chargeOverTemperature_C - 2 * SENSOR_K - temperature_C);
      return between(random, -most_K, up_K);
    },
    start(bench, _config, size, random) {
      const thermistors: PackDefects['thermistors'] = [];
      thermistors[some(3, random)] = { offset: size };
      defects(bench).thermistors = thermistors;
    },
    stop: mend,
    tolerance: { temperature_K: 35 },
  },
  {
    name: 'pack: thermistor wire open',
    group: 'sensor',
    row: Fault.ThermistorOpen,
    unit: '',
    states: ['rest', 'charge', 'discharge'],
    beyond: always,
    start: (bench, _config, _size, random) => void (bench.afe.measure.thermistor[some(3, random)] = 'open'),
    stop: (bench) => void bench.afe.measure.thermistor.fill(undefined),
  },
  {
    name: 'pack: thermistor shorted',
    group: 'sensor',
    row: Fault.ThermistorShort,
    unit: '',
    states: ['rest', 'charge', 'discharge'],
    beyond: always,
    start: (bench, _config, _size, random) => void (bench.afe.measure.thermistor[some(3, random)] = 'short'),
    stop: (bench) => void bench.afe.measure.thermistor.fill(undefined),
  },
  {
    name: 'pack: warms too fast',
    group: 'cell',
    row: Fault.TemperatureSlope,
    unit: 'K/s',
    states: ['rest', 'charge', 'discharge'],
    beyond: (random) => between(random, 1.5, 6),
    start: (bench, _config, size) =>
      ramp(bench, (time_s) => void (defects(bench).thermistors = [undefined, { offset: size * time_s }])),
    stop(bench) {
      endRamp(bench);
      mend(bench);
    },
    tolerance: { temperature_K: 100 },
  },
];

export const BOARD_TEMPERATURE: readonly PackInjection[] = [
  {
    name: 'pack: board too hot',
    group: 'cell',
    row: Fault.BoardTemperature,
    unit: 'K above the level',
    states: ['rest', 'discharge', 'charge'],
    beyond: (random) => between(random, SENSOR_K, 6),
    start(bench, { limits }, size) {
      temperatures.set(bench, bench.ambient_C);
      bench.ambient_C = limits.boardTemperature_C + size - 3;
    },
    stop: (bench) => void (bench.ambient_C = temperatures.get(bench)!),
  },
];
