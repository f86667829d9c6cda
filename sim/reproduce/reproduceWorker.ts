/** The rows of one paper, on a thread of their own. */
import type { MessagePort } from 'node:worker_threads';
import { createPlant, type PlantKind } from '../cell/createPlant';
import { loadProfile } from '../profiles/profile';
import type { ResidueRule } from '../profiles/terms';
import { variantCells } from '../profiles/variants';
import { Lab } from './lab';
import { picturesOf, type Picture } from './pictures';
import { reproduce, type Reproduced } from './row';
import { PAPERS } from './rows';

export interface PaperTask {
  paper: string;
  plant: PlantKind;
  residue: ResidueRule | null;
  /** Member of the ensemble, for the cells that have one; null: the profiles themselves. */
  member: number | null;
  /** Whether pictures are wanted too. */
  pictures: boolean;
  /** Takes the number of rows that are done. */
  port: MessagePort;
}

export interface PaperResult {
  rows: Reproduced[];
  pictures: Picture[];
}

export default function reproducePaper({ paper, plant, residue, member, pictures, port }: PaperTask): PaperResult {
  const lab = new Lab((cell, temperature_C) => {
    const varied = variantCells.includes(cell);
    const name = varied && member !== null ? `${cell}#${member}` : cell;
    const profile = loadProfile(name, varied && residue !== null ? residue : undefined);
    return createPlant(plant, profile, temperature_C);
  });
  const rows = PAPERS[paper]!.map((row, k) => {
    const reproduced = reproduce(row, lab);
    port.postMessage(k + 1);
    return reproduced;
  });
  return { rows, pictures: pictures ? picturesOf(paper, lab) : [] };
}
