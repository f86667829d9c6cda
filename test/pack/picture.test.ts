import { expect, it } from 'vitest';
import { buildPack } from '../../sim/pack/build';
import { checkPackConfiguration } from '../../sim/pack/configuration';
import { PackRun } from '../../sim/pack/packRun';
import { recordPhase } from '../../sim/pack/trace';
import { packPicture } from '../../sim/picture/pack';

function drawn(series: number, parallel: number) {
  const configuration = { cell: 'afl-l1', series, parallel, spread: { resistance_pct: 20 } };
  const { trace, onTimeStep } = recordPhase(1, 'discharge');
  const run = new PackRun(buildPack(checkPackConfiguration(configuration, 'test')), {
    charge_C: 0.2,
    discharge_C: 1,
    onTimeStep,
  });
  run.advance();
  const svg = packPicture(trace);
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);
  return { svg, trace, texts };
}

it('draws shares and voltages with units, a colour for each group', () => {
  const { svg, trace, texts } = drawn(3, 2);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(texts).toEqual(
    expect.arrayContaining(['Current / equal share', 'Voltage of a group / V', 'Charge given by the pack / Ah']),
  );
  expect(texts.filter((text) => /Group|Cell/.test(text))).toEqual(['Group 1', 'Group 2', 'Group 3']);
  expect(svg.match(/stroke-dasharray/g)!.length).toBeGreaterThanOrEqual(3);
  for (const { share } of trace.points)
    for (let group = 0; group < 3; group++) expect(share[2 * group]! + share[2 * group + 1]!).toBeCloseTo(2, 10);
});

it('names cells when there is one group only', () => {
  expect(drawn(1, 2).texts.filter((text) => /Group \d|Cell/.test(text))).toEqual(['Cell 1', 'Cell 2']);
});
