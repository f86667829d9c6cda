/** A drone pack on the bench with the firmware in front of it, driven tick by tick. */
import { packConfig, type PackConfig } from '../../firmware/config/packDefaults';
import { createPackBms, tickPack, Wish, type PackBms } from '../../firmware/pack';
import { Fault, Policy } from '../../firmware/protect/faults';
import { openFrontEnd } from '../../firmware/protect/frontEnd';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import { PackBench, type Charger } from '../../sim/bench/pack';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import type { Bq76952Errors } from '../../sim/chips/bq76952Measure';
import type { I2cPart } from '../../sim/chips/bus';
import { withResistance } from '../../sim/pack/build';
import { loadProfile } from '../../sim/profiles/profile';

export const PROFILE = loadProfile('afl-l1');
export const CAPACITY_MAH = 1000;
const CHARGE_TO_MV = 4300;
export const PACKED = { capacity_mAh: CAPACITY_MAH, chargeTo_mV: CHARGE_TO_MV, dischargeTo_mV: 3000 };
export const CHARGER: Charger = { current_A: 0.5, voltage_V: 6 * 4.3 };

/** How a cell differs from the nominal one. */
export interface Difference {
  area?: number;
  resistance?: number;
  /** Charge taken out after the charge [mAh]. */
  less_mAh?: number;
}

const charged = new Map<string, Cell>();

/** A formed cell that was charged at 0.2C to a voltage, and rested. */
export function cellAt({ area = 1, resistance = 1, less_mAh = 0 }: Difference, to_V: number): Cell {
  const key = [area, resistance, less_mAh, to_V].join();
  let cell = charged.get(key);
  if (cell === undefined) {
    const profile = withResistance({ ...PROFILE, area_cm2: PROFILE.area_cm2 * area }, resistance);
    cell = new Cell(profile);
    for (const until_V of [4.3, 3.0]) runStep(cell, until_V > 4 ? -0.3 : 0.3, { until_V, longest_s: 1e6 });
    runStep(cell, -0.6, { until_V: to_V, longest_s: 1e5 });
    if (less_mAh > 0) runStep(cell, 0.3, { capacity_mAh_cm2: less_mAh / cell.area_cm2, longest_s: 1e5 });
    runStep(cell, 0, { longest_s: 7200 });
    charged.set(key, cell);
  }
  return cell.clone();
}

export interface Setup {
  policy?: Policy;
  /** One for each cell; six nominal ones where it is not given. */
  differences?: Difference[];
  charged_V?: number;
  seed?: number;
  errors?: Partial<Bq76952Errors>;
  /** Stands at the front end's address from the start on. */
  part?: I2cPart;
  change?: (config: PackConfig) => void;
}

export interface PackHarness {
  bench: PackBench;
  bms: PackBms;
  config: PackConfig;
  /** Called after every tick. */
  onTick: (() => void) | undefined;
  /** Runs for this long, or until the condition holds. @returns virtual milliseconds that passed */
  run(time_ms: number, until?: () => boolean): number;
  /** The rows that are not `Ok`, and those that are tripped, by name. */
  busy(): string[];
  tripped(): string[];
  state(fault: Fault): Row;
}

const SIX: Difference[] = Array.from({ length: 6 }, () => ({}));

export function packHarness(setup: Setup = {}): PackHarness {
  const { policy = Policy.Flight, differences = SIX, charged_V = 4.3, seed = 1, errors = {} } = setup;
  const config = packConfig(PACKED, differences.length, 0.5, 5, policy);
  setup.change?.(config);
  const cells = differences.map((difference) => cellAt(difference, charged_V));
  const bench = new PackBench(config.board, cells, seed, errors);
  if (setup.part) bench.bus.attach(config.board.afe.address, setup.part);
  const bms = createPackBms(config, bench, openFrontEnd, 0);
  const { clock } = bench;
  const rows = (wanted: (state: Row) => boolean): string[] =>
    Array.from(bms.protection.state.keys())
      .filter((fault) => wanted(bms.protection.state[fault]!))
      .map(faultName);
  const harness: PackHarness = {
    bench,
    bms,
    config,
    onTick: undefined,
    run(time_ms, until) {
      const begin_ms = clock.now_ms;
      while (clock.now_ms < begin_ms + time_ms && !until?.()) {
        clock.next();
        if (bench.bus.misuse) throw bench.bus.misuse;
      }
      return clock.now_ms - begin_ms;
    },
    busy: () => rows((state) => state !== Row.Ok),
    tripped: () => rows((state) => state === Row.Tripped),
    state: (fault) => bms.protection.state[fault]!,
  };
  const onTick = (): void => {
    bench.live();
    clock.at(clock.now_ms + tickPack(bms, clock.now_ms), onTick);
    harness.onTick?.();
  };
  clock.at(config.period_ms, onTick);
  return harness;
}

/** In the air: the output on, some 1.5C drawn. */
export function flying(setup: Setup = {}): PackHarness {
  const harness = packHarness({ charged_V: 4.1, ...setup });
  harness.bms.wish = Wish.On;
  harness.run(5000);
  harness.bench.load = (_, terminals_V) => (terminals_V > 10 ? 1.5 : 0);
  harness.run(5000);
  return harness;
}

/** On a charger in the middle of a charge. */
export function charging(setup: Setup = {}): PackHarness {
  const harness = packHarness({ charged_V: 3.9, ...setup });
  harness.bench.charger = () => CHARGER;
  harness.bms.wish = Wish.Charge;
  harness.run(10000);
  return harness;
}

/** Output off. */
export function resting(setup: Setup = {}): PackHarness {
  const harness = packHarness({ charged_V: 4.1, ...setup });
  harness.run(10000);
  return harness;
}

/** As the switches are, not as the firmware believes. */
export function conducts({ bench }: PackHarness): string {
  const { chargeConducts, dischargeConducts } = bench.afe;
  return chargeConducts ? (dischargeConducts ? 'both' : 'charge') : dischargeConducts ? 'discharge' : 'none';
}

/** Six cells with a spread of capacity and resistance as matched packs have it. */
export const SPREAD: Difference[] = [
  { area: 1.01, resistance: 1 },
  { area: 1, resistance: 1.08 },
  { area: 0.99, resistance: 0.95 },
  { area: 1.005, resistance: 1.1 },
  { area: 0.995, resistance: 0.92 },
  { area: 1, resistance: 1.03 },
];
