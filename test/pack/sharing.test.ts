import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import { InputError } from '../../sim/errors';
import { withResistance } from '../../sim/pack/build';
import { Group, type PackCellOptions } from '../../sim/pack/group';
import { Pack } from '../../sim/pack/pack';
import { loadProfile } from '../../sim/profiles/profile';
import { knownPlant } from './knownPlant';

const profile = loadProfile('afl-l1');
const charged = new Cell(profile, 25);
runStep(charged, -0.6, { until_V: profile.chargeCutoff_V, longest_s: 1e5 });
runStep(charged, 0, { longest_s: 3600 });

/** A charged and rested cell, its resistance scaled. */
function chargedCell(resistanceScale = 1, temperature_C = 25): Cell {
  const cell = new Cell(withResistance(profile, resistanceScale), temperature_C);
  cell.copyFrom(charged);
  cell.temperature_C = temperature_C;
  return cell;
}

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

/** The voltage of a cell at the group's node, worked out from the outside. */
const atNode_V = (group: Group, k: number): number =>
  group.cells[k]!.plant.voltage_V - group.current_A[k]! * group.cells[k]!.resistance_ohm;

function expectShared(pack: Pack, current_A: number): void {
  for (const group of pack.groups) {
    const scale_A = Math.max(1, ...group.current_A.map(Math.abs));
    expect(Math.abs(sum(group.current_A) - current_A)).toBeLessThan(1e-13 * scale_A);
    expect(group.residual_V).toBeLessThan(1e-4);
  }
}

describe('cells with a known answer', () => {
  it('linear: currents as by Kirchhoff, with external resistance and area', () => {
    const group = new Group([
      { plant: knownPlant((i) => 4 - 0.1 * i) },
      { plant: knownPlant((i) => 4.05 - 0.1 * i), resistance_ohm: 0.1 },
      { plant: knownPlant((i) => 3.9 - 0.2 * i), areaScale: 2 },
    ]);
    group.step(3, 1);
    // Conductances 10, 5 and 10 S behind 4.00, 4.05 and 3.90 V.
    const voltage_V = (10 * 4 + 5 * 4.05 + 10 * 3.9 - 3) / 25;
    expect(group.voltage_V).toBeCloseTo(voltage_V, 5);
    expect(group.current_A[0]).toBeCloseTo(10 * (4 - voltage_V), 4);
    expect(group.current_A[1]).toBeCloseTo(5 * (4.05 - voltage_V), 4);
    expect(group.current_A[2]).toBeCloseTo(10 * (3.9 - voltage_V), 4);
    expect(group.bisected).toBe(0);
  });

  it('a cell at a wall hands its current to its neighbour, where the secant does not get through', () => {
    // The first cell gives 1 A with hardly a loss, and then hardly more: 1 V is lost within 10 mA.
    const wall = (i: number): number => 4 - 1e-3 * i - 0.5 * (1 + Math.tanh((i - 1) / 2e-3));
    const group = new Group([{ plant: knownPlant(wall) }, { plant: knownPlant((i) => 4 - 0.1 * i) }]);
    group.step(3, 1);
    expect(group.bisected).toBe(1);
    expect(group.residual_V).toBeLessThan(1e-5);
    expect(group.voltage_V).toBeCloseTo(3.8, 3);
    expect(group.current_A[0]).toBeCloseTo(1, 2);
    expect(sum(group.current_A)).toBeCloseTo(3, 12);
    group.step(0.5, 1);
    expect(group.residual_V).toBeLessThan(1e-5);
    expect(group.current_A[0]).toBeCloseTo((0.5 * 0.1) / 0.101, 3);
  });

  it('a cell below its nucleation overpotential takes nothing: its neighbour takes all', () => {
    const barred = (i: number): number => 3.6 - 0.01 * i + (i < 0 ? 0.03 : 0);
    const group = new Group([{ plant: knownPlant(barred) }, { plant: knownPlant((i) => 3.6 - 0.01 * i) }]);
    group.step(-2, 1);
    expect([...group.current_A]).toEqual([0, -2]);
    expect(group.voltage_V).toBeCloseTo(3.62, 5);
    expect(group.residual_V).toBeLessThan(1e-5);
    // With 3 A and more the group's voltage overcomes the barrier.
    group.step(-5, 1);
    expect(group.current_A[0]).toBeCloseTo(-1, 3);
    expect(group.current_A[1]).toBeCloseTo(-4, 3);
  });
});

