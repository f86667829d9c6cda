/**
 * A cycler channel on the bench: the cell, its power stage and every part of the `cycler` board, on a virtual clock. What it
 * offers is wires; any firmware, on Node, in an interpreter or on a board, may hold their other end.
 */
import type { AnalogIn, DigitalOut } from '../../hal/bus';
import type { CyclerBoard, CyclerWires } from '../../hal/boards/cycler';
import type { ThermistorConfig } from '../../hal/chips/thermistor';
import type { Plant } from '../cell/plant';
import { Ads1115Model } from '../chips/ads1115';
import { BusFault, SimulatedBus } from '../chips/bus';
import { Esp32AdcModel } from '../chips/esp32Adc';
import { type Ina228Errors, Ina228Model, INA228_TEMPERATURE_LIMIT_C, INA228_TYPICAL } from '../chips/ina228';
import { Mcp4725Model } from '../chips/mcp4725';
import { PinModel } from '../chips/pin';
import { VirtualClock } from '../clock';
import { Random } from '../random';
import type { HeatBalance } from '../thermal/heatBalance';
import { warm } from '../thermal/selfHeat';

/** The cell is carried forward in steps of at most this. */
const LONGEST_STEP_MS = 1000;
/** Offset of a trimmed analogue power stage, of its full scale. */
const STAGE_OFFSET = 0.2 / 5500;
/** The cell's voltage reaches the controller's ADC through a divider by two. */
const CELL_DIVIDER = 0.5;

export class Channel implements CyclerWires {
  readonly clock = new VirtualClock();
  readonly bus: SimulatedBus;
  readonly ina: Ina228Model;
  readonly dac = new Mcp4725Model();
  readonly ads: Ads1115Model;
  readonly chargeSwitch = new PinModel();
  readonly dischargeSwitch = new PinModel();
  readonly cellAdc: AnalogIn;
  readonly thermistorAdc: AnalogIn;
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

  constructor(
    readonly board: CyclerBoard,
    readonly cell: Plant,
    seed: number,
    /** What this specimen of the current monitor has other than a typical one. */
    ina228: Partial<Ina228Errors> = {},
  ) {
    this.heldAmbient_C = cell.temperature_C;
    const supply_V = board.ads1115.supply_mV / 1000;
    const thermistor_V = (): number =>
      supply_V * thermistorFraction(board.thermistor, this.sensorTemperature_C ?? cell.temperature_C);
    this.bus = new SimulatedBus(this.clock, board.i2c.bitrate_Hz);
    this.ina = new Ina228Model(new Random(seed, 'ina228'), {
      ...INA228_TYPICAL,
      shunt_ohm: board.ina228.shunt_uOhm * 1e-6,
      temperatureOffset_C: INA228_TEMPERATURE_LIMIT_C * (2 * new Random(seed, 'ina228 temperature').uniform() - 1),
      ...ina228,
    });
    this.ads = new Ads1115Model(
      (input) => (input === board.ads1115.input ? thermistor_V() : 0),
      new Random(seed, 'ads1115'),
    );
    this.cellAdc = new Esp32AdcModel(() => cell.voltage_V * CELL_DIVIDER, new Random(seed, 'adc cell'));
    this.thermistorAdc = new Esp32AdcModel(thermistor_V, new Random(seed, 'adc thermistor'));
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
   * Carries cell and current monitor forward to the clock's time, at the current that the switches and the DAC have set. To be
   * called before the firmware looks at or touches anything.
   */
  live(): void {
    let left_ms = this.clock.now_ms - this.lived_ms;
    if (left_ms === 0) return;
    this.lived_ms = this.clock.now_ms;
    const current_A = this.stage_A();
    this.current_A = current_A;
    const density_mA_cm2 = (current_A * 1000) / this.cell.area_cm2;
    this.ina.ambient_C = this.ambient_C;
    while (left_ms > 0) {
      const step_ms = left_ms > LONGEST_STEP_MS ? LONGEST_STEP_MS : left_ms;
      this.cell.advance(density_mA_cm2, step_ms / 1000);
      if (this.balance) warm(this.cell, this.balance, density_mA_cm2, step_ms / 1000);
      this.ina.run(step_ms / 1000, this.cell.voltage_V, current_A);
      left_ms -= step_ms;
    }
  }

  private stage_A(): number {
    const direction = (this.dischargeSwitch.level ? 1 : 0) - (this.chargeSwitch.level ? 1 : 0);
    if (direction === 0) return 0;
    const setPoint_A = (this.dac.output * (4096 / 4095) * this.board.dac.fullScale_mA) / 1000;
    return direction * (setPoint_A * this.stageGain + (STAGE_OFFSET * this.board.dac.fullScale_mA) / 1000);
  }

  // The same wires by Espruino's names, for a board in front of the bench (see sim/hil).

  get i2c(): SimulatedBus {
    return this.bus;
  }

  isBusFault(error: unknown): boolean {
    return error instanceof BusFault;
  }

  now_ms(): number {
    return this.clock.now_ms;
  }

  advanceTo(time_ms: number): void {
    this.clock.advanceTo(time_ms);
    this.live();
  }

  analogRead(pin: string): number {
    const { pins } = this.board;
    if (pin === pins.cellAdc) return this.cellAdc.read();
    if (pin === pins.thermistorAdc) return this.thermistorAdc.read();
    throw new Error(`nothing is wired to analogue pin ${pin}`);
  }

  digitalWrite(pin: string, level: boolean): void {
    this.output(pin).write(level);
  }

  digitalRead(pin: string): boolean {
    return this.output(pin).read();
  }

  private output(pin: string): DigitalOut {
    const { pins } = this.board;
    if (pin === pins.charge) return this.chargeSwitch;
    if (pin === pins.discharge) return this.dischargeSwitch;
    throw new Error(`nothing is wired to pin ${pin}`);
  }
}

/** Voltage over an NTC at the lower end of its divider, as a fraction of the supply. */
function thermistorFraction(config: ThermistorConfig, temperature_C: number): number {
  const r = config.r25_ohm * Math.exp(config.beta_K * (1 / (temperature_C + 273.15) - 1 / 298.15));
  return r / (r + config.pullUp_ohm);
}
