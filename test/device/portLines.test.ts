/** What `caldera hil` shows of each scenario while it runs, and of a run that ends early. */
import { expect, test } from 'vitest';
import { run } from '../../sim/cli/run';
import type { Services } from '../../sim/cli/services';
import { scenarioResult } from '../../sim/hil/target';
import type { Hil } from '../../sim/results/types';

const LOST = 'tcp://127.0.0.1:2323: the connection is gone: the other side closed the connection';

/** Two scenarios of three, then the cable is pulled. */
const hil: Hil = (options) => {
  const scenarios = [
    scenarioResult({ name: 'current stuck', ticks: 50, worstTick_ms: 7.26, problem: undefined }),
    scenarioResult({ name: 'sense wire open', ticks: 48, problem: 'no fault was raised' }),
  ];
  scenarios.forEach((result, index) => options.onScenario?.(result, index + 1, 3));
  const memory = { usage: 0, total: 0 };
  return Promise.resolve({ target: 'cycler', interpreter: 'x', scenarios, memory, passed: 1, failed: 1, lost: LOST });
};

async function shown(showsProgress: boolean): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: '', stderr: '' };
  const code = await run(['hil', '--port', 'tcp://127.0.0.1:2323'], { hil } as Services, {
    stdout: (text) => void (out.stdout += text),
    stderr: (text) => void (out.stderr += text),
    showsProgress,
    signal: new AbortController().signal,
  });
  return { code, ...out };
}

test('a line for each scenario on a terminal, nothing elsewhere', async () => {
  const { stderr } = await shown(true);
  expect(stderr.replaceAll('\r\x1b[K', '').split('\n')).toEqual([
    '1/3 pass  current stuck: 50 ticks, the longest 7.3 ms',
    '2/3 FAIL  sense wire open: 48 ticks',
    '',
  ]);
  expect((await shown(false)).stderr).toBe('');
});

test('a run that ends early says why, keeps its results and fails', async () => {
  const { code, stdout } = await shown(false);
  expect(code).toBe(1);
  expect(stdout).toContain(`it ended early: ${LOST}\n`);
  expect(stdout).toContain('current stuck');
  expect(stdout).toContain('sense wire open: no fault was raised\n');
});
