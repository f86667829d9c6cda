/** `replay` as the library has it: for options that nobody has looked at. */
import { z } from 'zod';
import { numberIn } from '../campaign/schemas';
import { checkOptions } from '../checkOptions';
import { replay, type ReplayOptions } from './replay';
import type { ReplayReport } from './report';

const onProgress = z.custom<NonNullable<ReplayOptions['onProgress']>>((f) => typeof f === 'function', 'a function');
const recorded = z.strictObject(
  {
    cell: z.string('a cell profile, such as afl-l1, or a FILE.json'),
    area_cm2: numberIn({ min: 0.01, max: 1e6, unit: 'cm2' }).optional(),
    temperature_C: numberIn({ min: -60, max: 200, unit: 'degC' }).optional(),
  },
  "an object with the cell, and its area_cm2 and temperature_C where they are not the profile's",
);
const optionsSchema = z.strictObject(
  { onProgress: onProgress.optional(), recorded: recorded.optional() },
  'an object with onProgress, recorded or nothing',
);

/** As `replay`. @throws InputError also for options that are unknown or out of range */
export async function checkedReplay(path: string, options: ReplayOptions = {}): Promise<ReplayReport> {
  return replay(path, checkOptions('replay', optionsSchema, options) as ReplayOptions);
}
