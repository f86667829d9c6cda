/** Checking what a user wrote as JSON. Every refusal is one line: where, which field, its value, what is allowed. */
import { InputError } from './errors';

/** A JSON object whose fields have not been looked at. */
export type Json = Record<string, unknown>;

/** A number that a file must hold. */
export interface NumberRow {
  key: string;
  /** '1': a number without unit. */
  unit: string;
  min: number;
  max: number;
  whole?: boolean;
}

export function object(json: unknown, where: string, what: string): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new InputError(`${where}: ${what} is ${show(json)}; allowed: a JSON object`);
  return json as Json;
}

/** @param prefix of the key in errors, for a number in a part of the file */
export function number(value: unknown, row: NumberRow, where: string, prefix = ''): number {
  const { key, min, max, whole } = row;
  if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  const unit = row.unit === '1' ? '(no unit)' : row.unit;
  const found = typeof value === 'number' ? `${value} ${unit}` : show(value);
  throw new InputError(
    `${where}: ${prefix}${key} is ${found}; allowed: ${whole ? 'a whole number, ' : ''}${min} to ${max} ${unit}`,
  );
}

export function choice<T extends string>(json: Json, key: string, allowed: readonly T[], where: string): T {
  const value = json[key];
  if (!allowed.includes(value as T))
    throw new InputError(`${where}: ${key} is ${show(value)}; allowed: ${allowed.join(', ')}`);
  return value as T;
}

/** @param prefix as for `number` */
export function text(json: Json, key: string, where: string, prefix = ''): string {
  const value = json[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new InputError(`${where}: ${prefix}${key} is ${show(value)}; allowed: a text`);
}

/** @param prefix as for `number` */
export function refuseOthers(json: Json, allowed: readonly string[], where: string, prefix = ''): void {
  for (const key of Object.keys(json))
    if (!allowed.includes(key))
      throw new InputError(`${where}: unknown field "${prefix}${key}"; allowed: ${allowed.join(', ')}`);
}

/** A value as the file has it. */
export const show = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));
