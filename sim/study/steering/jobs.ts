/** The study's pieces of work: each with the key it is kept under, which names the sources it depends on too. */
import type { MissionCase } from '../../mission/study';
import { fingerprint, SOURCES } from './fingerprint';
import { keyOf } from './store';
import type { Job } from './study';
import { nameOf, type Task } from './task';

/** About how long a piece of work takes on one core [s]. */
const COST_S = { constants: 1, firmware: 0.6, chips: 17, mission: 1 } as const;
/** How much longer with the detailed plant. */
const DETAILED = 5;

export function steeringJobs(tasks: readonly Task[]): Job[] {
  const cell = fingerprint(SOURCES.cell);
  const firmware = fingerprint(SOURCES.firmware);
  return tasks.map((task) => ({
    key: keyOf(task, task.loop === 'constants' ? cell : firmware),
    name: nameOf(task),
    work: { kind: 'steering', task },
    cost_s: COST_S[task.loop] * (task.scenario.plant === 'detailed' ? DETAILED : 1),
  }));
}

export function missionJobs(cases: readonly MissionCase[]): Job[] {
  const version = fingerprint(SOURCES.mission);
  return cases.map((missionCase) => ({
    key: keyOf(missionCase, version),
    name: `mission ${Object.values(missionCase).map(String).join(' ')}`,
    work: { kind: 'mission', missionCase },
    cost_s: COST_S.mission * (missionCase.plant === 'detailed' ? DETAILED : 1),
  }));
}
