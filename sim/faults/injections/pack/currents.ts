/** The currents of a pack: its charger, its load, and what flows although it should not. */
import { Fault } from '../../../../firmware/protect/faults';
import type { PackBench } from '../../../bench/pack';
import { between, signed, type PackInjection } from '../injection';
import { defects, mend } from './bench';

/** Of a current: shunt, front end. */
const SENSOR_SHARE = 0.02;

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

export const CURRENTS: readonly PackInjection[] = [
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
];
