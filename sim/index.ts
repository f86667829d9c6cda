/**
 * The library `caldera-bms` for Node: the twin of a cell, the bench on which the firmware runs, the replay of recordings. What is named
 * here keeps its form from one version to the next (docs/library.md); everything else may change.
 */

// Bad input of any kind: one line that names field, value, unit and what is allowed.
export { InputError } from './errors';

// The twin. Profiles are data; a plant is one cell of a profile.
export { checkProfile, loadProfile, profileNames, type CellProfile } from './profiles/profile';
export { mismatched } from './profiles/mismatch';
export { Cell } from './cell/cell';
export { createPlant, PLANT_KINDS, type PlantKind } from './cell/createPlant';
export type { Plant } from './cell/plant';
export { runStep, type StepEnd, type StepResult } from './cell/step';

// Whole tests of a cell: at a fixed rate or steered, through simulated chips or without them.
export { simulate } from './campaign/simulate';
export type {
  CycleResult,
  CyclingOptions,
  Lithium,
  OnProgress,
  OnSample,
  Sample,
  SimulateOptions,
  SimulateResult,
  SimulateSummary,
  Strategy,
} from './results/types';

// The bench: a channel of simulated chips, and the firmware that holds its wires.
export { loadProduct, boardNames } from './boards/read';
export type { CyclerProduct, PackProduct, Product } from './boards/product';
export { Channel } from './bench/channel';
export { createBms, tick, type Bms } from '../firmware/bms';
export type { Config } from '../firmware/config/config';
export type { CyclerBoard, CyclerWires } from '../hal/boards/cycler';
export { Switch } from '../firmware/protect/switches';
export { Fault } from '../firmware/protect/faults';

// Recordings of cyclers.
export { replay, type ReplayOptions } from './replay/replay';
export type { ReplayedCycle, ReplayReport } from './replay/report';
export type { EstimatedCycle, RecordedCell } from './replay/estimated';
export { samples } from './replay/measurementFile';
export type { ReadOptions, SampleBatch } from './replay/samples';
