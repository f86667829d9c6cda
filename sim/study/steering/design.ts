/** What the study runs. */
import { type MissionCase, missionCases } from '../../mission/study';
import { memberCount } from '../../profiles/variants';
import { pairs, seeds } from '../lists';
import { type Scenario, scenario } from './scenario';
import { STRATEGIES, type Task } from './task';

export const PAPER_CELLS = ['afl-l1', 'afl-l2'] as const;
export const RULES = ['R1', 'R4'] as const;
/** Cells of which the firmware knows capacity and limits alone. */
const UNKNOWN_CELLS = ['afl-l2', 'homs-ncm811', 'tri-salt-pouch', 'bare-copper-ncm811'] as const;
const WIDE_SPREAD = 0.3;
const FLOOR_C = 1;
const NOISE = 3;
const NOMINAL_DRAWS = 20;
const DRAWS = 8;
/** Of each paper cell, in which the two loops are compared, and the cell alone with both. */
const AGREEMENT_DRAWS = 2;

export function scenarios(): Scenario[] {
  const all: Scenario[] = pairs(PAPER_CELLS, seeds(NOMINAL_DRAWS)).map(([cell, seed]) =>
    scenario({ group: 'nominal', cell, seed }),
  );
  for (const [cell, seed] of pairs(PAPER_CELLS, seeds(NOMINAL_DRAWS)))
    all.push(scenario({ group: 'checked', cell, seed: NOMINAL_DRAWS + seed }));
  for (const [cell, seed] of pairs(PAPER_CELLS, seeds(DRAWS))) {
    for (const rule of RULES) all.push(scenario({ group: 'rule', cell, seed, rule }));
    for (const member of seeds(memberCount)) all.push(scenario({ group: 'member', cell: `${cell}#${member}`, seed }));
    all.push(
      scenario({ group: 'detailed', cell, seed, plant: 'detailed' }),
      scenario({ group: 'temperature', cell, seed, course: 'temperature' }),
      scenario({ group: 'floor', cell, seed, slowest_C: FLOOR_C }),
      scenario({ group: 'noise', cell, seed, noise: NOISE }),
      scenario({ group: 'unknown', cell, seed, told: 'limits', spread: WIDE_SPREAD }),
    );
    if (cell === 'afl-l1') all.push(scenario({ group: 'turned', cell, seed, course: 'turned' }));
  }
  for (const [cell, seed] of pairs(UNKNOWN_CELLS, seeds(DRAWS)))
    all.push(scenario({ group: 'unknown', cell, seed, told: 'limits' }));
  return all;
}

/** Constant rate at which the cell alone is compared with the whole firmware on chips. */
export const AGREEMENT_C: Record<(typeof PAPER_CELLS)[number], number> = { 'afl-l1': 1, 'afl-l2': 2 };

const comparesLoops = ({ group, seed }: Scenario): boolean => group === 'nominal' && seed <= AGREEMENT_DRAWS;

function tasksFor(own: Scenario): Task[] {
  const tasks: Task[] = [{ loop: 'constants', scenario: own }];
  for (const strategy of STRATEGIES) {
    if (own.group === 'nominal') tasks.push({ loop: 'chips', scenario: own, strategy });
    if (own.group !== 'nominal' || comparesLoops(own)) tasks.push({ loop: 'firmware', scenario: own, strategy });
  }
  if (comparesLoops(own)) {
    const rate_C = AGREEMENT_C[own.cell as keyof typeof AGREEMENT_C];
    tasks.push({ loop: 'chips', scenario: own, strategy: 'fixed', rate_C });
  }
  return tasks;
}

export const fullStudy = (): Task[] => scenarios().flatMap(tasksFor);

/** One draw of each kind of scenario, and two members. */
export const quickStudy = (): Task[] =>
  scenarios()
    .filter(({ group, seed, cell }) => seed === (group === 'checked' ? NOMINAL_DRAWS + 1 : 1) && !/#[3-9]$/.test(cell))
    .flatMap(tasksFor);

/** One draw of each mission under each rule. */
export const quickMissions = (): MissionCase[] =>
  missionCases().filter(({ seed, pace, plant }) => seed === 1 && pace === null && plant === 'reduced');
