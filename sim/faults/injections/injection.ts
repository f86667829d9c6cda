/** What an injection is: something that goes wrong on the bench, by how much, and which row of the fault table has to find it. */
import { Parameter } from '../../../firmware/estimate/cellModel';
import type { Bms } from '../../../firmware/bms';
import type { Config } from '../../../firmware/config/config';
import type { PackConfig } from '../../../firmware/config/packDefaults';
import type { Fault } from '../../../firmware/protect/faults';
import type { Channel } from '../../bench/channel';
import type { PackBench } from '../../bench/pack';
import type { ChannelDefects, ThermistorDefect } from '../../bench/faults';
import type { Cell } from '../../cell/cell';
import type { CellProfile } from '../../profiles/profile';
import type { Random } from '../../random';
import type { DeviceRig } from '../deviceRig';
import type { State, StateKind } from '../scenario';
import type { Tolerance } from '../truth';

type Group = 'sensor' | 'bus' | 'actuator' | 'cell' | 'power' | 'timing' | 'data' | 'operator';

/** What every injection is, on whichever board. */
export interface Injection {
  name: string;
  group: Group;
  /** The row that has to find it; null: no row is for it, but it may do no harm. */
  row: Fault | null;
  /** Other rows that may be the first to find it, and so keep this one from it. */
  or?: readonly Fault[];
  /** Of its size. */
  unit: string;
  states: readonly StateKind[];
  /** Whether the row trips, or takes the current away before it would. Default: trips. */
  found?: 'trips' | 'derates';
  /** It is there from the begin on, in configuration or cell, and not at a time. */
  fromBegin?: boolean;
  /** How long it may take until the value at its sensor is beyond the level. */
  patience_ms?: number;
  /** What the truth may be beyond the limits where a sensor is wrong that another one only knows coarsely. */
  tolerance?: Partial<Tolerance>;
  /** How long the current may flow on where the firmware cannot reach the switches. Default: as the row promises. */
  stops_ms?: number;
  /** No switch can stop the current. */
  unstoppable?: boolean;
  /** Found by hardware alone, not by a row: its name in the report, and when its current is to have stopped [ms]. */
  hardware?: { id: string; promised_ms: number };
  /** What a watcher of the firmware takes until it raises its alarm is a time of its own, from then on the row's is promised. */
  watched?: boolean;
  /** Most cycles that the cell has done, where age hides it. */
  mostCycles?: number;
  /** How full the cell must be, and may be. */
  leastFill?: number;
  mostFill?: number;
  /** The warmest surroundings, and the fastest discharge, in which it shows. */
  warmest_C?: number;
  fastest_C?: number;
  /** Which cells show it at all. Default: all. */
  suits?: (profile: CellProfile) => boolean;
  /** The cell is to be scrapped: there is no way back for it. */
  scrap?: boolean;
}

/** A size that must be found, and one that must not trip anything; between the two lies what the sensors may be off. */
interface Sizes<Configuration> {
  beyond: (random: Random, config: Configuration, state: State) => number;
  inside?: (random: Random, config: Configuration, state: State) => number;
}

export interface ChannelInjection extends Injection, Sizes<Config> {
  /** Before the start: a configuration that is wrong, a cell that is. */
  configure?: (config: Config, size: number) => void;
  prepare?: (cell: Cell, config: Config, size: number) => void;
  /** On the bench, at its time. */
  start?: (channel: Channel, config: Config, size: number, random: Random) => void;
  stop?: (channel: Channel, config: Config) => void;
  /** The same on a whole device: controller, memory, clock, configuration. */
  act?: (rig: DeviceRig, size: number, random: Random) => void;
  undo?: (rig: DeviceRig) => void;
  /** Whether the value at its sensor is beyond the level now; undefined: from the begin on. */
  isBeyond?: (channel: Channel, config: Config, bms: Bms) => boolean;
  isBeyondOnDevice?: (rig: DeviceRig) => boolean;
}

export interface PackInjection extends Injection, Sizes<PackConfig> {
  start: (bench: PackBench, config: PackConfig, size: number, random: Random) => void;
  stop?: (bench: PackBench, config: PackConfig) => void;
  isBeyond?: (bench: PackBench, config: PackConfig) => boolean;
}

export const ALL: readonly StateKind[] = ['rest', 'charge', 'discharge', 'hold', 'end of charge', 'knee', 'mission'];
export const RESTS: readonly StateKind[] = ['rest'];
export const CHARGES: readonly StateKind[] = ['charge', 'hold', 'end of charge'];
export const DISCHARGES: readonly StateKind[] = ['discharge', 'knee'];
/** A current that does not change by itself. */
export const STEADY: readonly StateKind[] = ['charge', 'discharge'];
/** Voltage far from any limit. */
export const MIDDLE: readonly StateKind[] = ['rest', 'charge', 'discharge'];

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform();
/** Either sign. */
export const signed = (random: Random, low: number, high: number): number =>
  (random.uniform() < 0.5 ? -1 : 1) * between(random, low, high);

/** The defects of a bench, to be changed. */
export function defects(channel: Channel): ChannelDefects {
  channel.defects ??= {};
  return channel.defects;
}

const whole = new WeakMap<Channel, ThermistorDefect | undefined>();

/** Breaks the thermistor at the converter; `mendThermistor` leaves it with the error its specimen had before. */
export function breakThermistor(channel: Channel, defect: ThermistorDefect): void {
  if (!whole.has(channel)) whole.set(channel, channel.defects?.thermistor);
  defects(channel).thermistor = defect;
}
export function mendThermistor(channel: Channel): void {
  const before = whole.get(channel);
  if (before === undefined) delete channel.defects?.thermistor;
  else defects(channel).thermistor = before;
}

/** Nominal, as the firmware is told. */
export function capacity_mAh({ cell }: Config): number {
  if (cell === undefined) throw new Error('the configuration has no cell');
  return cell.parameters[Parameter.Qn]! * cell.area_cm2;
}
