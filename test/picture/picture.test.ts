import { describe, expect, it } from 'vitest';
import { paperPoints } from '../../sim/paper/000';
import { cyclesPicture } from '../../sim/picture/cycles';
import { toPng } from '../../sim/picture/png';
import { relaxationsPicture } from '../../sim/picture/relaxations';
import { replayPicture } from '../../sim/picture/replay';
import { gradedColours, roundScale, roundTicks } from '../../sim/picture/style';
import { volcanoPicture } from '../../sim/picture/volcano';
import type { Relaxation } from '../../sim/replay/relaxation';
import type { ReplayedCycle } from '../../sim/replay/report';
import { simulated, volcanoOf } from '../cli/harness';
import { isWhole, texts } from './drawn';
import { pixels } from './pixels';

const expectWholeSvg = (svg: string): void => expect(isWhole(svg)).toBe(true);

describe('cycles', () => {
  it.each([1, 5, 100])('%d cycles: capacity, efficiency and lithium', (count) => {
    const svg = cyclesPicture(simulated(count));
    expectWholeSvg(svg);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Capacity / mAh',
        'Coulombic efficiency / %',
        'Lithium / mAh',
        'Cycle number',
        'Dead',
        'SEI',
      ]),
    );
  });
});

it('is the same document for the same result, whatever was drawn before, and has nothing for a mouse', () => {
  const svg = cyclesPicture(simulated(5));
  expect(cyclesPicture(simulated(5))).toBe(svg);
  expect(svg).not.toMatch(/:hover|ecmeta|\bzr\d/);
});

it('leaves an outlying first efficiency off the scale and says so', () => {
  const result = simulated(20);
  result.cycles[0]!.ce_pct = 96.65;
  expect(texts(cyclesPicture(result))).toContain('CE (right, from cycle 2)');
  expect(texts(cyclesPicture(simulated(20)))).toContain('CE (right)');
});

describe('replay', () => {
  const cycle = (n: number, ce_pct: number | null): ReplayedCycle => ({
    n,
    charge_mAh: 4000,
    discharge_mAh: ce_pct === null ? 0 : 40 * ce_pct,
    ce_pct,
    chargeEnergy_mWh: 1,
    dischargeEnergy_mWh: 1,
    fileCharge_mAh: null,
    fileDischarge_mAh: null,
    etaFast_mV: null,
    etaConc_mV: null,
    etaUncertainty_mV: null,
    etaConcUncertainty_mV: null,
    rests: 1,
    warnings: [],
  });
  const relaxation = (start_s: number, etaFast_mV: number | null, etaConc_mV: number | null): Relaxation => ({
    cycle: 1,
    start_s,
    duration_s: 900,
    samples: 90,
    afterPulse: 'discharge',
    current_mA: 100,
    netCharge_mAh: start_s / 3600,
    voltageBefore_V: 3.6,
    voltageRested_V: 3.7,
    etaFast_mV,
    etaConc_mV,
    uncertainty_mV: 1,
    drift_mV: 0,
    warnings: [],
  });

  it('draws cycles and relaxations and counts the part cycles it leaves out', () => {
    const svg = replayPicture({
      cycles: [cycle(0, 112), cycle(1, 99.5), cycle(2, 99.6), cycle(3, 99.7), cycle(4, 58), cycle(5, null)],
      relaxations: [relaxation(3600, 30, 60), relaxation(7200, 31, null), relaxation(9000, null, null)],
    });
    expectWholeSvg(svg);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Capacity / mAh',
        'Overpotential / mV',
        'Test time / h (rests after discharge)',
        'CE (right; 2 part cycles off scale)',
      ]),
    );
  });

  it('draws the parts of relaxations over the charge in the cell', () => {
    const afterCharge = (n: number): Relaxation => ({
      ...relaxation(3600 * n, 10 + n, 20),
      afterPulse: 'charge',
      uncertainty_mV: 2,
    });
    const svg = relaxationsPicture([
      afterCharge(1),
      afterCharge(2),
      relaxation(7200, 31, null),
      relaxation(9000, null, null),
    ]);
    expectWholeSvg(svg);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'After charge',
        'After discharge',
        'Overpotential / mV',
        'Net charge since the start / mAh',
      ]),
    );
    const points = (of: Relaxation[]): number => [...relaxationsPicture(of).matchAll(/<path /g)].length;
    expect(points([afterCharge(1), afterCharge(2)])).toBeGreaterThan(points([afterCharge(1)]));
    // A panel of a kind without known parts is left out.
    const one = texts(relaxationsPicture([afterCharge(1), relaxation(9000, null, null)]));
    expect(one).toContain('After charge');
    expect(one).not.toContain('After discharge');
    expect(one).not.toContain('a');
  });

  it('can be drawn without relaxations and without any efficiency', () => {
    const svg = replayPicture({ cycles: [cycle(1, null)], relaxations: [] });
    expectWholeSvg(svg);
    expect(texts(svg)).not.toContain('Overpotential / mV');
  });

  it('shows relaxations after discharge alone, and those after charge where there are no others', () => {
    const discharge = relaxation(3600, 30, 60);
    const charge: Relaxation = { ...relaxation(7200, 3, 6), afterPulse: 'charge' };
    const drawn = (...relaxations: Relaxation[]) => replayPicture({ cycles: [cycle(1, 99.5)], relaxations });
    const points = (picture: string): number => [...picture.matchAll(/<path /g)].length;
    expect(points(drawn(discharge, charge))).toBe(points(drawn(discharge)));
    expect(texts(drawn(discharge, charge))).toEqual(texts(drawn(discharge)));
    expect(texts(drawn(discharge))).toContain('Test time / h (rests after discharge)');
    expect(texts(drawn(charge))).toContain('Test time / h (rests after charge)');
  });

  it('leaves a cycle that stands for several off the scale of capacity and says so', () => {
    const formation = { ...cycle(0, 96), charge_mAh: 8000, discharge_mAh: 7700 };
    const svg = replayPicture({ cycles: [formation, cycle(1, 99.5), cycle(2, 99.6)], relaxations: [] });
    expect(texts(svg)).toContain('Cycle number (cycle 0 is off scale: 8000 mAh)');
    expect(texts(svg)).not.toContain('8000');
    expect(texts(replayPicture({ cycles: [cycle(0, 99), cycle(1, 99.5)], relaxations: [] }))).toContain('Cycle number');
  });
});

