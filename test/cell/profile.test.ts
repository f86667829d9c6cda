import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../sim/errors';
import { checkProfile, loadProfile, profileNames } from '../../sim/profiles/profile';
import aflL1 from '../../sim/profiles/afl-l1.json';

function edited(edit: (profile: typeof aflL1) => void): unknown {
  const copy = structuredClone(aflL1);
  edit(copy);
  return copy;
}

describe('built-in profiles', () => {
  it('are all valid', () => expect(profileNames().map((name) => loadProfile(name).name)).toEqual(profileNames()));

  it('L2 differs from L1 by its limiting current and by what becomes of residue and isolated lithium, nothing else', () => {
    const l1 = loadProfile('afl-l1').parameters;
    const l2 = loadProfile('afl-l2').parameters;
    expect(l1.ilim / l2.ilim).toBeCloseTo(0.7, 1);
    const { ilim, b1, r, d0 } = l1;
    expect({ ...l2, ilim, b1, r, d0 }).toEqual(l1);
  });
});

describe('a wrong profile is refused with field, value, unit and what is allowed', () => {
  const rows: [string, unknown, RegExp][] = [
    [
      'negative parameter',
      edited((p) => (p.parameters.assumed.slowMode_s = -120)),
      /^my\.json: slowMode_s is -120 s; allowed: 0.1 to 100000 s$/,
    ],
    [
      'missing parameter',
      edited((p) => delete (p.parameters.fitted as Partial<typeof p.parameters.fitted>).seiYield),
      /seiYield is missing; allowed: 0 to 1/,
    ],
    ['not a number', edited((p) => (p.area_cm2 = 'big' as never)), /area_cm2 is "big"; allowed: 0.01 to 1000000 cm2/],
    [
      'unknown parameter',
      edited((p) => ((p.parameters.fitted as never as Record<string, number>).seiYeld = 1)),
      /seiYeld/,
    ],
    ['unknown field', edited((p) => ((p as never as Record<string, number>).colour = 1)), /unknown field "colour"/],
    ['cut-offs swapped', edited((p) => (p.chargeCutoff_V = 2.5)), /chargeCutoff_V is 2.5 V; allowed: above/],
    ['unknown base', { name: 'x', basedOn: 'afl-l9' }, /basedOn is "afl-l9"; allowed: afl-l1/],
    ['no name of its own', { basedOn: 'afl-l1', area_cm2: 1 }, /^my\.json: name is missing; allowed: a text$/],
    ['neither base nor kind', { name: 'x', area_cm2: 1 }, /^my\.json: basedOn is missing; allowed: afl-l1.*kind/],
    [
      'more than its cathode holds, which is inherited',
      { name: 'x', basedOn: 'afl-l1', parameters: { taken: { capacity_mAh_cm2: 4 } } },
      /^my\.json: capacity_mAh_cm2 is 4 mAh\/cm2; allowed: at most cathodeCapacity_mAh_cm2 \(3.35 mAh\/cm2, inherited from "afl-l1"\)$/,
    ],
    ['not an object', [1, 2], /allowed: a JSON object/],
  ];
  it.each(rows)('%s', (_, json, message) => {
    expect(() => checkProfile(json, 'my.json')).toThrow(InputError);
    expect(() => checkProfile(json, 'my.json')).toThrow(message);
  });

  it('unknown name, missing file, not JSON', () => {
    const folder = mkdtempSync(join(tmpdir(), 'caldera-'));
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{ "name": ');
    expect(() => loadProfile('afl-l9')).toThrow(/"afl-l9" is unknown; allowed: afl-l1/);
    expect(() => loadProfile(join(folder, 'none.json'))).toThrow(/cannot be read/);
    expect(() => loadProfile(file)).toThrow(/is not JSON/);
    rmSync(folder, { recursive: true });
  });

  it('a file based on a built-in profile gives only what differs', () => {
    const mine = { name: 'mine', basedOn: 'afl-l1', parameters: { fitted: { limitingCurrent_mA_cm2: 18 } } };
    const profile = checkProfile(mine, 'mine.json');
    expect(profile.parameters.ilim).toBe(18);
    expect(profile.area_cm2).toBe(333);
  });
});
