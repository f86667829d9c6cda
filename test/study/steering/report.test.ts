import { describe, expect, it } from 'vitest';
import { type Finding, findings } from '../../../sim/study/steering/asked';
import { compare, overOracle } from '../../../sim/study/steering/compare';
import { constantRates } from '../../../sim/study/steering/constants';
import { fullStudy, PAPER_CELLS, quickMissions, quickStudy, scenarios } from '../../../sim/study/steering/design';
import { HELD_TARGETS } from '../../../sim/study/steering/held';
import { type Judged } from '../../../sim/study/steering/measures';
import { GROUPS, type Scenario, scenario } from '../../../sim/study/steering/scenario';
import { tablesOf } from '../../../sim/study/steering/tables';
import { FIXED_C, STRATEGIES, type Strategy, type TaskResult } from '../../../sim/study/steering/task';
import { between } from '../../../sim/study/writeDocs';

const judged = (value: number, more: Partial<Judged> = {}): Judged => ({
  checkupLife: value,
  cyclesTo80: value,
  energyFirst100_Wh: value,
  energyToEol_Wh: value,
  power_W: 4,
  hours: 100,
  recovery_min: 0,
  longestRecovery_min: 0,
  cycles: 100,
  unfinished: false,
  stopped: null,
  ...more,
});

/** Constants reach 50, and 100 at 1C. */
const constantsOf = (own: Scenario): TaskResult => ({
  task: { loop: 'constants', scenario: own },
  constants: constantRates(own.slowest_C).map((rate_C) => ({ rate_C, judged: judged(rate_C === 1 ? 100 : 50) })),
  held: HELD_TARGETS.map((target) => ({ target, judged: judged(100 * target) })),
});
const steered = (own: Scenario, strategy: Strategy, value: Judged): TaskResult => ({
  task: { loop: own.group === 'nominal' ? 'chips' : 'firmware', scenario: own, strategy },
  judged: value,
  rates_C: [1, 1.1],
});
const find = (list: readonly Finding[], where: string, what: string): Finding => {
  const found = list.filter((one) => one.where.startsWith(where) && one.what.startsWith(what));
  expect(found).toHaveLength(1);
  return found[0]!;
};
const nominal = (seed: number): Scenario => scenario({ group: 'nominal', cell: 'afl-l1', seed });

describe('what is asked', () => {
  it('holds where mean and worst cell do, and names the worst', () => {
    const results = [1, 2].flatMap((seed) => [
      constantsOf(nominal(seed)),
      steered(nominal(seed), 'adaptive', judged(seed === 1 ? 93 : 105)),
    ]);
    const life = find(findings(compare(results)), 'afl-l1', 'adaptive: check-up life / best constant');
    expect(life).toMatchObject({ required: { mean: 0.97, worst: 0.92 }, worstCell: 'afl-l1 draw 1', pass: true });
    expect(life.mean).toBeCloseTo(0.99, 9);
    expect(life.worst).toBeCloseTo(0.93, 9);
    const fixed = find(findings(compare(results)), 'afl-l1', 'adaptive: check-up life / fixed 0.5C');
    expect(fixed.mean).toBeCloseTo(198 / 100, 9);
    expect(fixed.pass).toBe(true);
  });

  it('is short where one cell is, though the mean is not', () => {
    const results = [1, 2, 3].flatMap((seed) => [
      constantsOf(nominal(seed)),
      steered(nominal(seed), 'adaptive', judged(seed === 3 ? 91 : 105)),
    ]);
    expect(find(findings(compare(results)), 'afl-l1', 'adaptive: check-up life / best').pass).toBe(false);
  });

  it('allows forty minutes of recovery', () => {
    const pass = (longestRecovery_min: number): boolean => {
      const own = steered(nominal(1), 'adaptive+tail', judged(130, { longestRecovery_min }));
      return find(findings(compare([constantsOf(nominal(1)), own])), 'afl-l1', 'adaptive+tail: longest').pass;
    };
    expect([pass(39), pass(41)]).toEqual([true, false]);
  });

  it('asks of members the mean alone, and shows the worst of them', () => {
    const results = [1, 2].flatMap((member) =>
      [1, 2].flatMap((seed) => {
        const own = scenario({ group: 'member', cell: `afl-l2#${member}`, seed });
        return [constantsOf(own), steered(own, 'adaptive', judged(member === 2 ? (seed === 1 ? 80 : 110) : 100))];
      }),
    );
    const life = find(findings(compare(results)), 'afl-l2#2', 'adaptive: check-up life / best');
    expect(life.mean).toBeCloseTo(0.95, 9);
    expect(life.required).toMatchObject({ mean: 0.97, worst: null });
    expect(life.where).toContain('worst of 2 members; short: #2');
  });

  it('compares with the oracle of the same scenario only', () => {
    const own = scenario({ group: 'floor', cell: 'afl-l1', seed: 1, slowest_C: 1 });
    expect(compare([constantsOf(nominal(1)), steered(own, 'adaptive', judged(50))])).toEqual([]);
    const [run] = compare([constantsOf(own), steered(own, 'adaptive', judged(50))]);
    expect(overOracle(run!, 'checkupLife')).toBe(0.5);
  });
});

