import { describe, expect, it } from 'vitest';
import { Fault } from '../../firmware/protect/faults';
import { drawScenario } from '../../sim/faults/draw';
import { findInjection } from '../../sim/faults/injections';
import { checkScenario } from '../../sim/faults/scenario';

const RUNS = 10000;

describe('what a campaign is drawn from', () => {
  const drawn = Array.from({ length: RUNS }, (_, n) => drawScenario(1, n));

  it('has each row at least 50 times', () => {
    const counts = new Map<Fault, number>();
    for (const { injected } of drawn) {
      const row = injected?.must === 'be found' ? findInjection(injected.kind).row : null;
      if (row !== null) counts.set(row, (counts.get(row) ?? 0) + 1);
    }
    const rare: string[] = [];
    for (let fault: Fault = 1; fault < Fault.length; fault++)
      if ((counts.get(fault) ?? 0) < 50) rare.push(`${Fault[fault]} ${counts.get(fault) ?? 0}`);
    expect(rare).toEqual([]);
  });

  it('has a thousand clean runs, with fast discharges in the cold and the heat, aged cells and missions', () => {
    const clean = drawn.filter(({ injected }) => injected === null);
    expect(clean.length).toBeGreaterThanOrEqual(1000);
    expect(clean.every(({ sensorErrors }) => sensorErrors === 1)).toBe(true);
    for (const temperature_C of [0, 45])
      expect(
        clean.filter(({ state }) => state.rate_C === 3 && state.temperature_C === temperature_C).length,
      ).toBeGreaterThan(50);
    expect(clean.filter(({ state }) => state.kind === 'mission').length).toBeGreaterThan(100);
    expect(clean.filter(({ cell }) => cell.cycles >= 40).length).toBeGreaterThan(300);
  });

  it('is the same for a seed, and another for another', () => {
    expect(drawScenario(1, 7)).toEqual(drawn[7]);
    expect(drawScenario(2, 7)).not.toEqual(drawn[7]);
  });

  it('can be written to a file and read again', () => {
    for (const scenario of drawn.slice(0, 100))
      expect(checkScenario(JSON.parse(JSON.stringify(scenario)), 'file')).toEqual(scenario);
  });

  it('is of one row and one cell where that is asked for', () => {
    const only = { fault: Fault.ClockJump, cell: 'afl-l2' };
    for (let n = 0; n < 40; n++) {
      const { injected, cell } = drawScenario(1, n, only);
      expect(cell.profile).toBe('afl-l2');
      if (injected) expect(findInjection(injected.kind).row).toBe(Fault.ClockJump);
    }
  });
});
