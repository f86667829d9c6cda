/**
 * What can be broken on a channel, as plain data. Any field may be set and taken back at any time; what is undefined is whole.
 * Parts and bus have defects of their own: `SimulatedBus.defects`, `Mcp4725Model.stuck`, `PinModel.stuck`, the `reset` of a part.
 */
import type { Random } from '../random';

/** What is broken on a channel. Any field may be set and taken back at any time; what is undefined is whole. */
export interface ChannelDefects {
  /** A switch whose transistor is welded conducts whatever its pin and ALERT say; one that is open never conducts. */
  chargeSwitch?: 'welded' | 'open';
  dischargeSwitch?: 'welded' | 'open';
  /** Current of a short behind the discharge switch [A]: flows through cell and shunt while that path conducts. */
  shortBehindSwitch_A?: number;
  /** Current of a short between shunt and switches [A]: flows through cell and shunt, and no switch can stop it. */
  shortBeforeSwitch_A?: number;
  /** The DAC's output is dead: it acknowledges and reads back, and gives 0 V. */
  dacDead?: boolean;
  /** The ALERT line: broken between the part and both gate and controller, which see it high, or shorted to ground. */
  alertWire?: 'open' | 'low';
  /** What the INA228 sees of current [A] and cell voltage [V]. */
  current?: SensorDefect;
  /** With the sense wire open VBUS is at ground, by the part's own input resistance of 1 MOhm. */
  voltage?: SensorDefect & { open?: boolean };
  /** What the controller's own ADC sees of the cell voltage [V]. */
  coarseVoltage?: SensorDefect;
  /** The thermistor at the ADS1115, and the second one at the controller's own ADC. */
  thermistor?: ThermistorDefect;
  coarseThermistor?: ThermistorDefect;
}

/** seen = gain x truth + offset + noise, or for ever the same. A gain of -1 is a sensor with its wires swapped. */
export interface SensorDefect {
  gain?: number;
  offset?: number;
  stuck?: number;
  /** One sigma, held from one look of the bench to the next. */
  noise?: number;
}

/** What is wrong with a thermistor, or with its wire. */
export interface ThermistorDefect {
  /** A broken wire reads the supply, a short ground. */
  wire?: 'open' | 'short';
  stuck_C?: number;
  offset_K?: number;
}

/** What a sensor with this defect sees of the truth. */
export function seen(defect: SensorDefect, truth: number, random: Random): number {
  if (defect.stuck !== undefined) return defect.stuck;
  const noise = defect.noise === undefined ? 0 : defect.noise * random.normal();
  return (defect.gain ?? 1) * truth + (defect.offset ?? 0) + noise;
}

/** The current of shorts through a cell of this voltage [A]: below 1 V it falls with the voltage, as through a resistance. */
export function shortCurrent_A(defects: ChannelDefects, discharging: boolean, cell_V: number): number {
  const short_A = (defects.shortBeforeSwitch_A ?? 0) + (discharging ? (defects.shortBehindSwitch_A ?? 0) : 0);
  return short_A * Math.max(0, Math.min(1, cell_V));
}
