import { describe, expect, test } from 'vitest';
import { describeMissions, runMissions } from '../../sim/mission/command';
import { missionCases, runMissionCase, type MissionCaseResult } from '../../sim/mission/study';
import { forecastFigures, gainFigures, missionTables } from '../../sim/mission/tables';
import { missionLivesPicture, missionPicture } from '../../sim/picture/mission';
import type { FlightSecond } from '../../sim/mission/missionRun';

const command = {
  mission: 'evtol',
  cell: 'afl-l2',
  plant: 'reduced',
  temperature_C: 25,
  mismatch: 0.2,
  seed: 3,
  missions: 3,
  advice: true,
} as const;

describe('The mission study', () => {
  const judged = missionCases().filter((own) => own.plant === 'reduced' && own.pace === null && own.variation === 0);
  const result = runMissionCase({ ...judged[0]!, most: 4 });

  test('has 8 cells, 3 residue rules and 2 missions on each electrolyte', () => {
    for (const cell of ['afl-l1', 'afl-l2']) {
      const here = judged.filter((own) => own.cell === cell);
      expect(here.length).toBe(8 * 3 * 2);
      expect(new Set(here.map(({ rule, seed, mission }) => `${rule} ${seed} ${mission}`)).size).toBe(48);
    }
  });

  test('runs a case that can be sent to a worker and back', () => {
    expect(structuredClone(result)).toEqual(result);
    expect(JSON.parse(JSON.stringify(result.missionCase))).toEqual(result.missionCase);
    expect(result.planned.missions).toBe(4);
    expect(result.advised.advised).toBe(4);
  });

  test('counts gains, losses and broken promises', () => {
    const life = (missions: number, promisedAndFailed: number): MissionCaseResult['planned'] => ({
      ...result.planned,
      missions,
      forecasts: {
        affordable: { flown: missions, failed: promisedAndFailed },
        'not affordable': { flown: 0, failed: 1 - promisedAndFailed },
        unsure: { flown: 0, failed: 0 },
        'no forecast': { flown: 0, failed: 0 },
      },
    });
    const results = [
      { ...result, planned: life(10, 0), advised: life(15, 1) },
      { ...result, planned: life(20, 0), advised: life(18, 0) },
    ];
    expect(gainFigures(results)).toMatchObject({ planned: 15, advised: 16.5, worse: 1 });
    expect(gainFigures(results).gain_pct).toBeCloseTo(10, 9);
    expect(gainFigures(results).meanGain_pct).toBeCloseTo((50 - 10) / 2, 9);
    expect(gainFigures(results).leastGain_pct).toBeCloseTo(-10, 9);
    const { missions, right_pct, brokenPromises } = forecastFigures(results);
    expect({ missions, brokenPromises }).toEqual({ missions: 63 + 4, brokenPromises: 1 });
    expect(right_pct).toBeCloseTo(100 * (1 - 1 / 67), 9);
    expect(missionTables(results)).toContain('| afl-l1 | all | 2 | 15.0 | 16.5 | +10.0 | +20.0 | -10.0 | 1 |');
  });
});

describe('Missions of one cell', () => {
  test('are reported one by one and drawn', async () => {
    const seconds: FlightSecond[] = [];
    const report = await runMissions(command, undefined, undefined, (second) => seconds.push({ ...second }));
    expect(report).toMatchObject({ cell: 'afl-l2', mission: 'evtol', summary: { missions: 3, failed: null } });
    expect(report.missions.map(({ n }) => n)).toEqual([1, 2, 3]);
    for (const { promised, flown, margin_s } of report.missions) {
      expect(flown).toBe(true);
      expect(promised).toBe('affordable');
      expect(margin_s).toBeGreaterThan(0);
    }
    expect(describeMissions(report)).toContain('3 flown');
    const first = seconds.filter(({ mission }) => mission === 1);
    const svg = missionPicture(first, first);
    for (const words of ['Power / W', 'Saturation', 'Time / min', 'With advice']) expect(svg).toContain(words);
    expect(svg).not.toContain('NaN');
    const lives = missionLivesPicture([
      { label: 'L1 evtol', planned: 24, advised: 31 },
      { label: 'L2 evtol', planned: 0, advised: 0 },
    ]);
    expect(lives).toContain('Missions as planned');
    expect(lives).not.toContain('NaN');
  });

  test('need a full cell', async () => {
    await expect(runMissions({ ...command, cell: 'afl-l1-half' })).rejects.toThrow(
      /--cell is "afl-l1-half", a half cell; allowed with --mission: a full cell/,
    );
  });
});
