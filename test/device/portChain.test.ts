/** From an empty flash to the last scenario: `build`, `flash`, `hil`, as they are typed. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { services } from '../../sim/cli/wiring';
import { SUITE } from '../../sim/hil/suite';
import type { HilReport } from '../../sim/results/types';
import { cli } from '../cli/harness';
import { LONG } from '../long';
import { onDevice } from './interpreter';
import { withTelnet } from './telnet';
import { hasTerminals, overTcp, withTerminal } from './terminal';

const HANDFUL = ['a full cycle', 'over-temperature opens', 'voltage stuck low', 'DAC resets itself', 'short behind'];

async function chain(port: string, scenarios: readonly string[] = []): Promise<HilReport> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'caldera-chain-'));
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli(args, services);
    expect(code, `${args.join(' ')}: ${stderr}${stdout}`).toBe(0);
    return stdout;
  };
  try {
    await run('build', '--board', 'cycler', '--out', path.join(folder, 'cycler.min.js'));
    const flashed = JSON.parse(await run('flash', '--port', port, '--json')) as { loader: boolean; start: object };
    expect(flashed).toMatchObject({ loader: true, start: { asFlashed: true } });
    const picked = scenarios.length > 0 ? ['--scenario', ...scenarios] : [];
    return JSON.parse(await run('hil', '--port', port, '--json', ...picked)) as HilReport;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function allPassed(report: HilReport, count: number): void {
  expect(report.scenarios.map(({ name, problem }) => problem && `${name}: ${problem}`).filter(Boolean)).toEqual([]);
  expect(report).toMatchObject({ passed: count, failed: 0 });
  for (const { ticks, worstTick_ms, differences, memory } of report.scenarios) {
    expect(ticks).toBeGreaterThan(40);
    expect(worstTick_ms).toBeGreaterThan(0);
    expect(differences).toEqual([]);
    // The firmware's, not of what stands in for the board.
    expect(memory!.booted).toBeLessThan(2800);
    expect(memory!.end - memory!.booted).toBeLessThan(100);
  }
}

const overTerminal = (use: (port: string) => Promise<void>): Promise<void> =>
  withTelnet((port) => overTcp(port, (wire) => withTerminal(wire, use)));

onDevice('from an empty flash over TCP', () => {
  it('a whole cycle and a handful of faults pass', { timeout: 300_000 }, () =>
    withTelnet(async (port) => allPassed(await chain(port, HANDFUL), HANDFUL.length)),
  );
  it.skipIf(!LONG)('every scenario passes', { timeout: 3_600_000 }, () =>
    withTelnet(async (port) => allPassed(await chain(port), SUITE.length)),
  );
});

onDevice('from an empty flash through a pseudo-terminal', () => {
  it.skipIf(!hasTerminals || !LONG)('a handful of scenarios passes', { timeout: 300_000 }, () =>
    overTerminal(async (port) => allPassed(await chain(port, HANDFUL), HANDFUL.length)),
  );
  it.skipIf(!hasTerminals || !LONG)('every scenario passes', { timeout: 3_600_000 }, () =>
    overTerminal(async (port) => allPassed(await chain(port), SUITE.length)),
  );
});
