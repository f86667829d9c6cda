import { describe, expect, test } from 'vitest';
import { flyLife } from '../../sim/mission/flyLife';
import { loadMission, type Mission } from '../../sim/mission/mission';
import { MissionRun, type FlightSecond, type MissionOptions } from '../../sim/mission/missionRun';
import { believedCell, drawnCell } from '../../sim/profiles/drawn';
import { loadProfile } from '../../sim/profiles/profile';

const nominal = loadProfile('afl-l1');
const options = (own: Partial<MissionOptions> = {}): MissionOptions => ({
  mission: loadMission('evtol'),
  truth: drawnCell(nominal, 1),
  believed: believedCell(nominal, 1),
  plant: 'reduced',
  temperature_C: 25,
  seed: 1,
  variation: 0,
  advice: false,
  ...own,
});
const withLanding = (landing: Partial<Mission['phases'][number]>): Mission => {
  const mission = loadMission('evtol');
  Object.assign(mission.phases.at(-1)!, landing);
  return mission;
};
const flown = (own: Partial<MissionOptions>): { seconds: FlightSecond[]; run: MissionRun } => {
  const seconds: FlightSecond[] = [];
  return { seconds, run: new MissionRun(options({ ...own, onSecond: (second) => seconds.push(second) })) };
};

describe('A mission', () => {
  test('asks for its power second by second', () => {
    const { seconds, run } = flown({});
    const result = run.fly();
    expect(result.flown).toBe(true);
    expect(seconds.length).toBe(45 + 1800 + 45);
    const nominal_W = (nominal.parameters.Qn * nominal.area_cm2 * 3.7) / 1000;
    const late = (phase: string) => seconds.filter((second) => second.phase === phase).at(-1)!.power_W / nominal_W;
    expect(late('take-off')).toBeCloseTo(5, 1);
    expect(late('cruise')).toBeCloseTo(1, 2);
    expect(result.energy_Wh).toBeCloseTo(
      seconds.reduce((sum, { power_W }) => sum + power_W / 3600, 0),
      9,
    );
  });

  test('with advice takes the same energy and the same time for the cruise, and begins the landing with less saturation', () => {
    const as = [false, true].map((advice) => {
      const { seconds, run } = flown({ advice });
      const result = run.fly();
      const cruise = seconds.filter(({ phase }) => phase === 'cruise');
      return { result, count: cruise.length, end: cruise.at(-1)! };
    });
    const [planned, advised] = as as [(typeof as)[0], (typeof as)[0]];
    expect(advised.result.advice).toMatchObject({ reason: 'Advised', late: 0.6 });
    expect(advised.count).toBe(planned.count);
    expect(advised.result.cruise_Wh / planned.result.cruise_Wh).toBeCloseTo(1, 3);
    expect(advised.end.saturation).toBeLessThan(0.8 * planned.end.saturation);
    expect(advised.end.power_W).toBeCloseTo(0.6 * planned.end.power_W, 1);
  });

  test('that the cell cannot fly fails where its voltage reaches the cut-off', () => {
    const result = new MissionRun(options({ mission: withLanding({ duration_s: 600 }) })).fly();
    expect(result.flown).toBe(false);
    expect(result.failed).toMatchObject({ phase: 'landing', asked_s: 600 });
    expect(result.failed!.after_s).toBeLessThan(120);
    expect(result.minVoltage_V).toBeLessThanOrEqual(nominal.dischargeCutoff_V);
    expect(result.promised).not.toBe('affordable');
    expect(flyLife(options({ mission: withLanding({ duration_s: 600 }) }), 5)).toMatchObject({ missions: 0 });
  });

  test('is the same again for the same seed, and another when the demand varies', () => {
    const fly = (own: Partial<MissionOptions>) => new MissionRun(options(own)).fly();
    expect(fly({})).toEqual(fly({}));
    expect(fly({ variation: 0.05 }).energy_Wh).not.toBeCloseTo(fly({}).energy_Wh, 4);
  });
});

describe('A life in missions', () => {
  const lives = [false, true].map((advice) => flyLife(options({ advice }), 60));
  const [planned, advised] = lives as [(typeof lives)[0], (typeof lives)[0]];

  test('is longer with advice', () => {
    expect(planned.missions).toBeGreaterThan(10);
    expect(advised.missions).toBeGreaterThan(1.1 * planned.missions);
    expect(advised.advised).toBe(advised.missions + 1);
    expect(advised.cruise_Wh).toBeCloseTo(planned.cruise_Wh, 3);
  });

  test('ends with a landing that was not promised, or that fell short by less than 5 %', () => {
    for (const life of lives) {
      expect(life.failed!.phase).toBe('landing');
      expect(life.brokenBy_pct).toBeLessThan(5);
      expect(life.forecasts.affordable.flown).toBeGreaterThan(0.9 * life.missions);
      expect(life.forecasts['not affordable'].flown).toBe(0);
    }
  });
});

test('the detailed plant, which the firmware does not know, is promised no landing that it cannot make', () => {
  const detailed = loadProfile('afl-l1');
  const run = new MissionRun(options({ mission: loadMission('multirotor'), plant: 'detailed', truth: detailed }));
  const result = run.fly();
  expect(result.failed?.phase).toBe('landing');
  expect(result.promised).toBe('unsure');
});
