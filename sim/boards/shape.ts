/** Which fields a file may have: those of a reference of the same kind, and some that it may lack. */
import { show, type Json } from '../checkJson';
import { nearest } from '../nearest';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Compares a file with a reference, field by field.
 * @param optional paths of fields that may be missing
 * @param free paths whose inside is looked at elsewhere
 * @returns a line for each field that is unknown, missing or of another type
 */
export function compareShape(
  own: Json,
  reference: Json,
  optional: readonly string[],
  free: readonly string[],
  path = '',
): string[] {
  const problems: string[] = [];
  for (const key of Object.keys(own))
    if (!(key in reference)) problems.push(`${path}${key} is unknown; ${nearest(key, Object.keys(reference), path)}`);
  for (const [key, model] of Object.entries(reference)) {
    const field = path + key;
    const value = own[key];
    if (value === undefined) {
      if (!optional.includes(field)) problems.push(`${field} is missing; allowed: ${kindOf(model)}`);
    } else if (free.includes(field)) continue;
    else if (isObject(model)) {
      if (isObject(value)) problems.push(...compareShape(value, model, optional, free, `${field}.`));
      else problems.push(`${field} is ${show(value)}; allowed: an object`);
    } else if (typeof value !== typeof model || Array.isArray(value) !== Array.isArray(model))
      problems.push(`${field} is ${show(value)}; allowed: ${kindOf(model)}`);
  }
  return problems;
}

function kindOf(model: unknown): string {
  if (Array.isArray(model)) return 'a list';
  if (isObject(model)) return 'an object';
  return { number: 'a number', string: 'a text', boolean: 'true, false' }[typeof model as string] ?? 'a value';
}
