/** A drone pack's firmware in front of its bench, tick by tick, in this process. */
import { packConfig, type PackConfig } from '../../firmware/config/packDefaults';
import { createPackBms, tickPack, Wish, type PackBms } from '../../firmware/pack';
import { releaseFault } from '../../firmware/protect/engine';
import { Fault, Policy } from '../../firmware/protect/faults';
import { openFrontEnd } from '../../firmware/protect/frontEnd';
import type { Protection } from '../../firmware/protect/protection';
import { Switch } from '../../firmware/protect/switches';
import { PackBench } from '../bench/pack';
import { Random } from '../random';
import { believedProfile, preparedCell } from './cells';
import type { PackInjection } from './injections/injection';
import { FLOWING, TOLERANCE, type Rig } from './rig';
import type { Scenario } from './scenario';
import { runTicks, startTicks, type Ticking } from './ticks';
import { Truth, wasBeyond } from './truth';

const CELLS = 6;
const CHARGE_C = 0.5;
/** Largest discharge that the pack is configured for. */
const BURST_C = 5;
const CRUISE_C = 1.5;
const BURST_S = 10;
const CRUISE_S = 15;
/** A load that is not armed draws nothing; it is armed when the output has been on for this long. */
const ARMED_MS = 1500;
/** Cells of a pack are matched: how full they are differs by this at most. */
const MATCHED = 0.004;
const UNPLUGGED_S = 15;
/** What flows through a whole pack, and its front end's errors. */
const PACK_TOLERANCE = { ...TOLERANCE, voltage_mV: 20, current_mA: 250 };

export class PackRig implements Rig, Ticking<PackBms> {
  readonly bench: PackBench;
  readonly config: PackConfig;
  readonly truth: Truth;
  readonly startFault = Fault.SelfTestFailed;
  bms: PackBms | undefined;
  error = '';
  crash: unknown;
  onTick: (() => void) | undefined;
  starts = 0;
  stopped = false;
  /** The cells' cut-off has been met: a load lands then, and does not come back by itself. */
  private isEmpty = false;
  private readonly wish: Wish;
  private readonly cutOff_V: number;

  constructor(
    private readonly scenario: Scenario,
    private readonly injection: PackInjection | undefined,
  ) {
    this.config = packConfigOf(scenario);
    this.bench = createBench(scenario, this.config);
    const { bench, config } = this;
    const { kind } = scenario.state;
    this.cutOff_V = believedProfile(scenario.cell).dischargeCutoff_V;
    this.wish = kind === 'rest' ? Wish.Off : kind === 'charge' ? Wish.Charge : Wish.On;
    this.truth = new Truth(config, config.period_ms, { ...PACK_TOLERANCE, ...injection?.tolerance }, () => ({
      highest_mV: 1000 * Math.max(...bench.cells_V),
      lowest_mV: 1000 * Math.min(...bench.cells_V),
      hottest_C: Math.max(...bench.cells.map(({ temperature_C }) => temperature_C)),
      coldest_C: Math.min(...bench.cells.map(({ temperature_C }) => temperature_C)),
    }));
    bench.onStep = (dt_s, current_A) => {
      this.truth.step(dt_s, current_A);
      if (current_A > 0 && bench.stack_V < CELLS * this.cutOff_V) this.isEmpty = true;
    };
    this.arm();
    this.restart();
  }

  get now_ms(): number {
    return this.bench.clock.now_ms;
  }
  get protection(): Protection | undefined {
    return this.bms?.protection;
  }

  run(until_ms: number, until?: () => boolean): void {
    runTicks(this, this.bench, until_ms, until);
  }

  begin(size: number, random: Random): void {
    this.bench.live();
    this.injection?.start(this.bench, this.config, size, random);
  }

  end(): void {
    this.injection?.stop?.(this.bench, this.config);
    this.arm();
  }

  isBeyond(): boolean {
    return this.injection?.isBeyond?.(this.bench, this.config) ?? true;
  }

  release(fault: Fault): string {
    if (this.bms === undefined) return 'the board does not start';
    releaseFault(this.bms.protection, fault);
    this.bms.wish = this.wish;
    return '';
  }

  restart(): void {
    const { bench, config } = this;
    const create = (now_ms: number): PackBms => {
      const bms = createPackBms(config, bench, openFrontEnd, now_ms);
      bms.wish = this.wish;
      return bms;
    };
    startTicks(this, bench, { create, tick: tickPack, first_ms: config.period_ms });
  }

