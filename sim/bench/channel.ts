/**
 * A cycler channel on the bench: the cell, its power stage and every part of the `cycler` board, on a virtual clock. What it
 * offers is wires; any firmware, on Node, in an interpreter or on a board, may hold their other end.
 */
import type { AnalogIn, DigitalIn } from '../../hal/bus';
import type { CyclerBoard, CyclerWires } from '../../hal/boards/cycler';
import type { ThermistorConfig } from '../../hal/chips/thermistor';
import type { Plant } from '../cell/plant';
import { Ads1115Model } from '../chips/ads1115';
import { Esp32AdcModel } from '../chips/esp32Adc';
import { type Ina228Errors, Ina228Model, INA228_TEMPERATURE_LIMIT_C, INA228_TYPICAL } from '../chips/ina228';
import { Mcp4725Model } from '../chips/mcp4725';
import { PinModel } from '../chips/pin';
import { Random } from '../random';
import type { HeatBalance } from '../thermal/heatBalance';
import { warm } from '../thermal/selfHeat';
import { Bench } from './bench';
import { RelayContact } from './relay';
import { seen, shortCurrent_A, type ChannelDefects, type SensorDefect, type ThermistorDefect } from './faults';

/** The cell is carried forward in steps of at most this. */
const LONGEST_STEP_MS = 1000;
/** Offset of a trimmed analogue power stage, of its full scale. */
const STAGE_OFFSET = 0.2 / 5500;
/** The cell's voltage reaches the controller's ADC through a divider by two. */
const CELL_DIVIDER = 0.5;
/**
 * Near a limit of the comparators the cell is carried in steps so short that its voltage at the begin of one tells what they
 * need to know until its end. Assumed: no cell's voltage moves faster than this at constant current (ten times the knee at
 * the end of a 5C discharge), and the board's full scale drops it by no more than this at once.
 */
const FASTEST_V_PER_S = 0.2;
const FULL_SCALE_DROP_V = 1;
const FINEST_STEP_S = 1e-3;
/** What is left of a step by rounding. */
const NO_TIME_MS = 1e-9;

export class Channel extends Bench implements CyclerWires {
  readonly ina: Ina228Model;
  readonly dac = new Mcp4725Model();
  readonly ads: Ads1115Model;
  readonly chargeSwitch = new PinModel();
  readonly dischargeSwitch = new PinModel();
  /** ALERT of the current monitor: low holds both switches open, in hardware. */
  readonly alert: DigitalIn;
  readonly cellAdc: AnalogIn;
  readonly thermistorAdc: AnalogIn;
  /** Virtual time at which ALERT last fell; -1 before it ever did. */
  alertFell_ms = -1;
  /** Told of each step that cell and current monitor were carried forward, with the current through the cell in it. */
  onStep: ((dt_s: number, current_A: number) => void) | undefined;
  /** What is broken; undefined: nothing. */
  defects: ChannelDefects | undefined;
  /** Current through the cell [A], discharge positive. */
  current_A = 0;
  /** Lets a test make the thermistors read another temperature than the cell's; undefined: the cell's. */
  sensorTemperature_C: number | undefined;
  /** What the power stage makes of the set-point; 1 would be perfect, 0 is dead. */
  stageGain = 1.002;
  /** Warms the cell by its own heat; undefined: its temperature is held. */
  balance: HeatBalance | undefined;
  /** Surroundings of a cell without a heat balance. */
  private heldAmbient_C: number;
  private lived_ms = 0;
  /** Of charge and discharge, where the board has relays; undefined: MOSFETs, which follow at once. */
  private readonly contacts: readonly [RelayContact, RelayContact] | undefined;
  private readonly defectNoise: Random;
  private readonly drop_ohm: number;

