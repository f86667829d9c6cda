/** Reads and checks a design file. Every refusal is one line: which field, its value, what is allowed. */
import { basename, dirname, extname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { show } from '../../checkJson';
import { InputError } from '../../errors';
import { readText } from '../../readText';
import { allowedAt, designSchema, hint, type Design } from './design';

/** @param file YAML or JSON @throws InputError */
export function readDesign(file: string): Design {
  const json = parse(readText(file, 'the design'), file);
  const design = checkDesign(json, file);
  const names = basename(file, extname(file)).replace(/[^\w.-]/g, '-');
  return { ...design, name: (json as { name?: string }).name ?? names, files: filesOf(design, file) };
}

/** @param where names it in refusals @throws InputError */
export function checkDesign(json: unknown, where: string): Design {
  const { success, data, error } = designSchema.safeParse(json);
  if (!success) throw new InputError(`${where}: ${refusal(error.issues[0]!, json)}`);
  return { ...(data as Omit<Design, 'files'>), name: data.name ?? 'sweep', files: {} };
}

function parse(text: string, file: string): unknown {
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new InputError(`${file}: not YAML or JSON: ${problem.message.split('\n')[0]}`);
  return document.toJS();
}

type Issue = z.core.$ZodIssue;

function refusal(issue: Issue, json: unknown): string {
  // Of several forms, the one that was meant is the one that was refused deepest within.
  const inner = issue.code === 'invalid_union' ? deepest(issue.errors.flat()) : undefined;
  if (inner && (inner.path.length > 0 || inner.code === 'unrecognized_keys'))
    return refusal({ ...inner, path: [...issue.path, ...inner.path] } as Issue, json);
  const place = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const field = place.replace(/^\./, '');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return `unknown field "${field === '' ? '' : `${field}.`}${key}"; allowed: ${allowedAt(issue.path)}${hint(key)}`;
  }
  return `${field === '' ? 'the design' : field} is ${show(valueAt(json, issue.path))}; allowed: ${issue.message}`;
}

const deepest = (issues: readonly Issue[]): Issue | undefined =>
  [...issues].sort((a, b) => b.path.length - a.path.length || rank(b) - rank(a))[0];
const rank = (issue: Issue): number => (issue.code === 'unrecognized_keys' ? 1 : 0);

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined | null)?.[key], json);
}

/** Cells and missions from files beside the design, with their content. */
function filesOf({ run, grid }: Design, file: string): Record<string, string> {
  const named = ['cell', 'told', 'mission'].flatMap((key) => [run[key], ...grid.flatMap((one) => one[key] ?? [])]);
  const files: Record<string, string> = {};
  for (const name of named)
    if (typeof name === 'string' && /\.json$/i.test(name))
      files[name] ??= readText(resolve(dirname(file), name), 'the file');
  return files;
}
