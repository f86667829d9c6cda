/**
 * The library `caldera-bms` for Node: the twin of a cell, the bench on which the firmware runs, the replay of recordings. What is named
 * here keeps its form from one version to the next (docs/library.md); everything else may change.
 *
 * @module caldera-bms
 */

// Bad input of any kind: one line that names field, value, unit and what is allowed.
export { InputError } from './errors';

// The twin. Profiles are data; a plant is one cell of a profile.
export { checkProfile, loadProfile, profileNames, type CellProfile } from './profiles/profile';
export { mismatched } from './profiles/mismatch';
export { Cell } from './cell/cell';
export { createPlant, PLANT_KINDS, type PlantKind } from './cell/createPlant';
export type { Plant } from './cell/plant';
export { runStep, type OnTimeStep, type StepEnd, type StepResult } from './cell/step';
// What profiles are made of.
export type { DetailedParameters } from './cell/detailed/parameters';
export { CATHODES, type Cathode, type OcvError } from './cell/openCircuit';
export type { Parameters } from './cell/parameters';
export { RESIDUE_RULES, type Basis, type ResidueRule } from './profiles/terms';

// Whole tests of a cell: at a fixed rate or steered, through simulated chips or without them.
export { checkedSimulate as simulate, type SimulateInput } from './campaign/checkedSimulate';
export type {
  CycleResult,
  CyclingOptions,
  Lithium,
  OnProgress,
  OnSample,
  Sample,
  Simulate,
  SimulateOptions,
  SimulateResult,
  SimulateSummary,
  Strategy,
} from './results/types';

// The bench: a channel of simulated chips, and the firmware that holds its wires.
export { loadProduct, boardNames } from './boards/read';
export type { CyclerParts, CyclerProduct, PackParts, PackProduct, Product } from './boards/product';
export type { Json } from './checkJson';
export { Channel } from './bench/channel';
export type { ChannelDefects, SensorDefect, ThermistorDefect } from './bench/faults';
export { createBms, tick, type Bms } from '../firmware/bms';
export type { Config } from '../firmware/config/config';
export type { CyclerBoard, CyclerWires } from '../hal/boards/cycler';
export { Switch } from '../firmware/protect/switches';
export { Fault } from '../firmware/protect/faults';
// What a channel is made of: its clock, chips and heat.
export type { VirtualClock } from './clock';
export type { Ads1115Model } from './chips/ads1115';
export type { BusDefects, I2cPart, SimulatedBus, UndefinedAccess } from './chips/bus';
export type { Ina228Errors, Ina228Model } from './chips/ina228';
export type { Mcp4725Model } from './chips/mcp4725';
export type { PinModel } from './chips/pin';
export type { Random } from './random';
export type { HeatBalance } from './thermal/heatBalance';

// Recordings of cyclers.
export { checkedReplay as replay } from './replay/checkedReplay';
export type { ReplayOptions } from './replay/replay';
export type { ReplayedCycle, ReplayReport } from './replay/report';
export type { EstimatedCycle, EstimatedQuantity, EstimatorSettings, RecordedCell } from './replay/estimated';
export type { Relaxation } from './replay/relaxation';
export { samples } from './replay/measurementFile';
export type { ReadOptions, SampleBatch } from './replay/samples';
