/** Options of the library's functions, which nobody has looked at before. */
import { z } from 'zod';
import { show } from './checkJson';
import { InputError } from './errors';
import { nearest } from './nearest';

/** The options, as the schema completes them. @throws InputError: `what`, the option, its value, what is allowed */
export function checkOptions<Shape extends z.ZodObject>(what: string, schema: Shape, input: unknown): z.infer<Shape> {
  const { success, data, error } = schema.safeParse(input);
  if (!success) throw new InputError(`${what}: ${refusal(error.issues[0]!, input, schema)}`);
  return data;
}

function refusal(issue: z.core.$ZodIssue, input: unknown, schema: z.ZodObject): string {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const [key, within] = [issue.keys[0]!, path.map((part) => `${part}.`).join('')];
    return `unknown option "${within}${key}"; ${nearest(key, keysAt(schema, path), within)}`;
  }
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], input);
  const shown = typeof value === 'number' ? String(value) : show(value);
  return `${path.length === 0 ? 'the options' : path.join('.')} is ${shown}; allowed: ${issue.message}`;
}

function keysAt(schema: z.ZodObject, path: readonly string[]): string[] {
  const part = path.reduce<z.ZodType>((at, key) => {
    const inner = (at as z.ZodObject).shape[key] as z.ZodType;
    return inner instanceof z.ZodOptional ? (inner.unwrap() as z.ZodType) : inner;
  }, schema);
  return Object.keys((part as z.ZodObject).shape);
}
