import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { loadProfile } from '../../sim/profiles/profile';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../sim/errors';
import { buildPack } from '../../sim/pack/build';
import { checkPackConfiguration, loadPackConfiguration } from '../../sim/pack/configuration';
import { drawSpread } from '../../sim/pack/spread';

const good = {
  cell: 'afl-l1',
  series: 2,
  parallel: 3,
  busbar_ohm: 0.001,
  spread: { capacity_pct: 1, resistance_pct: 10, temperature_K: 3, agedCycles: 5 },
};

describe('configuration', () => {
  it('is what it says, with the usual values for what is left out', () => {
    const { cell, ...rest } = checkPackConfiguration(good, 'good');
    expect(cell.name).toBe('afl-l1');
    expect(rest).toEqual({
      series: 2,
      parallel: 3,
      temperature_C: 25,
      busbar_ohm: 0.001,
      seed: 1,
      spread: good.spread,
    });
    const bare = checkPackConfiguration({ cell: 'afl-l1', series: 1, parallel: 1 }, 'bare');
    expect(bare.spread).toEqual({ capacity_pct: 0, resistance_pct: 0, temperature_K: 0, agedCycles: 0 });
  });

  it.each([
    [{ series: 0 }, 'x: series is 0 (groups); allowed: a whole number, 1 to 400 (groups)'],
    [{ parallel: 1.5 }, 'x: parallel is 1.5 (cells); allowed: a whole number, 1 to 100 (cells)'],
    [{ series: undefined }, 'x: series is missing; allowed'],
    [{ busbar_ohm: -0.1 }, 'x: busbar_ohm is -0.1 ohm; allowed: 0 to 10 ohm'],
    [{ busbar_ohm: '1' }, 'x: busbar_ohm is "1"; allowed: 0 to 10 ohm'],
    [{ busbar_ohm: null }, 'x: busbar_ohm is null; allowed: 0 to 10 ohm'],
    [{ temperature_C: NaN }, 'x: temperature_C is NaN degC; allowed: -20 to 60 degC'],
    [
      { temperature_C: 59 },
      'x: spread.temperature_K is 3 K, which takes cells from 57.5 to 60.5 degC; allowed: -20 to',
    ],
    [{ seed: -1 }, 'x: seed is -1 (no unit); allowed: a whole number, 0 to'],
    [{ spread: { capacity_pct: 60 } }, 'x: spread.capacity_pct is 60 %; allowed: 0 to 50 %'],
    [{ spread: { resistance_pct: -1 } }, 'x: spread.resistance_pct is -1 %; allowed: 0 to 200 %'],
    [
      { spread: { agedCycles: 2.5 } },
      'x: spread.agedCycles is 2.5 (cycles); allowed: a whole number, 0 to 10000 (cycles)',
    ],
    [{ spread: { capacity: 1 } }, 'x: unknown field "spread.capacity"; allowed: capacity_pct, '],
    [{ spread: 5 }, 'x: spread is 5; allowed: a JSON object'],
    [{ busbar: 1 }, 'x: unknown field "busbar"; allowed: cell, series, '],
    [{ cell: 5 }, 'x: cell is 5; allowed: the name of a cell or a FILE.json'],
    [{ cell: 'afl-l1-half' }, 'x: cell is "afl-l1-half", a half cell; allowed: a full cell'],
    [{ cell: 'nothing' }, 'cell "nothing" is unknown; allowed: '],
  ])('%j is refused: %s', (change, message) => {
    const json = Object.fromEntries(Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined));
    expect(() => checkPackConfiguration(json, 'x')).toThrow(InputError);
    expect(() => checkPackConfiguration(json, 'x')).toThrow(message);
  });

  it('comes from a file, or says why it does not', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pack-'));
    const file = path.join(folder, 'pack.json');
    fs.writeFileSync(file, JSON.stringify(good));
    expect(loadPackConfiguration(file)).toEqual(checkPackConfiguration(good, 'good'));
    fs.writeFileSync(file, '{"cell":');
    expect(() => loadPackConfiguration(file)).toThrow(/pack\.json is not JSON/);
    expect(() => loadPackConfiguration(path.join(folder, 'none.json'))).toThrow(/cannot be read: ENOENT/);
    fs.rmSync(folder, { recursive: true });
  });
});

describe('spread', () => {
  const cells = drawSpread(good.spread, 20000, 11);
  const moments = (values: number[]): [number, number] => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return [mean, Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length)];
  };

  it('has mean 1 and the standard deviations asked for', () => {
    const [area, areaSd] = moments(cells.map((cell) => cell.areaScale));
    const [resistance, resistanceSd] = moments(cells.map((cell) => cell.resistanceScale));
    expect(area).toBeCloseTo(1, 3);
    expect(areaSd).toBeCloseTo(0.01, 3);
    expect(resistance).toBeCloseTo(1, 2);
    expect(resistanceSd).toBeCloseTo(0.1, 2);
  });

  it('ages cells by every whole number up to the largest alike', () => {
    for (let n = 0; n <= 5; n++)
      expect(cells.filter((cell) => cell.agedCycles === n).length / cells.length).toBeCloseTo(1 / 6, 1);
  });

  it('draws each property from a stream of its own', () => {
    const other = drawSpread({ ...good.spread, resistance_pct: 50 }, 8, 11);
    other.forEach((cell, k) => {
      expect(cell.areaScale).toBe(cells[k]!.areaScale);
      expect(cell.agedCycles).toBe(cells[k]!.agedCycles);
      expect(cell.resistanceScale).not.toBe(cells[k]!.resistanceScale);
    });
    expect(drawSpread(good.spread, 8, 12)[0]!.areaScale).not.toBe(cells[0]!.areaScale);
  });
});

it('the example in docs is a pack', () =>
  expect(loadPackConfiguration('docs/examples/pack-6s2p.json')).toMatchObject({ series: 6, parallel: 2, seed: 1 }));

describe('a built pack', () => {
  const pack = buildPack(checkPackConfiguration({ ...good, spread: { ...good.spread, agedCycles: 30 } }, 'good'));
  const differences = drawSpread({ ...good.spread, agedCycles: 30 }, 6, 1);

  it('has every cell as drawn, in order', () => {
    expect(pack.groups.map((group) => group.cells.length)).toEqual([3, 3]);
    pack.cells.forEach((cell, k) => {
      const { areaScale, resistanceScale } = differences[k]!;
      const { profile } = cell.plant;
      expect(cell.area_cm2).toBe(profile.area_cm2 * areaScale);
      expect(cell.resistance_ohm).toBe(0.001);
      expect(profile.parameters.Rs).toBeCloseTo(loadProfile(good.cell).parameters.Rs * resistanceScale, 12);
      expect(cell.plant.temperature_C).toBeCloseTo(25 + 3 * (k / 5 - 0.5), 12);
    });
  });

  it('has inactive lithium as many cycles have left it', () => {
    const order = differences.map((_, k) => k).sort((a, b) => differences[a]!.agedCycles - differences[b]!.agedCycles);
    const inactive = order.map((k) => pack.cells[k]!.plant.inactive);
    expect(inactive[inactive.length - 1]).toBeGreaterThan(inactive[0]! + 0.05);
    for (let k = 1; k < inactive.length; k++) expect(inactive[k]).toBeGreaterThan(inactive[k - 1]!);
    for (const { plant } of pack.cells) expect(Math.abs(plant.lithium_mAh_cm2)).toBeLessThan(1e-12);
  });
});
