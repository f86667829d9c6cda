import { describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { bundleFirmware } from '../../sim/build/bundle';
import { nestParts, takePartsOut } from '../../sim/build/split';

const PROGRAM = `
var seconds = 0;
function both(x) { return x + seconds; }
function onlyFirst(x) { return both(x) * 2; }
function shared(x) { return 'shared ' + x; }
var unused = 7;
seconds = 5;
use(both(1));
__part("first", { "run": first_run });
__part("second", { "run": second_run });
function first_run(x) { return shared(onlyFirst(x)); }
function second_run(x) { return shared(x + unused); }
`;

describe('what is split off', () => {
  const { code, parts } = takePartsOut(nestParts(PROGRAM));

  it('stands in its part, in what several parts share, or in the program, once each', () => {
    expect(Object.keys(parts).sort()).toEqual(['common', 'first', 'second']);
    const all = [code, ...Object.values(parts)];
    const where = (name: string): number[] =>
      all.flatMap((text, index) => (new RegExp(`function ${name}\\b|var ${name}\\b`).test(text) ? [index] : []));
    const [program, common, first, second] = [code, parts['common'], parts['first'], parts['second']].map((text) =>
      all.indexOf(text!),
    );
    expect(where('both')).toEqual([program]);
    expect(where('seconds')).toEqual([program]);
    expect(where('shared')).toEqual([common]);
    expect(where('onlyFirst')).toEqual([first]);
    expect(where('unused')).toEqual([second]);
  });

  it('does what it did when it is evaluated in the scope of the program', () => {
    const used: number[] = [];
    const run = (part: string, x: number): unknown =>
      runInNewContext(`(function(){${code};return (function(){eval(common);return eval(part)})().run(${x});})()`, {
        ...parts,
        part: parts[part],
        use: (value: number) => used.push(value),
      });
    expect(run('first', 3)).toBe('shared 16');
    expect(run('second', 3)).toBe('shared 10');
    expect(used).toEqual([6, 6]);
  });

  it('is nothing where there are no parts', () => {
    expect(takePartsOut(nestParts('var a = 1;'))).toEqual({ code: 'var a = 1;', parts: {} });
  });
});

it('a minified part finds the names of the program, and its properties where they were renamed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caldera-parts-'));
  try {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    file(
      'state.ts',
      'export const state = { charge_mC: 41, name: "cell" };\nexport function add(n: number) { state.charge_mC += n; }',
    );
    const entry = file(
      'main.ts',
      'import { state } from "./state";\ndeclare const out: any;\nout.state = state;\nout.open = function () { return evaluate(out.text); };\ndeclare const evaluate: any;\nexport {};',
    );
    const part = file(
      'part.ts',
      'import { add, state } from "./state";\nexport function count(by: number) { add(by); return state.charge_mC; }',
    );
    const options = { entry, parts: { more: { entry: part, calls: ['count'] } }, minify: true };
    const { code, parts, names } = await bundleFirmware({
      ...options,
      keep: new Set(['state', 'open', 'text', 'name']),
    });
    expect(code).not.toContain('charge_mC');
    const out: Record<string, unknown> & { open?: () => { count(by: number): number } } = {};
    runInNewContext(code, { out });
    out['text'] = parts['more'];
    expect(out.open!().count(1)).toBe(42);
    expect(out['state']).toEqual({ [names['charge_mC']!]: 42, name: 'cell' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
