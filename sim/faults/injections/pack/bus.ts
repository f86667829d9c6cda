/** The bus between a pack's controller and its front end. */
import { Fault } from '../../../../firmware/protect/faults';
import type { PackConfig } from '../../../../firmware/config/packDefaults';
import type { PackBench } from '../../../bench/pack';
import { BusFault } from '../../../chips/bus';
import type { Random } from '../../../random';
import { between, type PackInjection } from '../injection';
import { always, restore } from './bench';

/** Without a bus the switches are the front end's: it opens them when it has heard of nobody for three seconds. */
const SILENT_MS = 3600;
/** Alarm Enable and FET Status, which is read with the slow readings. */
const FET_STATUS = 0x7f;

const bus = (what: (size: number, random: Random) => PackBench['bus']['defects']) => ({
  start: (bench: PackBench, _config: PackConfig, size: number, random: Random): void =>
    void (bench.bus.defects = what(size, random)),
  stop: (bench: PackBench): void => void (bench.bus.defects = undefined),
});

/** What a line that is held low has in common with the other. */
const HELD = {
  group: 'bus',
  row: Fault.BusStuck,
  stops_ms: SILENT_MS,
  unit: '',
  states: ['rest', 'discharge', 'charge'],
  beyond: always,
} as const;

export const BUS: readonly PackInjection[] = [
  {
    name: 'pack: front end gone from the bus',
    group: 'bus',
    row: Fault.StaleData,
    or: [Fault.NoAcknowledge],
    stops_ms: SILENT_MS,
    unit: '',
    states: ['rest', 'discharge', 'charge', 'mission'],
    beyond: always,
    start: (bench) => bench.bus.detach(bench.board.afe.address),
    stop: (bench) => bench.bus.attach(bench.board.afe.address, bench.afe.wire),
  },
  {
    name: 'pack: front end does not acknowledge',
    group: 'bus',
    row: Fault.NoAcknowledge,
    or: [Fault.StaleData],
    stops_ms: SILENT_MS,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    ...bus(() => ({ noAddress: true })),
  },
  {
    name: 'pack: state of the switches cannot be read',
    group: 'bus',
    row: Fault.StaleSlowData,
    or: [Fault.NoAcknowledge],
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    start(bench) {
      const { wire } = bench.afe;
      const readReg = wire.readReg.bind(wire);
      wire.readReg = (register, out, time_ms) => {
        if (register === FET_STATUS) throw new BusFault('no acknowledge');
        readReg(register, out, time_ms);
      };
    },
    stop: (bench) => restore(bench.afe.wire, 'readReg'),
  },
  {
    name: 'pack: checksums are wrong',
    group: 'bus',
    row: Fault.WrongChecksum,
    stops_ms: SILENT_MS,
    unit: 'chance of a bit',
    states: ['rest', 'discharge', 'charge', 'mission'],
    beyond: (random) => between(random, 0.03, 0.3),
    ...bus((size, random) => ({ bitErrors: { chance: size, random } })),
  },
  {
    name: 'pack: data line held',
    ...HELD,
    ...bus(() => ({ sdaHeld_clocks: Infinity })),
  },
  {
    name: 'pack: clock line held',
    ...HELD,
    ...bus(() => ({ sclHeld: true })),
  },
];
