import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ROOT = import.meta.dirname;

/** These take longest and begin first, lest one core waits for them in the end; portChain and port have the one TCP port by turns. */
const LONGEST = [
  'device/faultSuite',
  'device/port',
  'build/measure',
  'web/explore',
  'device/portChain',
  'sweep/killed',
  'web/live',
  'faults/campaign',
  'flash/interrupted',
  'campaign/steered',
];
const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return at < 0 ? LONGEST.length : at;
};
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** Our modules but the tests' own: Node loads them by itself. Coverage is counted in vitest's modules alone. */
const ours = new RegExp(`^${ROOT.replace(/\W/g, '\\$&')}/(firmware|hal|sim)/.*\\.ts$`);
const native = {
  execArgv: ['--import', pathToFileURL(join(ROOT, 'test', 'nativeModules.mjs')).href],
  server: { deps: { external: [ours] } },
};
const isCovering = process.argv.some((argument) => argument.startsWith('--coverage'));

export default defineConfig({
  test: {
    // Two processor cores are what we count on; some tests bring workers of their own.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A PC's interpreter now and then loses what it is typed (docs/interpreter.md); the report names what passed only then.
    retry: process.env.CI ? 3 : 0,
    // Files share their modules, which saves a minute: none may put something else in a module's place.
    isolate: false,
    ...(isCovering ? {} : native),
  },
});
