import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkMission, loadMission, missionNames, NOMINAL_V, phasePower_mW } from '../../sim/mission/mission';

const landing = { name: 'landing', role: 'landing', power_C: 5, duration_s: 30 };
const cruise = { name: 'cruise', role: 'cruise', power_W: 4, duration_s: 600 };
const mission = (own: Record<string, unknown>) => ({ name: 'm', description: 'd', phases: [cruise, landing], ...own });
const checked = (own: Record<string, unknown>) => () => checkMission(mission(own), 'm.json');

describe('A mission file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mission-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('has its usual values where nothing is given', () => {
    const { charge_C, chargedRest_s, groundRest_s, phases } = checkMission(mission({}), 'm.json');
    expect({ charge_C, chargedRest_s, groundRest_s }).toEqual({ charge_C: 0.2, chargedRest_s: 300, groundRest_s: 600 });
    expect(phases.map(({ pace }) => pace)).toEqual([{ least: 0.75, most: 1.25 }, null]);
  });

  test('gives power as a C-rate at the nominal voltage or in watts', () => {
    const [inWatts, inC] = checkMission(mission({}), 'm.json').phases;
    expect(phasePower_mW(inWatts!, 1000)).toBe(4000);
    expect(phasePower_mW(inC!, 1000)).toBeCloseTo(5 * 1000 * NOMINAL_V, 9);
  });

  test('is read from a file, and the ones that come with the program by name', () => {
    const file = join(folder, 'own.json');
    writeFileSync(file, JSON.stringify(mission({ name: 'own' })));
    expect(loadMission(file).name).toBe('own');
    for (const name of missionNames()) {
      const { phases } = loadMission(name);
      expect(phases[0]!.power_C).toBe(5);
      expect(phases.at(-1)).toMatchObject({ role: 'landing', power_C: 5 });
    }
    expect(missionNames().sort()).toEqual(['evtol', 'multirotor']);
  });

  test.each([
    [{ phases: [] }, /m\.json: phases is a list of 0; allowed: a list of 1 to 50/],
    [{ phases: 'none' }, /phases is "none"/],
    [{ phases: [cruise] }, /phases\[0\]\.role is "cruise"; allowed: "landing" for the last phase/],
    [{ phases: [landing, landing] }, /phases\[0\]\.role is "landing"; allowed: "landing" for the last phase/],
    [
      { phases: [cruise, { ...landing, role: 'fixed' }, landing] },
      /phases\[0\]\.role is "cruise"; allowed: for the phase before/,
    ],
    [
      { phases: [{ ...landing, duration_s: 0 }] },
      /phases\[0\]\.duration_s is 0 s; allowed: a whole number, 1 to 86400 s/,
    ],
    [{ phases: [{ ...landing, power_C: -1 }] }, /phases\[0\]\.power_C is -1 C/],
    [{ phases: [{ ...landing, power_W: 3 }] }, /phases\[0\] has power_C 5 and power_W 3; allowed: one of them/],
    [{ phases: [{ ...landing, power_C: undefined }] }, /has power_C missing and power_W missing/],
    [
      { phases: [{ ...landing, pace: { least: 0.5, most: 1 } }] },
      /phases\[0\]\.pace .* allowed: with role "cruise" only/,
    ],
    [
      { phases: [{ ...cruise, pace: { least: 0.1, most: 1 } }, landing] },
      /pace\.least is 0\.1 \(of planned power\); allowed: 0\.3 to 1/,
    ],
    [{ phases: [{ ...landing, role: 'hover' }] }, /phases\[0\]\.role is "hover"; allowed: fixed, cruise, landing/],
    [{ charge_C: '1C' }, /charge_C is "1C"; allowed: 0\.05 to 2 C/],
    [{ weight_kg: 3 }, /unknown field "weight_kg"/],
    [{ name: '' }, /name is ""; allowed: a text/],
  ])('refuses %j', (own, message) => {
    expect(checked(own)).toThrow(message);
  });

  test('that is none of the built-in ones says which there are', () => {
    expect(() => loadMission('glider')).toThrow(
      /mission "glider" is unknown; allowed: multirotor, evtol, or a FILE\.json/,
    );
    expect(() => loadMission(join(folder, 'none.json'))).toThrow(/cannot be read: ENOENT/);
  });
});
