/** Voltages of a pack's cells, and what their inputs make of them. */
import { Fault } from '../../../../firmware/protect/faults';
import type { PackConfig } from '../../../../firmware/config/packDefaults';
import type { PackBench } from '../../../bench/pack';
import type { CellProfile } from '../../../profiles/profile';
import type { Random } from '../../../random';
import { between, type PackInjection } from '../injection';
import { defects, mend, SENSOR_MV, some, someCell } from './bench';

/** Cells are compared above 3.5 V, where LFP is only at the end of a charge. */
const showsCharge = ({ cathode }: CellProfile): boolean => cathode !== 'lfp';

/** Brings a cell's voltage to this one [mV]. */
function setCell(bench: PackBench, cell: number, to_mV: number): void {
  const offsets = defects(bench);
  offsets.cells = [];
  offsets.cells[cell] = { offset_V: to_mV / 1000 - bench.cells_V[cell]! };
}

const cellTo = (to_mV: (config: PackConfig, size: number) => number) => ({
  start: (bench: PackBench, config: PackConfig, size: number, random: Random): void =>
    setCell(bench, someCell(bench, random), to_mV(config, size)),
  stop: mend,
});

export const VOLTAGES: readonly PackInjection[] = [
  {
    name: 'pack: a cell too high',
    group: 'cell',
    row: Fault.OverVoltage,
    unit: 'mV above the level',
    states: ['rest', 'charge', 'discharge'],
    beyond: (random) => between(random, SENSOR_MV, 250),
    ...cellTo(({ limits }, size) => limits.overVoltage_mV + size),
  },
  {
    name: 'pack: a cell too low',
    group: 'cell',
    row: Fault.UnderVoltage,
    unit: 'mV below the level',
    states: ['rest', 'discharge'],
    beyond: (random) => between(random, SENSOR_MV, 700),
    ...cellTo(({ limits }, size) => limits.underVoltage_mV - size),
  },
  {
    name: 'pack: a dead cell',
    group: 'cell',
    row: Fault.DeepDischarge,
    unit: 'mV below the level',
    // Without its current a loaded cell comes back above the level.
    states: ['rest', 'charge'],
    beyond: (random, { limits }) => between(random, SENSOR_MV, limits.deepDischarge_mV),
    ...cellTo(({ limits }, size) => limits.deepDischarge_mV - size),
    scrap: true,
  },
  {
    name: 'pack: an input reads beyond any cell',
    group: 'sensor',
    row: Fault.OutOfRange,
    unit: 'mV above 5250',
    states: ['rest', 'charge', 'discharge'],
    beyond: (random) => between(random, SENSOR_MV, 200),
    start(bench, _config, size, random) {
      const cell = someCell(bench, random);
      bench.afe.measure.adcOffset_V[cell] = (5250 + size) / 1000 - bench.cells_V[cell]!;
    },
    stop: (bench) => void bench.afe.measure.adcOffset_V.fill(0),
  },
];

/** Against the others. */
export const CELLS_APART: readonly PackInjection[] = [
  {
    name: 'pack: a cell apart from the others',
    group: 'cell',
    row: Fault.Imbalance,
    unit: 'mV',
    states: ['rest', 'charge'],
    suits: showsCharge,
    beyond: (random, { limits }) => -between(random, limits.imbalance_mV + 30, 200),
    inside: (random, { limits }) => -between(random, 0, limits.imbalance_mV - 40),
    start(bench, _config, size, random) {
      const cell = someCell(bench, random);
      setCell(bench, cell, Math.min(...bench.cells_V) * 1000 + size);
    },
    stop: mend,
  },
  {
    name: 'pack: sense wire open',
    group: 'sensor',
    row: Fault.OpenSenseWire,
    unit: 'wire',
    states: ['rest', 'discharge', 'charge'],
    suits: showsCharge,
    beyond: (random) => 1 + some(5, random),
    start: (bench, _config, size) => void (bench.afe.measure.openWire[size] = true),
    stop: (bench) => void bench.afe.measure.openWire.fill(false),
  },
];
