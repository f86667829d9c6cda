/** Tries mistakes in a thread of its own, which can be stopped when one of them never ends. */
import fc from 'fast-check';
import { TestRunner } from './tests';

export interface Trial {
  /** Test files, in the order they are run. */
  tests: readonly string[];
  /** The file with the mistake in it; undefined: all files as they are. */
  changed: { path: string; source: string } | undefined;
}

let runner: Promise<TestRunner> | undefined;

/** vitest is a module that CommonJS cannot ask for. */
const importModule = new Function('name', 'return import(name)') as (name: string) => Promise<{ expect: unknown }>;

async function createRunner(): Promise<TestRunner> {
  // The same values each time: a mistake is noticed always or never. The smallest example is nobody's concern here.
  fc.configureGlobal({ seed: 1, endOnFailure: true });
  return new TestRunner((await importModule('vitest')).expect);
}

/** @returns the name of the test that noticed; undefined when none did */
export default async function tryMistake({ tests, changed }: Trial): Promise<string | undefined> {
  runner ??= createRunner();
  return (await runner).firstFailure(tests, new Map(changed && [[changed.path, changed.source]]));
}