describe('the twin in parallel', () => {
  it('one cell alone is the bare cell, to the last bit', () => {
    const pack = new Pack([[{ plant: chargedCell() }]]);
    const cell = chargedCell();
    for (const [current_A, dt_s] of [
      [1, 5],
      [1, 60],
      [0, 60],
      [-0.4, 300],
      [2.5, 30],
    ] as const) {
      pack.step(current_A, dt_s);
      cell.step((1000 * current_A) / cell.area_cm2, dt_s);
      expect(pack.voltage_V).toBe(cell.voltage_V);
      expect(pack.cells[0]!.plant.active).toBe(cell.active);
    }
  });

  it('equal cells share equally, and do as one cell', () => {
    const pack = new Pack([Array.from({ length: 5 }, () => ({ plant: chargedCell(), resistance_ohm: 0.002 }))]);
    const cell = chargedCell();
    for (let n = 0; n < 60; n++) {
      const current_A = n < 40 ? 4 : n < 50 ? 0 : -1;
      pack.step(current_A, 60);
      cell.step((1000 * current_A) / 5 / cell.area_cm2, 60);
      for (const each_A of pack.groups[0]!.current_A) expect(each_A).toBeCloseTo(current_A / 5, 13);
      expect(pack.voltage_V).toBeCloseTo(cell.voltage_V - (current_A / 5) * 0.002, 11);
    }
  });

  it('a cell of twice the resistance gives less at first and more near the end', () => {
    const pack = new Pack([[{ plant: chargedCell() }, { plant: chargedCell(2) }]]);
    const [group] = pack.groups as [Group];
    pack.step(2, 1);
    // Ohmic and charge-transfer parts are the larger share of the resistance at first.
    expect(group.current_A[1]! / group.current_A[0]!).toBeLessThan(0.75);
    let dt_s = 1;
    while (pack.voltage_V > 3.1) {
      dt_s = pack.voltage_V > 3.6 ? Math.min(30, 1.2 * dt_s) : 1;
      pack.step(2, dt_s);
      expectShared(pack, 2);
    }
    expect(group.current_A[1]! / group.current_A[0]!).toBeGreaterThan(1.1);
  });

  it('at rest cells go on to even each other out: the current fades to nothing, the fuller cell feeds the emptier', () => {
    const emptier = chargedCell();
    runStep(emptier, 0.6, { capacity_mAh_cm2: 0.5, longest_s: 1e5 });
    const pack = new Pack([[{ plant: chargedCell() }, { plant: emptier, resistance_ohm: 0.01 }]]);
    const [group] = pack.groups as [Group];
    const [full, empty] = pack.cells.map((cell) => cell.plant) as [Cell, Cell];
    const before = full.soc - empty.soc;
    pack.step(0, 1);
    expect(group.current_A[0]).toBeGreaterThan(0.5);
    let last_A = group.current_A[0]!;
    for (let n = 0; n < 60 * 24; n++) {
      pack.step(0, 60);
      expectShared(pack, 0);
      if (n > 60) expect(group.current_A[0]).toBeLessThanOrEqual(last_A + 2e-4);
      last_A = group.current_A[0]!;
    }
    expect(Math.abs(group.current_A[0]!)).toBeLessThan(1e-3);
    expect(Math.abs(full.soc - empty.soc)).toBeLessThan(0.01 * before);
    expect(Math.abs(full.voltage_V - empty.voltage_V)).toBeLessThan(1e-4);
  });

  it('a cell with a soft short is fed by its neighbour: both run down together', () => {
    const shorted = chargedCell();
    shorted.short_mS_cm2 = 0.01;
    const pack = new Pack([[{ plant: chargedCell() }, { plant: shorted }]]);
    const [group] = pack.groups as [Group];
    const [sound, leaking] = pack.cells.map((cell) => cell.plant) as [Cell, Cell];
    const before = sound.soc;
    for (let n = 0; n < 60 * 12; n++) pack.step(0, 60);
    expectShared(pack, 0);
    // The leak comes from both alike.
    const leak_A = (leaking.leak_mA_cm2 * leaking.area_cm2) / 1000;
    expect(group.current_A[0]! / (leak_A / 2)).toBeCloseTo(1, 1);
    expect(before - sound.soc).toBeGreaterThan(0.05);
    expect(Math.abs(sound.soc - leaking.soc)).toBeLessThan(0.01);
  });

  it('a step taken back leaves every cell as it was', () => {
    const pack = new Pack([[{ plant: chargedCell() }, { plant: chargedCell(1.5) }], [{ plant: chargedCell() }]]);
    pack.step(1, 10);
    const state = (): number[] => [
      pack.current_A,
      pack.voltage_V,
      ...pack.groups.flatMap((group) => [...group.current_A, group.voltage_V, group.residual_V]),
      ...pack.cells.flatMap(({ plant }) => [
        plant.voltage_V,
        plant.active,
        plant.soc,
        plant.isolated,
        plant.saturation,
      ]),
    ];
    const before = state();
    pack.step(-2, 500);
    expect(state()).not.toEqual(before);
    pack.undo();
    expect(state()).toEqual(before);
  });

  it('any pack through any protocol: currents add up, voltages agree, lithium stays', () => {
    const cells = fc.array(
      fc.record({
        areaScale: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
        resistance_ohm: fc.double({ min: 0, max: 0.05, noNaN: true }),
        resistanceScale: fc.double({ min: 0.3, max: 3, noNaN: true }),
        temperature_C: fc.double({ min: -10, max: 50, noNaN: true }),
        used_mAh_cm2: fc.double({ min: 0, max: 2.5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const protocol = fc.array(
      fc.record({
        rate_C: fc.oneof(fc.constant(0), fc.double({ min: -1, max: 3, noNaN: true })),
        dt_s: fc.double({ min: 0.1, max: 60, noNaN: true }),
        steps: fc.integer({ min: 1, max: 20 }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 3 }), protocol, (groups, phases) => {
        const pack = new Pack(
          groups.map((group) =>
            group.map(
              ({ areaScale, resistance_ohm, resistanceScale, temperature_C, used_mAh_cm2 }): PackCellOptions => {
                const plant = chargedCell(resistanceScale, temperature_C);
                if (used_mAh_cm2 > 0) runStep(plant, 0.3, { capacity_mAh_cm2: used_mAh_cm2, longest_s: 1e5 });
                return { plant, areaScale, resistance_ohm };
              },
            ),
          ),
        );
        for (const { rate_C, dt_s, steps } of phases) {
          const current_A = rate_C * pack.nominal_A;
          for (let n = 0; n < steps; n++) {
            if (pack.groups.some((group) => group.voltage_V < 2.5 || group.voltage_V > 4.5)) return;
            pack.step(current_A, dt_s);
            expectShared(pack, current_A);
            for (const group of pack.groups)
              group.cells.forEach(({ plant }, k) => {
                expect(Math.abs(plant.lithium_mAh_cm2)).toBeLessThan(1e-9);
                // A cell without current may stand at its nucleation barrier.
                if (group.current_A[k] !== 0) expect(Math.abs(atNode_V(group, k) - group.voltage_V)).toBeLessThan(1e-4);
              });
          }
        }
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

it('refuses what cannot be a pack or a step', () => {
  const plant = chargedCell();
  expect(() => new Pack([])).toThrow(InputError);
  expect(() => new Pack([[]])).toThrow(/cells of a group is 0/);
  expect(() => new Pack([[{ plant, areaScale: 0 }]])).toThrow('areaScale is 0 (no unit); allowed: above 0');
  expect(() => new Pack([[{ plant, resistance_ohm: -1 }]])).toThrow('resistance_ohm is -1 ohm; allowed: 0 or more');
  expect(() => new Pack([[{ plant: new Cell(loadProfile('afl-l1-half')) }]])).toThrow(
    'of kind "half"; allowed: "full"',
  );
  expect(() => new Pack([[{ plant }]]).step(NaN, 1)).toThrow('current of the pack is NaN A; allowed: a finite number');
  expect(() => new Pack([[{ plant }]]).step(1, 0)).toThrow('time step of the pack is 0 s; allowed: above 0');
});
