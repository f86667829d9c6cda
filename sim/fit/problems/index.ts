import type { FitStages } from '../stages';
import { volcano } from './000';
import { solid } from './002';

/** By name, as the command line has them. */
export const PROBLEMS: Readonly<Record<string, FitStages>> = { volcano, solid };
