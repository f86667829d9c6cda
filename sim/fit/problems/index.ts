import type { FitStages } from '../stages';
import { volcano } from './000';
import { membrane } from './001';
import { solid } from './002';
import { interphase } from './003';

/** By name, as the command line has them. */
export const PROBLEMS: Readonly<Record<string, FitStages>> = { volcano, membrane, solid, interphase };
