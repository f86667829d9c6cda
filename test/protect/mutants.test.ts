import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../../sim/build/build';
import { EQUIVALENT, isEquivalent } from '../../sim/safety/mutate/equivalent';
import { mutantsOf, mutated } from '../../sim/safety/mutate/mutants';
import { TestRunner } from '../../sim/safety/mutate/tests';

const changes = (source: string): string[] => mutantsOf('a.ts', source).map(({ was, is }) => `${was} -> ${is}`);

describe('the mistakes that are made on purpose', () => {
  it.each<[source: string, changes: string[]]>([
    ['let a = b < c;', ['< -> <=', '< -> >=']],
    ['let a = b !== c;', ['!== -> ===']],
    ['let a = b && c;', ['&& -> ||', 'b -> true', 'c -> true']],
    ['let a = b || c || d;', ['|| -> &&', 'd -> false', '|| -> &&', 'b -> false', 'c -> false']],
    ['let a = b + c * d;', ['+ -> -', '* -> /']],
    ['let a = -b;', ['-b -> b']],
    ['let a = !b;', ['!b -> b']],
    ['let a = -1;', ['1 -> 2', '1 -> 0']],
    ['let a = 0.5;', ['0.5 -> 0.55', '0.5 -> 0.45']],
    ['a++;', ['a++; -> ;', 'a++ -> a--']],
    ['a += b;', ['a += b; -> ;', '+= -> -=']],
    ['let a = Fault.OverVoltage;', ['Fault.OverVoltage -> (Fault.OverVoltage + 1)']],
    ['let a = Fault.length;', ['Fault.length -> (Fault.length - 1)']],
    ['let a = Math.min(b, c);', ['Math.min -> Math.max']],
    ['let a = Math.abs(b);', ['Math.abs(b) -> (b)']],
    ['let a = b ? c : d;', ['b -> true', 'b -> false']],
    ['function a() { if (b) return; }', ['b -> true', 'b -> false', 'return; -> ;']],
    ['let a = true;', ['true -> false']],
    ['interface A { b: 1 } enum B { c = 2 } let a: 3;', []],
  ])('%s', (source, expected) => {
    expect(changes(source)).toEqual(expected);
  });

  it('of a table: each of its elements, by name', () => {
    const source = 'function f() { if (a) return [1, b - 2]; return [3]; }';
    const inTable = mutantsOf('a.ts', source, (name, nth, index) => `${name}${nth}.${index}`).filter(
      ({ what }) => what,
    );
    expect(inTable.map(({ what, was, is }) => `${what}: ${was} -> ${is}`)).toEqual([
      'f0.0: 1 -> 1 + 1',
      'f0.0: 1 -> 1 - 1',
      'f0.1: b - 2 -> b - 2 + 1',
      'f0.1: b - 2 -> b - 2 - 1',
      'f1.0: 3 -> 3 + 1',
      'f1.0: 3 -> 3 - 1',
    ]);
  });

  it('are made where they are said to be', () => {
    const source = 'let a = 1;\nlet b = a < 2;\n';
    const mutant = mutantsOf('a.ts', source).find(({ is }) => is === '>=')!;
    expect(mutant.line).toBe(2);
    expect(mutated(source, mutant)).toBe('let a = 1;\nlet b = a >= 2;\n');
  });
});

describe('tests run against a mistake', () => {
  const root = packageFolder();
  const tests = [join(root, 'test/protect/switches.test.ts')];
  const path = join(root, 'firmware/protect/switches.ts');
  const source = readFileSync(path, 'utf8');
  const runner = new TestRunner(expect);

  it('fail by the test that notices it, and pass without it', async () => {
    expect(await runner.firstFailure(tests, new Map())).toBeUndefined();
    const wrong = source.replace('return Switch.Fault;', 'return Switch.Idle;');
    expect(wrong).not.toBe(source);
    expect(await runner.firstFailure(tests, new Map([[path, wrong]]))).toMatch(/^every state by every event > /);
    expect(await runner.firstFailure(tests, new Map())).toBeUndefined();
  });

  it('are not run when they do not use what is wrong', async () => {
    const engine = join(root, 'firmware/protect/engine.ts');
    expect(await runner.firstFailure(tests, new Map([[engine, 'throw new Error()']]))).toBeUndefined();
  });

  it('notice what cannot even be loaded', async () => {
    expect(await runner.firstFailure(tests, new Map([[path, 'throw new Error("broken")']]))).toMatch(/broken/);
  });
});

describe('a mistake that changes nothing', () => {
  it('is known by its line and its place in it', () => {
    const source = 'let a = b < c ? 0 : 0;';
    const mutants = mutantsOf('x/engine.ts', source).filter(({ was, is }) => was === '0' && is === '1');
    const entry = { file: 'engine.ts', line: 'c ? 0 : «0»', is: '1', why: '' };
    expect(mutants.map((mutant) => isEquivalent(entry, mutant, source))).toEqual([false, true]);
    expect(mutants.map((mutant) => isEquivalent({ ...entry, is: /2/ }, mutant, source))).toEqual([false, false]);
  });

  it('has a reason', () => {
    for (const { why } of EQUIVALENT) expect(why).not.toBe('');
  });
});
