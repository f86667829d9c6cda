import { describe, expect, it } from 'vitest';
import { createPlant } from '../../../sim/cell/createPlant';
import { detailedParameters } from '../../../sim/cell/detailed/parameters';
import { believedCell, drawnCell } from '../../../sim/profiles/drawn';
import { loadProfile } from '../../../sim/profiles/profile';
import {
  believedOf,
  BLOCKS_C,
  BLOCK_CYCLES,
  courseOf,
  labelOf,
  scenario,
  TURN,
  truthOf,
} from '../../../sim/study/steering/scenario';

describe('a scenario', () => {
  const own = scenario({ group: 'nominal', cell: 'afl-l1', seed: 3 });

  it('draws the true cell and what the firmware is told of it apart', () => {
    const kind = loadProfile('afl-l1');
    expect(truthOf(own)).toEqual(drawnCell(kind, 3));
    expect(believedOf(own)).toEqual(believedCell(kind, 3));
    expect(truthOf({ ...own, rule: 'R1' }).residueRule).toBe('R1');
    expect(truthOf(own).parameters.NO).not.toBe(kind.parameters.NO);
    expect(believedOf(own).parameters.NO).toBe(kind.parameters.NO);
  });

  it('draws the detailed plant along with the reduced one', () => {
    const kind = loadProfile('afl-l2');
    const drawn = drawnCell(kind, 3);
    const ratio = drawn.parameters.ilim / kind.parameters.ilim;
    expect(ratio).not.toBe(1);
    expect(detailedParameters(drawn).D0 / detailedParameters(kind).D0).toBeCloseTo(ratio, 9);
    const chi = drawn.parameters.chi / kind.parameters.chi;
    expect(detailedParameters(drawn).epsLayer * chi).toBeCloseTo(detailedParameters(kind).epsLayer, 9);
    expect(detailedParameters(drawn).c0).toBe(detailedParameters(kind).c0);
  });

  it('tells a firmware that knows only the limits no more than capacity and limits', () => {
    const kind = loadProfile('homs-ncm811');
    const told = believedOf(scenario({ group: 'unknown', cell: 'homs-ncm811', seed: 1, told: 'limits' }));
    const generic = loadProfile('afl-l1');
    expect(told.parameters).toEqual(generic.parameters);
    expect(told.area_cm2 * told.parameters.Qn).toBeCloseTo(kind.area_cm2 * kind.parameters.Qn, 9);
    expect([told.chargeCutoff_V, told.dischargeCutoff_V]).toEqual([kind.chargeCutoff_V, kind.dischargeCutoff_V]);
  });

  it('goes through the temperatures in blocks, and again', () => {
    const warm = scenario({ group: 'temperature', cell: 'afl-l1', seed: 1, course: 'temperature' });
    const truth = truthOf(warm);
    const cell = createPlant('reduced', truth, 25);
    const course = courseOf(warm, truth);
    const at = (cycle: number): number => {
      course(cell, cycle);
      return cell.temperature_C;
    };
    expect([1, BLOCK_CYCLES, BLOCK_CYCLES + 1, 2 * BLOCK_CYCLES + 1, 3 * BLOCK_CYCLES + 1].map(at)).toEqual([
      BLOCKS_C[0],
      BLOCKS_C[0],
      BLOCKS_C[1],
      BLOCKS_C[2],
      BLOCKS_C[0],
    ]);
  });

  it('turns one electrolyte into the other, for the very plant that is cycled', () => {
    const turned = scenario({ group: 'turned', cell: 'afl-l1', seed: 2, course: 'turned' });
    const truth = truthOf(turned);
    const cell = createPlant('reduced', truth, 25);
    const course = courseOf(turned, truth);
    const into = truthOf({ ...turned, cell: TURN.into });
    const from_ilim = truth.parameters.ilim;
    course(cell, TURN.from);
    expect(truth.parameters.ilim).toBe(from_ilim);
    course(cell, (TURN.from + TURN.to) / 2);
    expect(cell.profile.parameters.ilim).toBeCloseTo((from_ilim + into.parameters.ilim) / 2, 9);
    course(cell, TURN.to + 50);
    expect(cell.profile.parameters).toEqual(into.parameters);
    expect(truthOf(turned).parameters.ilim).toBe(from_ilim);
  });

  it('has a label that tells it from others', () => {
    expect(labelOf(own)).toBe('afl-l1 draw 3');
    expect(labelOf({ ...own, rule: 'R4', plant: 'detailed', spread: 0.3 })).toBe('afl-l1 R4 detailed wide draw 3');
  });
});
