/**
 * A drone pack on the bench: cells in series, the BQ76952 with its switches, the precharge resistor, and what hangs at the terminals (a
 * load with its capacitors, a charger), on a virtual clock. What it offers is wires; any firmware may hold their other end.
 *
 *   const bench = new PackBench(config.board, cells, seed);
 *   const bms = createPackBms(config, bench, openFrontEnd, 0);
 *   bench.load = (time_s, terminals_V) => current_A;      // at any time, as is `charger`
 *   every tick: bench.live(); bench.clock.at(bench.clock.now_ms + tickPack(bms, bench.clock.now_ms), ...)
 *
 * What can be broken: `defects` here; in the parts `afe.reset()`, `afe.switches.chargeStuck` and `dischargeStuck`,
 * `afe.measure.openWire`, `adcOffset_V` and `thermistor`, `afe.wire.corruptReads`, `precharge.stuck`, `bus.defects`, `bus.detach`. The truth
 * to judge by: `cells`, `cells_V`, `current_A`, `terminals_V`, `inrush_A`, `afe.chargeConducts`, `afe.dischargeConducts`,
 * `afe.balancing`.
 *
 * Current is held over a step; the load is asked at its begin. A cell is one plant, or a group in parallel taken as one. Left out: the
 * charge that fills the load's capacitors, some 1e-5 of the pack's, and the front end's answer to the microseconds of its inrush;
 * wires' inductance; what balancing drops over the resistors at the inputs.
 */
import type { DigitalIn } from '../../hal/bus';
import type { PackBoard, PackWires } from '../../hal/boards/drone';
import type { Plant } from '../cell/plant';
import { Bq76952Model } from '../chips/bq76952';
import { BQ76952_TYPICAL, type Bq76952Errors } from '../chips/bq76952Measure';
import { PinModel } from '../chips/pin';
import { InputError } from '../errors';
import { Random } from '../random';
import type { HeatBalance } from '../thermal/heatBalance';
import { warm } from '../thermal/selfHeat';
import { Bench } from './bench';
import { seen, type SensorDefect } from './faults';

/** A supply of constant current up to its voltage. */
export interface Charger {
  current_A: number;
  voltage_V: number;
}

/** What can be broken on a pack, as plain data. Any field may be set and taken back at any time; what is undefined is whole. */
export interface PackDefects {
  /** By cell, lowest first. */
  cells?: (CellDefect | undefined)[];
  /** Current of a short at the terminals [A]: flows while the discharge path conducts. */
  short_A?: number;
  /** What the front end sees of the current [A]. */
  current?: SensorDefect;
  /** By pin TS1 to TS3: what the thermistor sees of its cell's temperature [degC]. */
  thermistors?: (SensorDefect | undefined)[];
  /** The ALERT line: broken between the part and the controller, which sees it high, or shorted to ground. */
  alertWire?: 'open' | 'low';
  /** The precharge resistor is broken. */
  prechargeOpen?: boolean;
}

interface CellDefect {
  /** Current through a soft short or a leak inside the cell [A]. */
  leak_A?: number;
  /** Of a bad weld or tab [ohm]. */
  series_ohm?: number;
  /** Makes the cell's voltage another one [V]. */
  offset_V?: number;
}

/** The cells are carried forward in steps of at most this. */
const LONGEST_STEP_MS = 100;
/** After a change of the current the cells' voltages follow within this, before the front end looks again. */
const CHANGE_STEP_MS = 1;
/** Of the current of 1C: less is no change. */
const CHANGE_C = 0.02;
/** What is left of a step by rounding. */
const NO_TIME_MS = 1e-9;
/** Both switches, the shunt apart; what the cells and leads add for microseconds; drop over a body diode. Assumed. */
const SWITCHES_OHM = 0.01;
const INRUSH_OHM = 0.1;
const DIODE_V = 0.7;
/** A charger settles its voltage in steps by this resistance of a cell of 1 Ah [ohm], more than it has. */
const CHARGER_OHM_AH = 0.1;

