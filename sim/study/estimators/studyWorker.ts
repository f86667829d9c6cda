/** One case, on a thread of its own. */
import { runCase, type CaseResult } from './runCase';
import type { StudyCase } from './studyCase';

export default (own: StudyCase): CaseResult => runCase(own);