  stop(): void {
    this.stopped = true;
  }

  inService(): boolean {
    const { bms, wish, truth } = this;
    if (bms === undefined || bms.protection.open) return false;
    if (wish === Wish.Off) return bms.switches === Switch.Idle;
    // A load or a charger that gave up asks again.
    if (bms.wish !== wish) bms.wish = wish;
    const asked_mA = 1000 * this.asked_A();
    const wanted = wish === Wish.Charge ? Switch.Charge : Switch.Discharge;
    return bms.switches === wanted && (this.hasEnded() || Math.abs(truth.current_mA) > FLOWING * asked_mA);
  }

  /** Full, or landed. */
  hasEnded(): boolean {
    return this.wish === Wish.Charge ? this.bms?.isFull === true : this.isEmpty;
  }

  isTrue(fault: Fault): boolean {
    return wasBeyond(this.truth, this.config.limits, fault, PACK_TOLERANCE.voltage_mV);
  }

  describe(): string {
    const { bench, bms } = this;
    const cells = [Math.min(...bench.cells_V), Math.max(...bench.cells_V)].map((cell_V) => (1000 * cell_V).toFixed(0));
    const conducts = `${bench.afe.chargeConducts ? 'C' : '-'}${bench.afe.dischargeConducts ? 'D' : '-'}`;
    const switches = bms === undefined ? `does not start: ${this.error}` : Switch[bms.switches]!;
    const mA = this.truth.current_mA.toFixed(0).padStart(6);
    return `${cells.join(' to ').padStart(12)} mV ${mA} mA  ${conducts} ${switches.padEnd(10)}`;
  }

  /** What load or charger ask for now [A]. */
  private asked_A(): number {
    const { scenario, config } = this;
    const capacity_A = config.limits.overDischarge_mA / 1000 / (1.2 * BURST_C + 0.1);
    if (this.wish === Wish.Charge) return CHARGE_C * capacity_A;
    if (scenario.state.kind !== 'mission') return scenario.state.rate_C * capacity_A;
    const bursts = (this.now_ms / 1000) % (BURST_S + CRUISE_S) < BURST_S;
    return (bursts ? BURST_C : CRUISE_C) * capacity_A;
  }

  /** Load and charger as they are meant to be. */
  private arm(): void {
    const { bench, wish } = this;
    let onSince_ms = -1;
    const end_s = this.now_ms / 1000;
    const used_s = this.starts === 0 ? ([0, 0] as const) : ([end_s + 5, end_s + 10] as const);
    this.isEmpty = false;
    bench.load = (time_s) => {
      // Used for a while between two charges: what has stopped the one waits for that.
      if (wish === Wish.Charge) return time_s > used_s[0] && time_s < used_s[1] ? this.asked_A() : 0;
      if (wish !== Wish.On || this.isEmpty) return 0;
      if (this.bms?.switches !== Switch.Discharge || this.bms.protection.open) onSince_ms = -1;
      else if (onSince_ms < 0) onSince_ms = 1000 * time_s;
      const armed = onSince_ms >= 0 && 1000 * time_s - onSince_ms > ARMED_MS;
      return armed ? this.asked_A() : 0;
    };
    if (wish === Wish.Charge) {
      const voltage_V = CELLS * (this.config.chargeTo_mV / 1000);
      const from_s = this.starts === 0 ? 0 : this.now_ms / 1000 + UNPLUGGED_S;
      bench.charger = (time_s) => (time_s < from_s ? undefined : { current_A: this.asked_A(), voltage_V });
    }
  }
}

export function packConfigOf({ board, cell }: Pick<Scenario, 'board' | 'cell'>): PackConfig {
  const profile = believedProfile(cell);
  const policy = board === 'flight' ? Policy.Flight : Policy.Cycler;
  const packed = {
    capacity_mAh: profile.parameters.Qn * profile.area_cm2,
    chargeTo_mV: 1000 * profile.chargeCutoff_V,
    dischargeTo_mV: 1000 * profile.dischargeCutoff_V,
  };
  return packConfig(packed, CELLS, CHARGE_C, BURST_C, policy);
}

function createBench({ cell, state, seed }: Scenario, config: PackConfig): PackBench {
  const random = new Random(seed, 'pack');
  const cells = Array.from({ length: CELLS }, () =>
    preparedCell(cell, { ...state, kind: 'rest', fill: Math.min(1, state.fill + MATCHED * (random.uniform() - 0.5)) }),
  );
  return new PackBench(config.board, cells, seed);
}
