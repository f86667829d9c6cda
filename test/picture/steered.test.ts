import { expect, it } from 'vitest';
import { Reason } from '../../firmware/steer/steering';
import { cyclesPicture } from '../../sim/picture/cycles';
import { isSpiky, withoutSpikes } from '../../sim/picture/spikes';
import { steeredPicture } from '../../sim/picture/steered';
import { simulated, steered, words } from '../cli/harness';
import { isWhole, seriesNamed, texts, values } from './drawn';

it('draws the rate with its reason, recovery at the foot, and the overpotential as modelled and estimated', () => {
  const picture = steeredPicture(steered(20));
  expect(isWhole(picture)).toBe(true);
  expect(texts(picture)).toEqual(
    expect.arrayContaining(['Discharge rate / C', 'Overpotential / mV', 'Cycle number', words(Reason.Faster), 'tail']),
  );
  expect(values(seriesNamed(words(Reason.Prior)))).toEqual([1, 2, 3, 4].map((n) => [n, 1.6 - n / 100]));
  expect(values(seriesNamed(words(Reason.Faster)))).toHaveLength(16);
  expect(seriesNamed(words(Reason.Prior)).itemStyle).not.toEqual(seriesNamed(words(Reason.Faster)).itemStyle);
  const tails = values(seriesNamed('tail')) as [number, number][];
  expect(tails.map(([n]) => n)).toEqual(Array.from({ length: 11 }, (_, k) => k + 10));
  expect(Math.max(...tails.map(([, height]) => height))).toBeLessThan(0.2);
  expect(values(seriesNamed('Concentration, model'))[0]).toEqual([1, 53]);
  expect(values(seriesNamed('Concentration, estimate'))[0]).toEqual([1, 52]);
});

it.each([0, 1, 2])('can be drawn of %d cycles', (cycles) => {
  expect(isWhole(steeredPicture(steered(cycles)))).toBe(true);
});

it('can be drawn where nothing was estimated, and of actions that are not known', () => {
  expect(isWhole(steeredPicture(simulated(5)))).toBe(true);
});

it('leaves out the efficiencies of cycles in which the rate changed, and says so', () => {
  const result = simulated(20);
  result.cycles[11]!.ce_pct = 103;
  const picture = cyclesPicture(result);
  expect(texts(picture)).toContain('CE (right, without spikes)');
  const drawn = values(seriesNamed('CE (right, without spikes)')) as [number, number][];
  expect(drawn).toHaveLength(19);
  expect(drawn.map(([n]) => n)).not.toContain(12);
});

it('a spike stands out of its neighbourhood; a step or a slope does not', () => {
  const curve = (list: number[]): [number, number][] => list.map((value, k) => [k + 1, value]);
  expect(withoutSpikes(curve([99.5, 99.5, 103.7, 95.9, 99.6, 99.6, 99.6])).map(([n]) => n)).toEqual([1, 2, 5, 6, 7]);
  for (const smooth of [
    [99, 99, 99, 99.9, 99.9, 99.9],
    [98.1, 98.43, 98.5, 98.6, 98.7],
  ])
    expect(isSpiky(curve(smooth))).toBe(false);
});
