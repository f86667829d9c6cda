import { describe, expect, it } from 'vitest';
import { createBms, tick } from '../../firmware/bms';
import type { Config } from '../../firmware/config/config';
import { FAULT_SUITE, type SuiteScenario } from '../../sim/faults/suite';

function run(scenario: SuiteScenario): string | undefined {
  const channel = scenario.createWorld();
  const config = JSON.parse(JSON.stringify(scenario.config)) as Config;
  const bms = createBms(config, channel, 0);
  for (let now_ms = config.pace.fast_ms; ;) {
    channel.advanceTo(now_ms);
    const at_ms = now_ms;
    now_ms += tick(bms, at_ms);
    if (scenario.done(bms, at_ms)) return scenario.verdict(bms);
  }
}

describe('the suite of named scenarios', () => {
  it('has at least 40, each with a name of its own', () => {
    expect(FAULT_SUITE.length).toBeGreaterThanOrEqual(40);
    expect(new Set(FAULT_SUITE.map(({ name }) => name)).size).toBe(FAULT_SUITE.length);
  });
  it.each(FAULT_SUITE.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
    expect(run(scenario)).toBeUndefined();
  });
});
