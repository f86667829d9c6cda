/** Which property names the firmware shares with the world around it: all others may be shortened. */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** What is read from or written to JSON. */
const OUTSIDE = ['Config', 'PackConfig'];
/** Whose every word may be a name of the interpreter's, or of an interface that its objects fill as they are. */
const INTERPRETER = ['firmware/language.d.ts', 'hal/bus.ts', 'hal/espruino'];

/** @param folder in which `firmware` and `hal` lie */
export function keptNames(folder: string): Set<string> {
  const kept = new Set<string>();
  for (const name of INTERPRETER)
    for (const file of filesIn(path.join(folder, name)))
      for (const [word] of readFileSync(file, 'utf8').matchAll(/[A-Za-z_$][\w$]*/g)) kept.add(word);
  const interfaces = readInterfaces(folder);
  const pending = [...OUTSIDE];
  const seen = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const body = interfaces.get(name);
    if (body === undefined || seen.has(name)) continue;
    seen.add(name);
    for (const [, field] of body.matchAll(/(\w+)\??:/g)) kept.add(field!);
    for (const [word] of body.matchAll(/\b[A-Z]\w+/g)) pending.push(word);
  }
  return kept;
}

/** Bodies of the interfaces, without comments, by name. */
function readInterfaces(folder: string): Map<string, string> {
  const interfaces = new Map<string, string>();
  for (const root of ['firmware', 'hal'])
    for (const file of filesIn(path.join(folder, root))) {
      const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      for (const [, name, body] of text.matchAll(/^(?:export )?interface (\w+)([^{]*\{[\s\S]*?)^\}/gm))
        interfaces.set(name!, body!);
      for (const [, name, body] of text.matchAll(/^(?:export )?type (\w+) =([\s\S]*?);$/gm))
        interfaces.set(name!, body!);
    }
  return interfaces;
}

function filesIn(place: string): string[] {
  if (place.endsWith('.ts')) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => path.join(place, name));
}
