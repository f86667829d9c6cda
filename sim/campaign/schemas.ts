/** What the options of `simulate` may be, as schemas whose messages say what is allowed. */
import { z } from 'zod';
import { PLANT_KINDS } from '../cell/createPlant';
import { PHYSICS_TERMS } from '../cell/physics';
import { RESIDUE_RULES } from '../profiles/terms';
import { limitText, type Limit } from './limits';

export function numberIn(limit: Limit): z.ZodNumber {
  const text = limitText(limit);
  const schema = z.number(text).min(limit.min, text).max(limit.max, text);
  return limit.whole ? schema.int(text) : schema;
}

export const flag = z.boolean('true or false');
export const name = (what: string): z.ZodString => z.string(what).min(1, what);
export const oneOf = <const Words extends readonly string[]>(words: Words) => z.enum(words, words.join(', '));

/** Those that are no numbers. */
export const CHOICES = {
  cell: name('a cell profile, such as afl-l1, or a FILE.json'),
  plant: oneOf(PLANT_KINDS),
  residue: oneOf(RESIDUE_RULES),
  direct: flag,
  told: name('a full-cell profile or a FILE.json'),
  without: z.array(oneOf(PHYSICS_TERMS.map((term) => term.name)), 'a list of physics terms'),
};
