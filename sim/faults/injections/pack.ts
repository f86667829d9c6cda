/** A drone pack: its cells, thermistors, front end, bus, load and charger. */
import { Fault } from '../../../firmware/protect/faults';
import type { PackConfig } from '../../../firmware/config/packDefaults';
import type { PackBench, PackDefects } from '../../bench/pack';
import type { CellProfile } from '../../profiles/profile';
import { BusFault } from '../../chips/bus';
import type { Random } from '../../random';
import { between, signed, type PackInjection } from './injection';

const SENSOR_MV = 20;
const SENSOR_K = 2;
/** Of a current: shunt, front end. */
const SENSOR_SHARE = 0.02;
const RAMP_MS = 10;
/** Down, and back at once. */
const SHAKE_S = 0.25;
/** Without a bus the switches are the front end's: it opens them when it has heard of nobody for three seconds. */
const SILENT_MS = 3600;
/** Alarm Enable and FET Status, which is read with the slow readings. */
const FET_STATUS = 0x7f;

/** Cells are compared above 3.5 V, where LFP is only at the end of a charge. */
const showsCharge = ({ cathode }: CellProfile): boolean => cathode !== 'lfp';
const always = (): number => 1;
const someCell = ({ cells }: PackBench, random: Random): number => Math.floor(random.uniform() * cells.length);
const some = (count: number, random: Random): number => Math.floor(random.uniform() * count);

function defects(bench: PackBench): PackDefects {
  bench.defects ??= {};
  return bench.defects;
}
const mend = (bench: PackBench): void => void (bench.defects = undefined);

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

const bus = (what: (size: number, random: Random) => PackBench['bus']['defects']) => ({
  start: (bench: PackBench, _config: PackConfig, size: number, random: Random): void =>
    void (bench.bus.defects = what(size, random)),
  stop: (bench: PackBench): void => void (bench.bus.defects = undefined),
});

const ramps = new WeakSet<PackBench>();
/** Something that goes on rising, told every so often of the seconds since its begin. */
function ramp(bench: PackBench, set: (time_s: number) => void): void {
  const { clock } = bench;
  const began_ms = clock.now_ms;
  ramps.add(bench);
  const step = (): void => {
    if (!ramps.has(bench)) return;
    bench.live();
    set((clock.now_ms - began_ms) / 1000);
    clock.at(clock.now_ms + RAMP_MS, step);
  };
  step();
}

const loads = new WeakMap<PackBench, PackBench['load']>();
function setLoad(bench: PackBench, current_A: number): void {
  if (!loads.has(bench)) loads.set(bench, bench.load);
  bench.load = () => current_A;
}
const loadBack = (bench: PackBench): void => void (bench.load = loads.get(bench) ?? bench.load);
const chargers = new WeakMap<PackBench, PackBench['charger']>();
function setCharger(bench: PackBench, current_A: number): void {
  if (!chargers.has(bench)) chargers.set(bench, bench.charger);
  const voltage_V = bench.stack_V + 2;
  bench.charger = () => ({ current_A, voltage_V });
}
const chargerBack = (bench: PackBench): void => void (bench.charger = chargers.get(bench));

/** Takes a replaced method off a part again. */
function restore(part: object, method: string): void {
  delete (part as Record<string, unknown>)[method];
}

const heats = new WeakMap<PackBench, { share: number; at_ms: number }>();
const HEAT_S = 50 * 0.21;
/** More than twice of all that is allowed above the lasting limit: near it, a per cent of the current is a third of its excess. */
function isHot(bench: PackBench, current_mA: number, lasting_mA: number): boolean {
  const heat = heats.get(bench) ?? { share: 0, at_ms: bench.clock.now_ms };
  heats.set(bench, heat);
  const square = Math.max(0, current_mA / lasting_mA) ** 2;
  heat.share = Math.max(0, heat.share + ((square - 1) * (bench.clock.now_ms - heat.at_ms)) / (1000 * HEAT_S));
  heat.at_ms = bench.clock.now_ms;
  return heat.share > 2.2;
}