  constructor(
    override readonly board: CyclerBoard,
    readonly cell: Plant,
    seed: number,
    /** What this specimen of the current monitor has other than a typical one. */
    ina228: Partial<Ina228Errors> = {},
  ) {
    super(board);
    this.heldAmbient_C = cell.temperature_C;
    const supply_V = board.ads1115.supply_mV / 1000;
    const thermistor_V = (defect: ThermistorDefect | undefined): number => supply_V * this.thermistor(defect);
    const { relay } = board;
    this.contacts = relay && [new RelayContact(relay.time_ms), new RelayContact(relay.time_ms)];
    this.defectNoise = new Random(seed, 'defects');
    this.drop_ohm = FULL_SCALE_DROP_V / (board.dac.fullScale_mA / 1000);
    this.ina = new Ina228Model(new Random(seed, 'ina228'), {
      ...INA228_TYPICAL,
      shunt_ohm: board.ina228.shunt_uOhm * 1e-6,
      temperatureOffset_C: INA228_TEMPERATURE_LIMIT_C * (2 * new Random(seed, 'ina228 temperature').uniform() - 1),
      ...ina228,
    });
    this.ads = new Ads1115Model(
      (input) => (input === board.ads1115.input ? thermistor_V(this.defects?.thermistor) : 0),
      new Random(seed, 'ads1115'),
    );
    this.alert = { read: () => this.alertLine };
    this.cellAdc = new Esp32AdcModel(
      () => CELL_DIVIDER * this.sensed(this.defects?.coarseVoltage, cell.voltage_V),
      new Random(seed, 'adc cell'),
    );
    this.thermistorAdc = new Esp32AdcModel(
      () => thermistor_V(this.defects?.coarseThermistor),
      new Random(seed, 'adc thermistor'),
    );
    this.bus.attach(board.ina228.address, this.ina);
    this.bus.attach(board.dac.address, this.dac);
    this.bus.attach(board.ads1115.address, this.ads);
  }

  /**
   * Temperature of the surroundings [degC], which cell and board share: the heat balance's, without one the cell's when the
   * channel was built. Setting it sets the balance's too.
   */
  get ambient_C(): number {
    return this.balance ? this.balance.ambient_C : this.heldAmbient_C;
  }
  set ambient_C(temperature_C: number) {
    this.heldAmbient_C = temperature_C;
    if (this.balance) this.balance.ambient_C = temperature_C;
  }

  /**
   * Carries cell and current monitor forward to the clock's time, at the current that the switches and the DAC have set, and at
   * none from the instant that ALERT falls. To be called before the firmware looks at or touches anything.
   */
  live(): void {
    const { cell, ina } = this;
    const now_ms = this.clock.now_ms;
    ina.ambient_C = this.ambient_C;
    while (now_ms - this.lived_ms > NO_TIME_MS) {
      const current_A = this.stage_A();
      const sensed_A = this.defects ? this.sensed(this.defects.current, current_A) : current_A;
      let step_s = Math.min(now_ms - this.lived_ms, LONGEST_STEP_MS) / 1000;
      if (this.contacts)
        for (const contact of this.contacts) step_s = Math.min(step_s, contact.left_ms(this.lived_ms) / 1000);
      const jump_V = Math.abs(current_A - this.current_A) * this.drop_ohm;
      if (!ina.isCalm(this.vbus_V, sensed_A, jump_V + step_s * FASTEST_V_PER_S))
        step_s = this.untilAlert_s(step_s, sensed_A, jump_V);
      const density_mA_cm2 = (current_A * 1000) / cell.area_cm2;
      cell.advance(density_mA_cm2, step_s);
      if (this.balance) warm(cell, this.balance, density_mA_cm2, step_s);
      ina.run(step_s, this.vbus_V, sensed_A);
      this.current_A = current_A;
      this.lived_ms += step_s * 1000;
      if (this.onStep !== undefined) this.onStep(step_s, current_A);
    }
    this.lived_ms = now_ms;
  }

  /**
   * The step where an alert may come in it: up to the instant that ALERT falls, and no longer than the cell's voltage is sure to stay
   * on this side of the limits after a jump of at most `jump_V`.
   */
  private untilAlert_s(step_s: number, sensed_A: number, jump_V: number): number {
    const { ina } = this;
    const bus_V = this.vbus_V;
    if (ina.alert) return ina.alertAfter_s(step_s, bus_V, sensed_A);
    const sure_s = (ina.voltageMargin_V(bus_V) - jump_V) / FASTEST_V_PER_S;
    const lived_s = ina.alertAfter_s(Math.min(step_s, Math.max(sure_s, FINEST_STEP_S)), bus_V, sensed_A);
    if (ina.alert) this.alertFell_ms = this.lived_ms + lived_s * 1000;
    return lived_s;
  }