export class PackBench extends Bench implements PackWires {
  readonly afe: Bq76952Model;
  readonly precharge = new PinModel();
  readonly alert: DigitalIn;
  /** Current that is drawn at the terminals [A], 0 or more, at this time and terminal voltage. */
  load: (time_s: number, terminals_V: number) => number = () => 0;
  /** What charges the pack at this time; undefined: nothing. */
  charger: ((time_s: number) => Charger | undefined) | undefined;
  /** Capacitors of the load, and the resistor they are filled through. */
  load_F = 2e-3;
  precharge_ohm = 47;
  defects: PackDefects | undefined;
  /** Told of each step, with the current through the cells in it. */
  onStep: ((dt_s: number, current_A: number) => void) | undefined;
  /** By cell: warmed by its own heat; undefined: temperatures are held. */
  balances: readonly HeatBalance[] | undefined;
  /** Through the shunt, discharge positive; of the terminals; of each cell, lowest first. */
  current_A = 0;
  terminals_V = 0;
  readonly cells_V: Float64Array;
  stack_V = 0;
  /** Largest current into the load's capacitors when a switch closed on them [A]. */
  inrush_A = 0;

  private readonly temperatures_C = new Float64Array(3);
  private readonly random: Random;
  private readonly nominal_A: number;
  private lived_ms = 0;
  private charging_A = 0;

  /** @param cells one for each input of the board's front end that holds one, lowest first */
  constructor(
    override readonly board: PackBoard,
    readonly cells: readonly Plant[],
    seed: number,
    /** What this specimen of the front end has other than a typical one. */
    errors: Partial<Bq76952Errors> = {},
  ) {
    super(board);
    const inputs = Array.from({ length: 16 }, (_, input) => input).filter((input) => (board.afe.cells >> input) & 1);
    if (inputs.length !== cells.length)
      throw new InputError(`cells of the bench is ${cells.length} (count); allowed: ${inputs.length}, as on the board`);
    this.afe = new Bq76952Model(
      inputs,
      new Random(seed, 'bq76952'),
      { ...BQ76952_TYPICAL, shunt_ohm: board.afe.shunt_uOhm * 1e-6, ...errors },
      board.afe.address,
    );
    this.bus.attach(board.afe.address, this.afe.wire);
    this.random = new Random(seed, 'defects');
    this.cells_V = new Float64Array(cells.length);
    this.nominal_A = Math.min(...cells.map((cell) => (cell.nominal_mAh_cm2 * cell.area_cm2) / 1000));
    this.alert = { read: () => (this.defects?.alertWire ? this.defects.alertWire === 'open' : this.afe.alertPin) };
    this.afe.measure.ambient_C = cells[0]!.temperature_C;
    this.look();
  }

  /** Surroundings of the board [degC]. */
  get ambient_C(): number {
    return this.afe.measure.ambient_C;
  }
  set ambient_C(temperature_C: number) {
    this.afe.measure.ambient_C = temperature_C;
    for (const balance of this.balances ?? []) balance.ambient_C = temperature_C;
  }

  /**
   * Carries everything forward to the clock's time; a switch that opens or closes does so in its own instant. To be called before the
   * firmware looks at or touches anything.
   */
  live(): void {
    let left_ms = this.clock.now_ms - this.lived_ms;
    const { afe } = this;
    if (left_ms > 0) this.look();
    while (left_ms > NO_TIME_MS) {
      const time_s = (this.clock.now_ms - left_ms) / 1000;
      const before_A = this.current_A;
      const current_A = this.flow(time_s);
      const changes = Math.abs(current_A - before_A) > CHANGE_C * this.nominal_A;
      const step_s = Math.min(left_ms, changes ? CHANGE_STEP_MS : LONGEST_STEP_MS) / 1000;
      const sensed_A = this.defects?.current ? seen(this.defects.current, current_A, this.random) : current_A;
      const lived_s = afe.run(step_s, this.cells_V, sensed_A, this.temperatures_C);
      this.current_A = current_A;
      this.advance(current_A, lived_s);
      this.look();
      this.fill(time_s, lived_s);
      left_ms -= lived_s * 1000;
      this.onStep?.(lived_s, current_A);
    }
    this.lived_ms = this.clock.now_ms;
  }

