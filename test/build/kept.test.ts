import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../firmware/config/unconfigured';
import { packConfig } from '../../firmware/config/packDefaults';
import { Policy } from '../../firmware/protect/faults';
import { build, packageFolder } from '../../sim/build/build';
import { keptNames } from '../../sim/build/kept';
import { SCENARIOS } from '../../sim/hil/scenarios';

function keysOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) found.add(key);
    keysOf(inner, found);
  }
  return found;
}

describe('names that the build keeps', () => {
  const kept = keptNames(packageFolder());

  it.each<[string, object]>([
    ['a channel', defaultConfig()],
    ['a pack', packConfig({ capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 }, 6, 1, 5, Policy.Flight)],
    ...SCENARIOS.map((scenario): [string, object] => [scenario.name, scenario.config]),
  ])('are all that stand in the configuration of %s', (_, config) => {
    for (const key of keysOf(JSON.parse(JSON.stringify(config)))) expect(kept).toContain(key);
  });

  it('are what the interpreter calls its own', () => {
    for (const name of ['readReg', 'writeTo', 'apply', 'length', 'indexOf', 'kickWatchdog', 'setConsole', 'memory'])
      expect(kept).toContain(name);
  });

  it('are few: what is the firmware’s own is renamed', async () => {
    const { names, code } = await build({ board: 'cycler' });
    for (const name of ['protection', 'estimator', 'whyDischarge', 'faultAt_ms']) {
      expect(names).toHaveProperty(name);
      expect(code).not.toContain(name);
    }
  });
});

it('the same sources make the same bytes, and tell their hash', async () => {
  const [first, second] = [await build({ board: 'cycler' }), await build({ board: 'cycler' })];
  expect(second).toEqual(first);
  expect(first.hash).toMatch(/^[0-9a-f]{16}$/);
  expect(first.code + Object.values(first.parts).join('')).toContain(first.hash);
  expect((await build({ board: 'cycler', production: true })).hash).not.toBe(first.hash);
});