describe('the tables', () => {
  const results = [
    ...[1, 2].flatMap((seed) => [
      constantsOf(nominal(seed)),
      ...STRATEGIES.map((strategy) => steered(nominal(seed), strategy, judged(90 + seed))),
    ]),
    {
      ...steered(nominal(1), 'adaptive', judged(92)),
      task: { loop: 'firmware', scenario: nominal(1), strategy: 'adaptive' },
    },
  ] as TaskResult[];
  const tables = tablesOf(results);

  it('have all policies side by side', () => {
    const part = tables.split('### ').find((text) => text.startsWith('Policies side by side: afl-l1'))!;
    for (const rate_C of FIXED_C)
      expect(part).toMatch(new RegExp(`\\| fixed ${rate_C}C +\\| ${rate_C === 1 ? 100 : 50}\\.0 `));
    expect(part).toMatch(/\| best constant +\| 100\.0 /);
    expect(part).toMatch(/\| best stripping number held +\| 46\.0 /);
    expect(part).toMatch(/\| adaptive\+tail +\| 91\.5 /);
  });

  it('show how well the two loops agree', () => {
    expect(tables).toContain('92.0, 91.0 (+1.1 %)');
  });

  it('are whole, and stand between the markers of the page', () => {
    expect(tables).not.toMatch(/NaN|undefined|Infinity/);
    const page = `head\n<!-- made by npm run study:steering -- --write -->\nBEFORE\n<!-- end of what it made -->\nfoot\n`;
    const written = between('study:steering', page, tables);
    expect(written).toContain(tables);
    expect(written).not.toContain('BEFORE');
    expect(written.startsWith('head\n') && written.endsWith('foot\n')).toBe(true);
    expect(between('study:steering', written, tables)).toBe(written);
    expect(() => between('study:steering', 'no markers', tables)).toThrow('lacks');
  });
});

describe('the design', () => {
  const all = scenarios();
  const tasks = fullStudy();

  it('has twenty cells of both electrolytes on chips, and eight of each for the rest', () => {
    for (const cell of PAPER_CELLS) {
      for (const strategy of STRATEGIES) {
        const chips = tasks.filter(
          (one) => one.loop === 'chips' && one.strategy === strategy && one.scenario.cell === cell,
        );
        expect(new Set(chips.map((one) => one.scenario.seed)).size).toBe(20);
      }
      for (const group of GROUPS.filter((one) => !['nominal', 'checked', 'turned', 'member'].includes(one)))
        expect(all.filter((one) => one.group === group && one.cell === cell).length % 8).toBe(0);
      for (let member = 1; member <= 8; member++)
        expect(all.filter((one) => one.cell === `${cell}#${member}`)).toHaveLength(8);
    }
    const seedsOf = (group: string): number[] => [
      ...new Set(all.filter((one) => one.group === group).map(({ seed }) => seed)),
    ];
    expect(seedsOf('checked')).toHaveLength(20);
    expect(seedsOf('checked').filter((seed) => seedsOf('nominal').includes(seed))).toEqual([]);
    expect(new Set(all.map(({ group }) => group))).toEqual(new Set(GROUPS));
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(all.length);
  });

  it('has an oracle for every run, and four cells with both loops', () => {
    const oracles = new Set(
      tasks.filter(({ loop }) => loop === 'constants').map((one) => JSON.stringify(one.scenario)),
    );
    expect(tasks.every((one) => oracles.has(JSON.stringify(one.scenario)))).toBe(true);
    const both = tasks.filter((one) => one.loop === 'firmware' && one.scenario.group === 'nominal');
    expect(new Set(both.map((one) => JSON.stringify(one.scenario))).size).toBe(4);
    expect(tasks.filter((one) => one.loop === 'chips' && one.strategy === 'fixed')).toHaveLength(4);
  });

  it('has a quick form with every group', () => {
    expect(new Set(quickStudy().map((one) => one.scenario.group))).toEqual(new Set(GROUPS));
    expect(quickStudy().length).toBeLessThan(tasks.length / 6);
    expect(quickMissions().length).toBeGreaterThan(0);
  });
});
