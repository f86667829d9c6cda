import { arbin } from './arbin';
import { bdf } from './bdf';
import { biologic } from './biologic';
import type { MeasurementFormat } from './format';
import { maccor } from './maccor';
import { neware } from './neware';

/** Every measurement format that can be read. */
export const formats: readonly MeasurementFormat[] = [maccor, arbin, neware, biologic, bdf];
