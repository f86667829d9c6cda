/**
 * Runs test files written for vitest in this thread, over and over, with another source in place of one file each time. vitest
 * itself starts anew for each run, which takes longer than most tests here.
 *
 * Of vitest it has what the tests of the protection use: `describe`, `it` and their `each`, and vitest's own `expect`. What
 * else a test asks for is undefined, and the test fails.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

interface Test {
  name: string;
  run: () => unknown;
}

/** Collects the tests of a file instead of running them. */
function collector(tests: Test[], expect: unknown): object {
  let prefix = '';
  const describe = (name: string, body: (...values: unknown[]) => void, values: unknown[] = []): void => {
    const outer = prefix;
    prefix = `${outer}${name} > `;
    body(...values);
    prefix = outer;
  };
  const it = (name: string, run: (...values: unknown[]) => unknown, values: unknown[] = []): void => {
    tests.push({ name: prefix + name, run: () => run(...values) });
  };
  const each =
    (define: typeof it) =>
    (rows: unknown[]) =>
    (name: string, body: (...values: unknown[]) => void): void =>
      rows.forEach((row, k) => define(`${name} [${k}]`, body, Array.isArray(row) ? row : [row]));
  return {
    expect,
    describe: Object.assign(describe, { each: each(describe) }),
    it: Object.assign(it, { each: each(it) }),
  };
}

/** What a file gives when it is loaded. */
type Exports = Record<string, unknown>;

/** A file as a function of what CommonJS gives it. */
type Body = (
  exports: Exports,
  require: (name: string) => unknown,
  module: { exports: Exports },
  filename: string,
  dirname: string,
) => void;

export class TestRunner {
  private readonly transpiled = new Map<string, Body>();

  /** @param expect vitest's, which it can only be asked for as a module of its own kind */
  constructor(private readonly expect: unknown) {}

  /**
   * Runs the tests of these files up to the first that fails.
   * @param instead sources, by path, that take the place of what the files hold; tests that use none of them are left out
   * @returns the name of the test that failed; undefined when none did
   */
  async firstFailure(files: readonly string[], instead: ReadonlyMap<string, string>): Promise<string | undefined> {
    for (const file of files) {
      const loaded = new Map<string, Exports>();
      const tests: Test[] = [];
      try {
        this.load(file, instead, loaded, collector(tests, this.expect));
      } catch (error) {
        return `${file}: ${String(error)}`;
      }
      if (instead.size > 0 && ![...instead.keys()].some((path) => loaded.has(path))) continue;
      for (const { name, run } of tests) {
        try {
          await run();
        } catch {
          return name;
        }
      }
    }
    return undefined;
  }

  private load(
    path: string,
    instead: ReadonlyMap<string, string>,
    loaded: Map<string, Exports>,
    vitest: object,
  ): Exports {
    const before = loaded.get(path);
    if (before !== undefined) return before;
    const module = { exports: {} as Exports };
    loaded.set(path, module.exports);
    const fromHere = createRequire(path);
    const require = (name: string): unknown => {
      if (name === 'vitest') return vitest;
      const source = name.startsWith('.') ? sourceOf(join(dirname(path), name)) : undefined;
      return source === undefined ? fromHere(name) : this.load(source, instead, loaded, vitest);
    };
    this.body(path, instead.get(path))(module.exports, require, module, path, dirname(path));
    loaded.set(path, module.exports);
    return module.exports;
  }

  private body(path: string, changed: string | undefined): Body {
    const known = changed === undefined ? this.transpiled.get(path) : undefined;
    if (known !== undefined) return known;
    const { outputText } = ts.transpileModule(changed ?? readFileSync(path, 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    });
    const body = new Function('exports', 'require', 'module', '__filename', '__dirname', outputText) as Body;
    if (changed === undefined) this.transpiled.set(path, body);
    return body;
  }
}

/** The TypeScript file that an import names; undefined when there is none. */
function sourceOf(path: string): string | undefined {
  return [path, `${path}.ts`].find((file) => file.endsWith('.ts') && existsSync(file));
}
