/** Every row of the fault table that can be broken from the channel, and its ways to be broken. */
import type { Case } from './breaks';
import { LIMIT_CASES } from './limits';
import { PART_CASES } from './parts';

export const FAULT_CASES: readonly Case[] = [...LIMIT_CASES, ...PART_CASES];
