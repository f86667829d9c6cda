import { expect, it } from 'vitest';
import { byCycle } from '../../sim/picture/byCycle';
import { retentionPicture, type RetentionRun } from '../../sim/picture/retention';
import { simulated } from '../cli/harness';
import { isWhole, seriesNamed, series, texts, values } from './drawn';

const run = (label: string, paper: RetentionRun['paper'] = {}): RetentionRun => ({
  label,
  result: simulated(60),
  paper,
});

it('draws each run in both panels, as retention of its own first discharge and as efficiency', () => {
  const picture = retentionPicture([run('1C'), run('2C')]);
  expect(isWhole(picture)).toBe(true);
  expect(texts(picture)).toEqual(
    expect.arrayContaining(['Retention / %', 'Coulombic efficiency / %', 'Cycle number', 'Mean', '1C', '2C']),
  );
  // The harness's cells discharge 995 - 3n mAh.
  expect(values(seriesNamed('1C', 0)).at(-1)).toEqual([60, (100 * 815) / 992]);
  expect(values(seriesNamed('2C', 1))[4]).toEqual([5, 99.5]);
});

it("draws the paper's points open, in the colour of their run, lifespans at the height of the model's", () => {
  retentionPicture([
    run('1C'),
    run('2C', { lifespan_cycles: 55, averageCe_pct: 99.38, retention: [{ cycle: 60, retention_pct: 79.1 }] }),
  ]);
  const color = seriesNamed('2C', 0).lineStyle!.color;
  const open = { color: 'transparent', borderColor: color };
  const published = seriesNamed('Retention, paper');
  expect(published.data).toMatchObject([{ value: [60, 79.1], itemStyle: open }]);
  const height_pct = byCycle(values(seriesNamed('2C', 0)) as [number, number][], 52.4);
  expect(seriesNamed('Lifespan, paper').data).toMatchObject([{ value: [55, height_pct], itemStyle: open }]);
  expect(seriesNamed('Lifespan, model').data).toMatchObject([
    { value: [52.4, height_pct] },
    { value: [52.4, height_pct], itemStyle: { color } },
  ]);
  expect(seriesNamed('Mean, paper').data).toMatchObject([{ value: [2, 99.38], itemStyle: open }]);
});

it('leaves the first efficiency of all runs away where it is off the scale of one, and says so', () => {
  const odd = run('1C');
  odd.result.cycles[0]!.ce_pct = 96.65;
  expect(texts(retentionPicture([odd, run('2C')]))).toContain('CE from cycle 2 on');
  expect(['1C', '2C'].map((name) => values(seriesNamed(name, 1))[0])).toEqual([
    [2, 99.5],
    [2, 99.5],
  ]);
});

it('has legends only for what is drawn', () => {
  const picture = retentionPicture([run('1C')]);
  expect(texts(picture).join()).not.toMatch(/paper/);
});

it.each([0, 1, 2])('can be drawn of %d cycles', (cycles) => {
  const short = { label: '1C', result: simulated(cycles) };
  expect(isWhole(retentionPicture([short]))).toBe(true);
  expect(isWhole(retentionPicture([]))).toBe(true);
  expect(series().filter((line) => line.type === 'line')).toEqual([]);
});

it('finds a value between two cycles, and the end values beyond them', () => {
  const curve: [number, number][] = [
    [1, 100],
    [2, 96],
    [4, 90],
  ];
  expect([0, 1, 1.5, 3, 9].map((cycle) => byCycle(curve, cycle))).toEqual([100, 100, 98, 93, 90]);
});

it('leaves room for long names, and leaves out the spikes of a changing rate', () => {
  const changing = run('adaptive');
  changing.result.cycles[20]!.ce_pct = 104;
  const picture = retentionPicture([run('1C'), changing]);
  expect(texts(picture)).toEqual(expect.arrayContaining(['adaptive', 'CE: spikes left out']));
  expect(values(seriesNamed('adaptive', 1))).toHaveLength(59);
  expect(values(seriesNamed('1C', 1))).toHaveLength(60);
  const x = (of: string): number =>
    Number(/translate\(([\d.]+)[^>]*>1C</.exec(of)?.[1] ?? / x="([\d.]+)"[^>]*>1C</.exec(of)![1]);
  expect(x(picture)).toBeLessThan(x(retentionPicture([run('1C')])));
});
