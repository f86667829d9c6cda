/** Which model of a cell: by name, as the command line has it. */
import type { CellProfile } from '../profiles/profile';
import { Cell } from './cell';
import { DetailedCell } from './detailed/cell';
import type { Plant } from './plant';

export const PLANT_KINDS = ['reduced', 'detailed'] as const;
/** A model of a cell: `reduced` (`Cell`) or `detailed` (docs/detailed-plant.md). */
export type PlantKind = (typeof PLANT_KINDS)[number];

/** A cell of a profile, newly built. */
export function createPlant(kind: PlantKind, profile: CellProfile, temperature_C: number): Plant {
  switch (kind) {
    case 'reduced':
      return new Cell(profile, temperature_C);
    case 'detailed':
      return new DetailedCell(profile, temperature_C);
  }
}