  /** Voltage at the current monitor's VBUS pin. */
  private get vbus_V(): number {
    const voltage = this.defects?.voltage;
    return voltage?.open ? 0 : this.sensed(voltage, this.cell.voltage_V);
  }

  private sensed(defect: SensorDefect | undefined, truth: number): number {
    return defect ? seen(defect, truth, this.defectNoise) : truth;
  }

  /** Level of the ALERT line, as gate and controller see it. */
  private get alertLine(): boolean {
    const wire = this.defects?.alertWire;
    return wire === undefined ? this.ina.alertPin : wire === 'open';
  }

  /** Voltage over a thermistor as a fraction of the supply. */
  private thermistor(defect: ThermistorDefect | undefined): number {
    if (defect?.wire) return defect.wire === 'open' ? 1 : 0;
    const temperature_C = this.sensorTemperature_C ?? this.cell.temperature_C;
    return thermistorFraction(this.board.thermistor, defect?.stuck_C ?? temperature_C + (defect?.offset_K ?? 0));
  }

  /** Current through the cell [A] as it is now: what flows where the switches conduct. */
  private stage_A(): number {
    const { defects } = this;
    const gate = this.alertLine;
    let charging = gate && this.chargeSwitch.level;
    let discharging = gate && this.dischargeSwitch.level;
    if (this.contacts) {
      charging = this.contacts[0].follow(charging, this.lived_ms);
      discharging = this.contacts[1].follow(discharging, this.lived_ms);
    }
    if (defects) {
      charging = conducts(defects.chargeSwitch, charging);
      discharging = conducts(defects.dischargeSwitch, discharging);
    }
    const short_A = defects ? shortCurrent_A(defects, discharging, this.cell.voltage_V) : 0;
    if (charging === discharging) return short_A;
    const output = defects?.dacDead ? 0 : this.dac.output;
    const setPoint_A = (output * (4096 / 4095) * this.board.dac.fullScale_mA) / 1000;
    const stage_A = setPoint_A * this.stageGain + (STAGE_OFFSET * this.board.dac.fullScale_mA) / 1000;
    return (discharging ? stage_A : -stage_A) + short_A;
  }

  get busy_ms(): number {
    return this.bus.busy_ms;
  }

  override analogRead(pin: string): number {
    const { pins } = this.board;
    if (pin === pins.cellAdc) return this.cellAdc.read();
    if (pin === pins.thermistorAdc) return this.thermistorAdc.read();
    return super.analogRead(pin);
  }

  override digitalWrite(pin: string, level: boolean): void {
    const { pins, relay } = this.board;
    const closes = level !== (relay?.activeLow ?? false);
    if (pin === pins.charge) this.chargeSwitch.write(closes);
    else if (pin === pins.discharge) this.dischargeSwitch.write(closes);
    else super.digitalWrite(pin, level);
  }

  override digitalRead(pin: string): boolean {
    const { pins, relay } = this.board;
    const closedBy = !(relay?.activeLow ?? false);
    if (pin === pins.charge) return this.chargeSwitch.read() === closedBy;
    if (pin === pins.discharge) return this.dischargeSwitch.read() === closedBy;
    if (pin === pins.alert) return this.alert.read();
    return super.digitalRead(pin);
  }

  recoverBus(): void {
    this.bus.recover();
  }
}

function conducts(defect: 'welded' | 'open' | undefined, closed: boolean): boolean {
  return defect === undefined ? closed : defect === 'welded';
}

/** Voltage over an NTC at the lower end of its divider, as a fraction of the supply. */
function thermistorFraction(config: ThermistorConfig, temperature_C: number): number {
  const r = config.r25_ohm * Math.exp(config.beta_K * (1 / (temperature_C + 273.15) - 1 / 298.15));
  return r / (r + config.pullUp_ohm);
}
