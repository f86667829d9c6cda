/**
 * All that goes wrong with a drone pack: its cells, thermistors, front end, bus, load and charger. Campaigns take turns through
 * them in this order: in another one, a run of the same seed is another run.
 */
import type { PackInjection } from '../injection';
import { BUS } from './bus';
import { CURRENTS } from './currents';
import { CONVERTER, STATE } from './frontEnd';
import { BOARD_TEMPERATURE, TEMPERATURES } from './temperatures';
import { CELLS_APART, VOLTAGES } from './voltages';

export const PACK_INJECTIONS: readonly PackInjection[] = [
  ...VOLTAGES,
  ...TEMPERATURES,
  ...CURRENTS,
  ...CONVERTER,
  ...BUS,
  ...STATE,
  ...BOARD_TEMPERATURE,
  ...CELLS_APART,
];
