/**
 * A product as data: one JSON file with the board, its parts, limits, pace, protocol or policy, the cell and the lines to the outside.
 * Its parts are those of the firmware's own configuration (`Config`, `PackConfig`) under the same names; what is easier to write in
 * words (the cell's name, the policy, steps of a protocol, inputs that hold a cell) becomes numbers here, on the host.
 */
import type { Config } from '../../firmware/config/config';
import type { PackConfig } from '../../firmware/config/packDefaults';
import type { Json } from '../checkJson';
import type { CellProfile } from '../profiles/profile';

export const KINDS = ['cycler', 'pack'] as const;

/** What stands around the chips of a channel: for its diagram, its bill of materials, and what must fit together. */
export interface CyclerParts {
  controller: string;
  fuse_A: number;
  /** N-MOSFETs of the switches, and what drives their gates; unused with relays. */
  switch: string;
  switchDriver: string;
  /** ANDs each switch's pin with ALERT. */
  alertGate: string;
  opAmp: string;
  sinkMosfet: string;
  sourceMosfet: string;
  /** In sink and source; its voltage at full scale is what the divider behind the DAC gives. */
  sense_ohm: number;
  setPointUpper_ohm: number;
  setPointLower_ohm: number;
  i2cPullUp_ohm: number;
  alertPullUp_ohm: number;
  /** Hold the switches open while the controller starts. */
  switchPull_ohm: number;
  /** Each of the two that halve the cell's voltage. */
  cellDivider_ohm: number;
  /** Of the source, and of the gates. */
  supply_V: number;
  gateSupply_V: number;
}

/** The same of a pack. */
export interface PackParts {
  controller: string;
  fuse_A: number;
  switch: string;
  /** Of the precharge path. */
  prechargeSwitch: string;
  prechargeDriver: string;
  precharge_ohm: number;
  /** Of the load, at most. */
  load_uF: number;
  inputResistor_ohm: number;
  inputCapacitor_nF: number;
  i2cPullUp_ohm: number;
  alertPullUp_ohm: number;
  prechargePullDown_ohm: number;
  /** What makes the controller's 5 V of the stack. */
  supply: string;
}

interface Described {
  /** As the file has it. */
  file: Json;
  cell: CellProfile;
  capacity_mAh: number;
}

/** A cycler channel: board, parts, configuration and cell. */
export interface CyclerProduct extends Described {
  kind: 'cycler';
  /** What the device is given, as `caldera.json` in its Storage. */
  config: Config;
  parts: CyclerParts;
}

/** A pack of cells in series: board, parts, configuration and cell. */
export interface PackProduct extends Described {
  kind: 'pack';
  config: PackConfig;
  parts: PackParts;
  /** In series. */
  cells: number;
}

/** A board with all that goes with it; `kind` says which of the two it is. */
export type Product = CyclerProduct | PackProduct;

export const nominal_mAh = (cell: CellProfile): number => cell.parameters.Qn * cell.area_cm2;