  /** What flows at this moment [A]: where load, charger and short want it to and a switch lets it. */
  private flow(time_s: number): number {
    const { afe, defects } = this;
    const charger = this.charger?.(time_s);
    const load_A = this.load(time_s, this.terminals_V);
    if (charger) {
      const step_ohm = (this.cells.length * CHARGER_OHM_AH) / this.nominal_A;
      const wanted_A = this.charging_A + (charger.voltage_V - this.terminals_V) / step_ohm;
      this.charging_A = Math.max(0, Math.min(charger.current_A, wanted_A));
    } else this.charging_A = 0;
    const short_A = (defects?.short_A ?? 0) * Math.max(0, Math.min(1, this.stack_V / this.cells.length));
    const wanted_A = load_A + short_A - this.charging_A;
    if (wanted_A > 0 ? afe.dischargeConducts : afe.chargeConducts) return wanted_A;
    return this.prechargeFlows ? Math.max(0, (this.stack_V - this.terminals_V) / this.precharge_ohm) : 0;
  }

  private get prechargeFlows(): boolean {
    return this.precharge.level && !this.defects?.prechargeOpen;
  }

  private advance(current_A: number, dt_s: number): void {
    const { cells, afe, defects, balances } = this;
    for (let k = 0; k < cells.length; k++) {
      const cell = cells[k]!;
      const leak_A = (defects?.cells?.[k]?.leak_A ?? 0) * Math.max(0, Math.min(1, cell.voltage_V));
      const density_mA_cm2 = ((current_A + leak_A + afe.balancing.mean_A[k]!) * 1000) / cell.area_cm2;
      cell.advance(density_mA_cm2, dt_s);
      if (balances) warm(cell, balances[k]!, density_mA_cm2, dt_s);
    }
  }

  /** Voltages and temperatures as they are now. */
  private look(): void {
    const { cells, cells_V, defects } = this;
    let stack_V = 0;
    for (let k = 0; k < cells.length; k++) {
      const defect = defects?.cells?.[k];
      let cell_V = cells[k]!.voltage_V;
      if (defect) cell_V += (defect.offset_V ?? 0) - (defect.series_ohm ?? 0) * this.current_A;
      cells_V[k] = cell_V;
      stack_V += cell_V;
    }
    this.stack_V = stack_V;
    for (let pin = 0; pin < 3; pin++) {
      const temperature_C = cells[Math.round(((cells.length - 1) * pin) / 2)]!.temperature_C;
      const defect = defects?.thermistors?.[pin];
      this.temperatures_C[pin] = defect ? seen(defect, temperature_C, this.random) : temperature_C;
    }
  }

  /** The voltage of the terminals, and of the load's capacitors at them. */
  private fill(time_s: number, dt_s: number): void {
    const { afe, current_A } = this;
    const out = afe.dischargeConducts;
    const into = afe.chargeConducts;
    const inside_V = this.stack_V - current_A * SWITCHES_OHM;
    const before_V = this.terminals_V;
    if (out && (current_A >= 0 || into)) {
      this.terminals_V = inside_V - (into ? 0 : current_A > 0 ? DIODE_V : 0);
      if (this.terminals_V > before_V)
        this.inrush_A = Math.max(this.inrush_A, (this.terminals_V - before_V) / INRUSH_OHM);
    } else if (into && current_A < 0) this.terminals_V = inside_V + DIODE_V;
    else {
      const charger = this.charger?.(time_s);
      const load_A = this.load(time_s, before_V) + (this.defects?.short_A ?? 0);
      let after_V = before_V;
      if (this.prechargeFlows) {
        const end_V = this.stack_V - load_A * this.precharge_ohm;
        after_V = end_V + (before_V - end_V) * Math.exp(-dt_s / (this.precharge_ohm * this.load_F));
      } else after_V -= (load_A * dt_s) / this.load_F;
      this.terminals_V = Math.max(0, charger ? charger.voltage_V : after_V);
    }
    afe.measure.pack_V = this.terminals_V;
  }

  recoverBus(): boolean {
    const { bus } = this;
    bus.recover();
    return bus.scl && bus.sda;
  }

  override digitalWrite(pin: string, level: boolean): void {
    if (pin === this.board.pins.precharge) this.precharge.write(level);
    else super.digitalWrite(pin, level);
  }

  override digitalRead(pin: string): boolean {
    const { pins } = this.board;
    if (pin === pins.precharge) return this.precharge.read();
    if (pin === pins.alert) return this.alert.read();
    return super.digitalRead(pin);
  }
}
