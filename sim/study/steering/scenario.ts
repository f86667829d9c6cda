/** Which cell is cycled, what the firmware is told of it, and what happens to it meanwhile. The policies compete on it. */
import type { PlantKind } from '../../cell/createPlant';
import type { Parameters } from '../../cell/parameters';
import type { Plant } from '../../cell/plant';
import { believedCell, drawnCell } from '../../profiles/drawn';
import { type CellProfile, loadProfile } from '../../profiles/profile';
import type { ResidueRule } from '../../profiles/terms';

/**
 * `nominal`: many draws of the two electrolytes of paper 000, on which constants of the steering were found; `checked`: as many others.
 * The rest vary one thing each.
 */
export const GROUPS = [
  'nominal',
  'checked',
  'rule',
  'member',
  'detailed',
  'temperature',
  'turned',
  'floor',
  'noise',
  'unknown',
] as const;
type Group = (typeof GROUPS)[number];

export interface Scenario {
  group: Group;
  /** Built-in profile of a full cell, or a member of its ensemble (`afl-l1#3`). */
  cell: string;
  /** Residue rule of the true cell; null: that of its profile. */
  rule: ResidueRule | null;
  plant: PlantKind;
  /** Of the true cell, of what the firmware is told, and of noise. */
  seed: number;
  /** Standard deviation of the logarithm of each drawn parameter. */
  spread: number;
  /**
   * What the firmware is told, whatever the cell is: the profile `GENERIC`, with electrical parameters up to 20 % wrong; or that profile as
   * it is, with capacity and voltage limits of the cell.
   */
  told: 'generic' | 'limits';
  /** What changes over the cycles. */
  course: 'steady' | 'temperature' | 'turned';
  /** No discharge may be slower; 0: no such floor. */
  slowest_C: number;
  /** Factor on the noise of the sensors. */
  noise: number;
}

const ORDINARY = {
  rule: null,
  plant: 'reduced',
  spread: 0.15,
  told: 'generic',
  course: 'steady',
  slowest_C: 0,
  noise: 1,
} as const;

/** A scenario that is ordinary in all that is not given. */
export const scenario = (own: Pick<Scenario, 'group' | 'cell' | 'seed'> & Partial<Scenario>): Scenario => ({
  ...ORDINARY,
  ...own,
});

export const TEMPERATURE_C = 25;
/** Temperatures in turn, each for so many cycles. Formation has the first one. */
export const BLOCKS_C = [25, 10, 40] as const;
export const BLOCK_CYCLES = 10;
/** Between these cycles a cell of one electrolyte turns into one of the other, in equal parts. */
export const TURN = { from: 20, to: 40, into: 'afl-l2' } as const;
/** The firmware is not told which electrolyte, which variant or which cell it has. */
const GENERIC = 'afl-l1';

/** The true cell. Its parameters are its own: a course may change them. */
export function truthOf({ cell, rule, seed, spread }: Scenario): CellProfile {
  return drawnCell(loadProfile(cell, rule ?? undefined), seed, spread);
}

/** What the firmware is told of it. */
export function believedOf({ cell, rule, seed, told }: Scenario): CellProfile {
  const generic = loadProfile(GENERIC);
  if (told === 'generic') return believedCell(generic, seed);
  const kind = loadProfile(cell, rule ?? undefined);
  const capacity_mAh = kind.parameters.Qn * kind.area_cm2;
  return {
    ...generic,
    area_cm2: capacity_mAh / generic.parameters.Qn,
    chargeCutoff_V: kind.chargeCutoff_V,
    dischargeCutoff_V: kind.dischargeCutoff_V,
  };
}

/** What to do to the cell before each cycle, which count from 1. */
export type Course = (cell: Plant, cycle: number) => void;

export function courseOf(own: Scenario, truth: CellProfile): Course {
  switch (own.course) {
    case 'steady':
      return () => undefined;
    case 'temperature':
      return (cell, cycle) => {
        cell.temperature_C = BLOCKS_C[Math.floor((cycle - 1) / BLOCK_CYCLES) % BLOCKS_C.length]!;
      };
    case 'turned':
      return turning(truth, truthOf({ ...own, cell: TURN.into }));
  }
}

/** The plant reads its parameters from the profile at every step, so they are turned there. */
function turning(truth: CellProfile, into: CellProfile): Course {
  const from = { ...truth.parameters };
  const changing = (Object.keys(from) as (keyof Parameters)[]).filter((key) => from[key] !== into.parameters[key]);
  return (_, cycle) => {
    const part = Math.min(1, Math.max(0, (cycle - TURN.from) / (TURN.to - TURN.from)));
    for (const key of changing) truth.parameters[key] = from[key] + part * (into.parameters[key] - from[key]);
  };
}

/** For tables and pictures: what tells the scenario from the others of its group. */
export const labelOf = ({ cell, rule, seed, spread, plant }: Scenario): string =>
  [cell, rule ?? '', plant === 'detailed' ? plant : '', spread > ORDINARY.spread ? 'wide' : '', `draw ${seed}`]
    .filter((word) => word !== '')
    .join(' ');
