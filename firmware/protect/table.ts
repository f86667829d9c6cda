/**
 * The fault table: what is watched, at which level, for how long, what is done, how it comes back, and in what time all that is
 * promised. It is the only source: the rows the engine reads (rows.ts), the safety manual and the tests are made from it. It is
 * no part of what is flashed.
 *
 * A level that is a name is taken from the limits of the channel's configuration; the others are the same for every cell.
 */
import { CELL } from './table/cell';
import { DEVICE } from './table/device';
import { LIMITS } from './table/limits';
import { PARTS } from './table/parts';
import { READINGS } from './table/readings';
import type { FaultRow } from './table/row';

export type { FaultRow, Response } from './table/row';

export const FAULT_TABLE: readonly FaultRow[] = LIMITS.concat(READINGS, PARTS, CELL, DEVICE);
