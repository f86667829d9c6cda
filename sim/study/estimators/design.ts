/** What the study runs. */
import type { PlantKind } from '../../cell/createPlant';
import { PLANT_KINDS } from '../../cell/createPlant';
import { loadProfile, profileNames } from '../../profiles/profile';
import { memberCount } from '../../profiles/variants';
import { pairs, seeds } from '../lists';
import { type StudyCase, studyCase } from './studyCase';

export const RATES_C = [0.5, 1, 2, 3] as const;
export const TEMPERATURES_C = [-10, 10, 25, 45] as const;
export const INTERRUPTS = [0, 3, 4, 6] as const;
/** Losses of cathode capacity per nominal capacity charged: 0.5 and 5 % over 100 of them. */
export const CATHODE_FADES = [5e-5, 5e-4] as const;
export const OFFSET_MA_AH = 2;
const LIFE = 100;
const PAPER_CELLS = ['afl-l1', 'afl-l2'] as const;

export function fullStudy(): StudyCase[] {
  const cases: StudyCase[] = [];
  for (const [cell, rate_C] of pairs(PAPER_CELLS, RATES_C)) {
    for (const [plant, count] of [
      ['reduced', 12],
      ['detailed', 4],
    ] as [PlantKind, number][])
      for (const seed of seeds(count))
        cases.push(studyCase({ group: 'headline', cell, plant, rate_C, seed, cycles: LIFE }));
    for (const member of seeds(memberCount)) {
      const own = { group: 'ensemble', cell: `${cell}#${member}`, rate_C, seed: member } as const;
      cases.push(studyCase({ ...own, cycles: LIFE }), studyCase({ ...own, plant: 'detailed', cycles: 10 }));
    }
    for (const temperature_C of TEMPERATURES_C.filter((t) => t !== 25)) {
      const own = { group: 'temperature', cell, rate_C, temperature_C } as const;
      for (const seed of seeds(2)) cases.push(studyCase({ ...own, seed, cycles: 20 }));
      cases.push(studyCase({ ...own, plant: 'detailed', cycles: 10 }));
    }
    for (const [interrupts, seed] of pairs(INTERRUPTS, seeds(4)))
      cases.push(studyCase({ group: 'interrupts', cell, rate_C, interrupts, seed, cycles: 20 }));
    for (const seed of seeds(2)) cases.push(studyCase({ group: 'nominal', cell, rate_C, seed, spread: 0, cycles: 50 }));
  }
  for (const cell of otherFullCells())
    for (const [plant, rate_C] of pairs(PLANT_KINDS, RATES_C))
      cases.push(studyCase({ group: 'electrolytes', cell, plant, rate_C, cycles: plant === 'reduced' ? 20 : 8 }));
  for (const [cell, seed] of pairs(PAPER_CELLS, seeds(6))) {
    const own = { cell, rate_C: 1, seed, cycles: LIFE } as const;
    for (const cathodeFade of CATHODE_FADES) cases.push(studyCase({ ...own, group: 'cathode', cathodeFade }));
    if (seed <= 3) cases.push(studyCase({ ...own, group: 'offset', offset_mA_Ah: OFFSET_MA_AH }));
  }
  return cases;
}

/** About a minute: every group, a few cycles. `cycles` bounds each run. */
export function quickStudy(cycles = 10): StudyCase[] {
  const few = fullStudy().filter(
    ({ seed, cell, group }) => seed === 1 && !(group === 'ensemble' && cell.startsWith('afl-l2')),
  );
  return few.map((one) => ({ ...one, cycles: Math.min(one.cycles, cycles) }));
}

function otherFullCells(): string[] {
  return profileNames().filter(
    (name) => loadProfile(name).kind === 'full' && !(PAPER_CELLS as readonly string[]).includes(name),
  );
}
