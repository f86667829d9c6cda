/** One run of the study: which cell is cycled how, and in what the firmware is wrong about it. */
import type { PlantKind } from '../../cell/createPlant';

export interface StudyCase {
  /** Which table it belongs to. */
  group: Group;
  /** Built-in profile of a full cell, or a member of its ensemble (`afl-l1#3`). */
  cell: string;
  plant: PlantKind;
  rate_C: number;
  temperature_C: number;
  /** Of the parameters' and the sensors' errors, and of noise. */
  seed: number;
  /** After formation. */
  cycles: number;
  /** In each discharge. */
  interrupts: number;
  /** By how much the parameters that the firmware believes may be off, as a share; 0: it knows them. */
  spread: number;
  /** Share of the cathode's capacity lost per nominal capacity charged. */
  cathodeFade: number;
  /** Offset of the current monitor [mA per Ah of cell]; null: that of its specimen. */
  offset_mA_Ah: number | null;
}

/** `headline`: two electrolytes aged 100 cycles with many draws of the errors. The others vary one thing each. */
export const GROUPS = [
  'headline',
  'ensemble',
  'electrolytes',
  'temperature',
  'cathode',
  'offset',
  'nominal',
  'interrupts',
] as const;
type Group = (typeof GROUPS)[number];

/** A slow strip in every such cycle. */
export const SLOW_STRIP_EVERY = 10;
export const CHARGE_C = 0.2;
/** Error of the cathode's open-circuit curve, rms over the state of charge [mV]. */
export const OCV_ERROR_MV = 3;
/** Below this part of its nominal capacity a discharge says nothing of the cell any more, and the run ends. */
export const LEAST_CAPACITY = 0.1;

const ORDINARY = {
  plant: 'reduced',
  temperature_C: 25,
  seed: 1,
  interrupts: 4,
  spread: 0.2,
  cathodeFade: 0,
  offset_mA_Ah: null,
} as const;

/** A case that is ordinary in all that is not given. */
export const studyCase = (
  own: Pick<StudyCase, 'group' | 'cell' | 'rate_C' | 'cycles'> & Partial<StudyCase>,
): StudyCase => ({ ...ORDINARY, ...own });