export const PACK_INJECTIONS: readonly PackInjection[] = [
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
      ramps.delete(bench);
      mend(bench);
    },
    tolerance: { temperature_K: 100 },
  },
  {
    name: 'pack: charger gives too much current',
    group: 'operator',
    row: Fault.OverChargeCurrent,
    unit: 'of the level',
    states: ['charge'],
    // More, and the front end is first: its levels are in steps.
    beyond: (random) => between(random, 1 + SENSOR_SHARE, 1.07),
    start: (bench, { limits }, size) => setCharger(bench, (size * limits.overCharge_mA) / 1000),
    stop: chargerBack,
  },
  {
    name: 'pack: charger gives far too much current',
    group: 'operator',
    row: Fault.OverChargeCurrent,
    or: [Fault.FrontEnd],
    unit: 'of the level',
    states: ['charge'],
    beyond: (random) => between(random, 1.3, 3),
    start: (bench, { limits }, size) => setCharger(bench, (size * limits.overCharge_mA) / 1000),
    stop: chargerBack,
  },
  {
    name: 'pack: load draws too much current',
    group: 'operator',
    row: Fault.OverDischargeCurrent,
    unit: 'of the level',
    states: ['discharge'],
    beyond: (random) => between(random, 1 + SENSOR_SHARE, 1.15),
    start: (bench, { limits }, size) => setLoad(bench, (size * limits.overDischarge_mA) / 1000),
    stop: loadBack,
  },
  {
    name: 'pack: load draws more than may last',
    group: 'operator',
    row: Fault.LastingDischargeCurrent,
    or: [Fault.OverDischargeCurrent],
    unit: 'of what may last',
    states: ['discharge'],
    beyond: (random) => between(random, 1.035, 1.045),
    start: (bench, { limits }, size) => setLoad(bench, (size * limits.lastingDischarge_mA) / 1000),
    stop: loadBack,
    isBeyond: (bench, { limits }) => isHot(bench, 1000 * bench.current_A, limits.lastingDischarge_mA),
    patience_ms: 4e5,
  },
  {
    name: 'pack: charger gives more than may last',
    group: 'operator',
    row: Fault.LastingChargeCurrent,
    or: [Fault.OverChargeCurrent],
    unit: 'of what may last',
    states: ['charge'],
    beyond: (random) => between(random, 1.035, 1.045),
    start: (bench, { limits }, size) => setCharger(bench, (size * limits.lastingCharge_mA) / 1000),
    stop: chargerBack,
    isBeyond: (bench, { limits }) => isHot(bench, -1000 * bench.current_A, limits.lastingCharge_mA),
    patience_ms: 4e5,
  },
  {
    name: 'pack: short circuit at the terminals',
    group: 'actuator',
    row: Fault.FrontEnd,
    unit: 'of the largest current',
    states: ['discharge', 'mission'],
    beyond: (random) => between(random, 6, 40),
    start: (bench, { limits }, size) => void (defects(bench).short_A = (size * limits.overDischarge_mA) / 1000),
    stop: mend,
  },
  {
    name: 'pack: discharge switch welded',
    group: 'actuator',
    row: Fault.CurrentWhenOpen,
    unit: 'A',
    states: ['rest'],
    beyond: (random) => between(random, 0.3, 2),
    start(bench, _config, size) {
      bench.afe.switches.dischargeStuck = true;
      setLoad(bench, size);
    },
    stop(bench) {
      bench.afe.switches.dischargeStuck = undefined;
      loadBack(bench);
    },
    unstoppable: true,
  },
  {
    name: 'pack: current reads beyond the range',
    group: 'sensor',
    row: Fault.InvalidData,
    or: [Fault.FrontEnd],
    unit: 'A',
    states: ['rest', 'discharge', 'charge'],
    beyond: (random) => signed(random, 45, 100),
    start: (bench, _config, size) => void (defects(bench).current = { offset: size }),
    stop: mend,
  },
  {
    name: 'pack: an input is loose',
    group: 'sensor',
    row: Fault.ImpossibleSlope,
    unit: 'mV/s down, and back at once',
    states: ['rest', 'discharge'],
    beyond: (random) => between(random, 13000, 16000),
    start(bench, _config, size, random) {
      const cell = someCell(bench, random);
      ramp(bench, (time_s) => {
        bench.afe.measure.adcOffset_V[cell] = (-(time_s % SHAKE_S) * size) / 1000;
      });
    },
    stop(bench) {
      ramps.delete(bench);
      bench.afe.measure.adcOffset_V.fill(0);
    },
  },
  {
    name: 'pack: front end stops converting',
    group: 'sensor',
    row: Fault.StuckData,
    unit: '',
    states: ['discharge', 'charge'],
    beyond: always,
    start(bench) {
      bench.afe.measure.advance = () => undefined;
      bench.afe.measure.counted_mAs = () => 0;
    },
    stop(bench) {
      restore(bench.afe.measure, 'advance');
      restore(bench.afe.measure, 'counted_mAs');
    },
    tolerance: { voltage_mV: 400 },
  },
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
    stop: (bench) => bench.bus.attach(bench.board.afe.address, bench.afe),
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
      const readReg = bench.afe.readReg.bind(bench.afe);
      bench.afe.readReg = (register, out, time_ms) => {
        if (register === FET_STATUS) throw new BusFault('no acknowledge');
        readReg(register, out, time_ms);
      };
    },
    stop: (bench) => restore(bench.afe, 'readReg'),
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
    group: 'bus',
    row: Fault.BusStuck,
    stops_ms: SILENT_MS,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    ...bus(() => ({ sdaHeld_clocks: Infinity })),
  },
  {
    name: 'pack: clock line held',
    group: 'bus',
    row: Fault.BusStuck,
    stops_ms: SILENT_MS,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    ...bus(() => ({ sclHeld: true })),
  },
  {
    name: 'pack: precharge pin held high',
    group: 'actuator',
    row: Fault.ActuatorMismatch,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    start: ({ precharge }) => void (precharge.level = precharge.stuck = true),
    stop: ({ precharge }) => void (precharge.level = precharge.stuck = false),
    unstoppable: true,
  },
  {
    name: 'pack: discharge switch opens by itself',
    group: 'actuator',
    row: Fault.SwitchNotClosing,
    unit: '',
    states: ['discharge'],
    beyond: always,
    start: ({ afe }) => void (afe.switches.dischargeStuck = false),
    stop: ({ afe }) => void (afe.switches.dischargeStuck = undefined),
  },
  {
    name: 'pack: charge counted wrongly',
    group: 'sensor',
    row: Fault.ChargeCountDisagrees,
    unit: '',
    states: ['discharge'],
    beyond: (random) => 1 + between(random, 0.4, 0.8),
    start({ afe }, _config, size) {
      const counted_mAs = afe.measure.counted_mAs.bind(afe.measure);
      afe.measure.counted_mAs = (dt_s) => size * counted_mAs(dt_s);
    },
    stop: ({ afe }) => restore(afe.measure, 'counted_mAs'),
  },
  {
    name: 'pack: front end resets itself',
    group: 'bus',
    row: Fault.PartReset,
    unit: '',
    states: ['rest', 'discharge', 'charge'],
    beyond: always,
    start: ({ afe }) => afe.reset(),
  },
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
