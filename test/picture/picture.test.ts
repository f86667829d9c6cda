import { describe, expect, it } from 'vitest';
import { paperPoints } from '../../sim/paper/000';
import { cyclesPicture } from '../../sim/picture/cycles';
import { toPng } from '../../sim/picture/png';
import { replayPicture } from '../../sim/picture/replay';
import { roundScale } from '../../sim/picture/style';
import { voltagePicture } from '../../sim/picture/voltage';
import { volcanoPicture } from '../../sim/picture/volcano';
import type { Relaxation } from '../../sim/replay/relaxation';
import type { ReplayedCycle } from '../../sim/replay/replay';
import { collectVoltageCurves } from '../../sim/results/voltageCurves';
import { simulated, volcanoOf } from '../cli/harness';
import { pixels } from './pixels';

/** The texts of a picture, in document order. */
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);

function expectWholeSvg(svg: string): void {
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).toMatch(/<\/svg>$/);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
}

describe('volcano', () => {
  const svg = volcanoPicture(volcanoOf('afl-l1'), paperPoints('afl-l1'));

  it('names axes with units, rates, and tells model from paper', () => {
    expectWholeSvg(svg);
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Life / cycles',
        'Retention at cycle 100 / %',
        'Discharge rate',
        '0.5C',
        '1C',
        '2C',
        '3C',
      ]),
    );
    expect(texts(svg)).toEqual(
      expect.arrayContaining([
        'Lifespan, model',
        'Lifespan, paper',
        'Check-up life, model',
        'Retention, model',
        'Retention, paper',
      ]),
    );
  });

  it('claims no paper points where there are none, and leaves out what was not reached', () => {
    const none = volcanoPicture({
      ...volcanoOf('x'),
      points: volcanoOf('x').points.map((p) => ({ ...p, checkupLife: null })),
    });
    expectWholeSvg(none);
    expect(texts(none)).toContain('Lifespan, model');
    expect(texts(none).join()).not.toMatch(/paper|Check-up/);
  });

  it('can be drawn of a single rate', () => {
    const result = volcanoOf('x');
    expectWholeSvg(volcanoPicture({ ...result, points: [result.points[0]!] }));
  });
});

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

it('leaves an outlying first efficiency off the scale and says so', () => {
  const result = simulated(20);
  result.cycles[0]!.ce_pct = 96.65;
  expect(texts(cyclesPicture(result))).toContain('CE (right, from cycle 2)');
  expect(texts(cyclesPicture(simulated(20)))).toContain('CE (right)');
});

describe('voltage', () => {
  it('draws the discharge of the first, the last and some cycles between', () => {
    const collector = collectVoltageCurves();
    for (let cycle = 1; cycle <= 47; cycle++) {
      for (let i = 0; i < 10; i++) {
        const time_s = cycle * 1e4 + i * 360;
        collector.add({
          time_s,
          cycle,
          step: 4 * cycle,
          voltage_V: 4 - i / 10,
          current_A: i === 9 ? 0 : 1,
          temperature_C: 25,
        });
      }
    }
    const curves = collector.curves();
    expect(curves.map((curve) => curve.label)).toEqual(['Cycle 1', 'Cycle 3', 'Cycle 10', 'Cycle 20', 'Cycle 47']);
    expect(curves[0]!.points.at(-1)!.capacity_mAh).toBeCloseTo(800, 6);
    const svg = voltagePicture(curves);
    expectWholeSvg(svg);
    expect(texts(svg)).toEqual(expect.arrayContaining(['Voltage / V', 'Capacity / mAh', 'Cycle 47']));
  });

  it('is an empty frame without data', () => {
    expectWholeSvg(voltagePicture([]));
  });
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
        'Test time / h',
        'CE (right; 2 part cycles off scale)',
      ]),
    );
  });

  it('can be drawn without relaxations and without any efficiency', () => {
    expectWholeSvg(replayPicture({ cycles: [cycle(1, null)], relaxations: [] }));
  });
});

describe('PNG', () => {
  it('has the size of a 500 dpi column and shows the text in the font that ships with the project', () => {
    const picture = pixels(toPng(volcanoPicture(volcanoOf('afl-l1'), paperPoints('afl-l1'))));
    expect([picture.width, picture.height]).toEqual([1680, 1760]);
    // The strip below the lower frame holds nothing but rate labels and the axis name.
    expect(picture.darkPixels({ top: 1580, bottom: 1760, left: 300, right: 1600 })).toBeGreaterThan(3000);
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
    for (const letter of 'aCVh/%0159.,:;()+-') {
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
