import { describe, expect, it } from 'vitest';
import { Fault } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { faultOfName, findFault, nameOfId } from '../../sim/faults/names';

describe('the spellings of a row', () => {
  it('lead to it, and to no other', () => {
    for (let fault: Fault = 1; fault < Fault.length; fault++) {
      const [id, name] = [Fault[fault]!, faultName(fault)];
      for (const text of [id, name, id.toLowerCase(), name.toUpperCase(), name.replace(/[ -]/g, '')])
        expect([text, findFault(text)]).toEqual([text, fault]);
      expect(nameOfId(id)).toBe(name);
    }
  });

  it('of no row lead nowhere', () => {
    for (const text of ['', 'none', 'None', 'length', '1', 'fault 1', 'ShortCircuit'])
      expect([text, findFault(text)]).toEqual([text, undefined]);
    for (const id of ['ShortCircuit', '1', 'toString']) expect(nameOfId(id)).toBe(id);
  });

  it('that are wrong are refused with the nearest, or all', () => {
    expect(() => faultOfName('over-volage')).toThrow('--fault is "over-volage"; did you mean over-voltage?');
    expect(() => faultOfName('Nothing')).toThrow(/^--fault is "Nothing"; allowed: over-voltage, .*, brown-out$/);
    expect(() => faultOfName('Nothing', 'fault')).toThrow(/^fault is "Nothing"/);
  });
});
