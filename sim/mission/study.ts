/**
 * Whether slowing before landing pays, and whether the forecast of the landing is right: drawn cells, three residue rules, two
 * electrolytes, two missions, with the firmware's advice and without. Each case is a task of its own that can be sent to a worker.
 */
import type { PlantKind } from '../cell/createPlant';
import { believedCell, drawnCell } from '../profiles/drawn';
import { loadProfile } from '../profiles/profile';
import type { ResidueRule } from '../profiles/terms';
import { flyLife, type MissionLife } from './flyLife';
import { loadMission, missionNames } from './mission';

export interface MissionCase {
  cell: string;
  rule: ResidueRule;
  mission: string;
  plant: PlantKind;
  temperature_C: number;
  /** Of the cell, of what the firmware is told of it, and of noise. */
  seed: number;
  /** Power of take-off and landing, instead of the mission's own; null: that. */
  burst_C: number | null;
  /** Range of the cruise power, instead of the mission's own; null: that. */
  pace: { least: number; most: number } | null;
  /** By how much powers differ from mission to mission, as a share. */
  variation: number;
  /** Both lives end here at the latest. */
  most: number;
}

export interface MissionCaseResult {
  missionCase: MissionCase;
  planned: MissionLife;
  advised: MissionLife;
}

export const MISSION_CELLS = ['afl-l1', 'afl-l2'] as const;
const MISSION_RULES: readonly ResidueRule[] = ['R0', 'R1', 'R4'];
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const GENTLE_C = 3;
const VARIATION = 0.05;
/** The range of the reference schedule. */
const NARROW = { least: 0.75, most: 1.25 };
const MOST = 800;
const MOST_DETAILED = 150;

/**
 * All of them: the 96 that are judged, the same with the narrower range of the reference schedule, missions that differ from one
 * another, and the detailed plant, whose L1 cell
 * cannot give 5C at half charge: with the missions' own bursts and with gentler ones.
 */
export function missionCases(): MissionCase[] {
  const cases: MissionCase[] = [];
  for (const cell of MISSION_CELLS)
    for (const mission of missionNames()) {
      const own = { cell, mission, temperature_C: 25 } as const;
      for (const pace of [null, NARROW])
        for (const rule of MISSION_RULES)
          for (const seed of SEEDS)
            cases.push({ ...own, rule, seed, pace, burst_C: null, variation: 0, plant: 'reduced', most: MOST });
      for (const seed of SEEDS)
        cases.push({
          ...own,
          rule: 'R0',
          seed,
          pace: null,
          burst_C: null,
          variation: VARIATION,
          plant: 'reduced',
          most: MOST,
        });
      for (const burst_C of [null, GENTLE_C])
        cases.push({
          ...own,
          rule: 'R0',
          seed: 1,
          pace: null,
          burst_C,
          variation: 0,
          plant: 'detailed',
          most: MOST_DETAILED,
        });
    }
  return cases;
}

/** Two lives of one cell. */
export function runMissionCase(own: MissionCase): MissionCaseResult {
  const nominal = loadProfile(own.cell, own.plant === 'reduced' ? own.rule : undefined);
  const mission = loadMission(own.mission);
  if (own.pace) for (const phase of mission.phases) if (phase.pace) phase.pace = { ...own.pace };
  if (own.burst_C !== null)
    for (const phase of mission.phases) if (phase.role !== 'cruise') phase.power_C = own.burst_C;
  const life = (advice: boolean): MissionLife =>
    flyLife(
      {
        mission,
        // The detailed plant has parameters of its own, which the draw of the reduced one's does not reach.
        truth: own.plant === 'reduced' ? drawnCell(nominal, own.seed) : nominal,
        believed: believedCell(nominal, own.seed),
        plant: own.plant,
        temperature_C: own.temperature_C,
        seed: own.seed,
        variation: own.variation,
        advice,
      },
      own.most,
    );
  return { missionCase: own, planned: life(false), advised: life(true) };
}
