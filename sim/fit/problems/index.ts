import type { FitProblem } from '../fit';
import volcano from './000';

/** By name, as the command line has them. */
export const PROBLEMS: Readonly<Record<string, FitProblem>> = { volcano };