describe('PNG', () => {
  it('has the size of a 500 dpi column and shows the text in the font that ships with the project', () => {
    const picture = pixels(
      toPng(volcanoPicture(volcanoOf('afl-l1'), { charge_C: 0.2, temperature_C: 25 }, paperPoints('afl-l1'))),
    );
    expect([picture.width, picture.height]).toEqual([1680, 2532]);
    // The strip below the lower frame holds nothing but rate labels and the axis name.
    expect(picture.darkPixels({ top: 2120, bottom: 2320, left: 300, right: 1600 })).toBeGreaterThan(3000);
  });

  it('draws letters, not boxes, for every character the pictures use', () => {
    const ink = (text: string): number =>
      pixels(
        toPng(
          `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="4" y="15" font-family="Arimo">${text}</text></svg>`,
        ),
      ).darkPixels({ top: 0, bottom: 80, left: 0, right: 160 });
    expect(ink('')).toBe(0);
    const missing = ink('\u{10FFFD}');
    for (const letter of 'aCVh/%0159.,:;()+-²°×−±…≥≤') {
      expect(ink(letter)).toBeGreaterThan(5);
      expect(ink(letter)).not.toBe(missing);
    }
  });
});

describe('axis limits', () => {
  it.each([
    [[99.31, 99.6], { min: 99.3, max: 99.6, decimals: 2 }],
    [[3, 4.2], { min: 3, max: 4.2, decimals: 1 }],
    [[695, 997], { min: 650, max: 1000, decimals: 0 }],
    [[5, 5], { decimals: 2 }],
    [[], { min: 0, max: 1 }],
  ])('%j', (values, expected) => {
    const scale = roundScale(values);
    expect(scale).toMatchObject(expected);
    const steps = (scale.max - scale.min) / scale.interval;
    expect(steps).toBeCloseTo(Math.round(steps), 6);
    expect(steps).toBeGreaterThanOrEqual(2);
    expect(steps).toBeLessThanOrEqual(8);
  });
});

describe('ticks', () => {
  it.each([
    [100, [0, 20, 40, 60, 80, 100]],
    [7.4, [0, 1, 2, 3, 4, 5, 6, 7]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  ])('up to %d', (max, expected) => {
    expect(roundTicks(max)).toEqual(expected);
  });
});

describe('graded colours', () => {
  it('go from dark to light without repeats', () => {
    const lightness = gradedColours(9).map((hex) =>
      [1, 3, 5].reduce((sum, at, k) => sum + [0.21, 0.72, 0.07][k]! * Number.parseInt(hex.slice(at, at + 2), 16), 0),
    );
    for (let k = 1; k < lightness.length; k++) expect(lightness[k]!).toBeGreaterThan(lightness[k - 1]!);
    expect(gradedColours(0)).toEqual([]);
    expect(gradedColours(1)).toEqual(['#440154']);
  });
});
