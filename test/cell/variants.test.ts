import { describe, expect, it } from 'vitest';
import { InputError } from '../../sim/errors';
import { loadProfile } from '../../sim/profiles/profile';
import { memberCount } from '../../sim/profiles/variants';

describe('members of an ensemble', () => {
  it('change the fitted parameters of a cell and of those it is based on, nothing else', () => {
    const [l2, member] = [loadProfile('afl-l2'), loadProfile('afl-l2#1')];
    expect(member.name).toBe('afl-l2#1');
    expect(member.parameters.ilim).not.toBe(l2.parameters.ilim);
    expect(member.parameters.ah).toBe(loadProfile('afl-l1#1').parameters.ah);
    expect(member.parameters.b1).not.toBe(loadProfile('afl-l1#1').parameters.b1);
    expect(member.parameters.kap).toBe(l2.parameters.kap);
  });

  it.each([
    ['afl-l1#0', `allowed: 1 to ${memberCount}`],
    [`afl-l1#${memberCount + 1}`, `allowed: 1 to ${memberCount}`],
    ['afl-l1#x', `allowed: 1 to ${memberCount}`],
    ['homs-lfp#1', 'allowed: afl-l1, afl-l2'],
    ['nothing#1', 'is unknown'],
  ])('%s is refused: %s', (name, reason) => {
    expect(() => loadProfile(name)).toThrow(InputError);
    expect(() => loadProfile(name)).toThrow(reason);
  });
});

describe('residue rules', () => {
  it('come with the parameters that were fitted under them', () => {
    const [r0, r4] = [loadProfile('afl-l1'), loadProfile('afl-l1', 'R4')];
    expect([r0.residueRule, r4.residueRule]).toEqual(['R0', 'R4']);
    expect(r4.parameters).not.toEqual(r0.parameters);
    expect(loadProfile('afl-l1', 'R0')).toEqual(r0);
  });

  it('are refused for a cell that was fitted with one only, and for a member', () => {
    expect(() => loadProfile('homs-lfp', 'R1')).toThrow(/residue rule R1: cell "homs-lfp" was fitted with R0 only/);
    expect(() => loadProfile('afl-l1#1', 'R1')).toThrow(InputError);
  });
});
