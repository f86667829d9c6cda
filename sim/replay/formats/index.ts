import { arbin } from './arbin';
import type { MeasurementFormat } from './format';
import { maccor } from './maccor';

/** Every measurement format that can be read. */
export const formats: readonly MeasurementFormat[] = [maccor, arbin];
