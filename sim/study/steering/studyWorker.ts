/** One piece of work, on a thread of its own. */
import { type MissionCase, runMissionCase } from '../../mission/study';
import { runTask } from './runTask';
import type { Task } from './task';

export type Work = { kind: 'steering'; task: Task } | { kind: 'mission'; missionCase: MissionCase };

export default (work: Work): unknown =>
  work.kind === 'steering' ? runTask(work.task) : runMissionCase(work.missionCase);
