import { describe, expect, it } from 'vitest';
import { curveCollector } from '../../sim/picture/curveCollector';
import { voltagePicture } from '../../sim/picture/voltage';
import { isWhole, seriesNamed, series, texts, values } from './drawn';

/** Charge 1 A for 1 h less a second a cycle, rest with a noisy current, discharge 2 A for 0.45 h, rest. */
function collected(cycles: number, also: number[] = []) {
  const collector = curveCollector(also);
  let time_s = 0;
  const step = (cycle: number, index: number, duration_s: number, current_A: number, from_V: number, to_V: number) => {
    for (let k = 0; k <= 10; k++) {
      const noise_A = current_A === 0 ? (k % 2) * 2e-5 : 0;
      const voltage_V = from_V + ((to_V - from_V) * k) / 10;
      collector.add({
        time_s: time_s + (k * duration_s) / 10,
        cycle,
        step: 4 * cycle + index,
        voltage_V,
        current_A: current_A + noise_A,
        temperature_C: 25,
      });
    }
    time_s += duration_s;
  };
  for (let cycle = 0; cycle <= cycles; cycle++) {
    step(cycle, 1, 3600 - cycle, -1, 3.6, 4.3);
    step(cycle, 2, 300, 0, 4.3, 4.2);
    step(cycle, 3, 1620, 2, 4.1, 3);
    step(cycle, 4, 300, 0, 3, 3.6);
  }
  return collector.curves();
}

describe('collected curves', () => {
  it('are those of the first, the last and some cycles between, and those asked for; none of formation', () => {
    expect(collected(47).map(({ label }) => label)).toEqual([
      'Cycle 1',
      'Cycle 2',
      'Cycle 5',
      'Cycle 10',
      'Cycle 30',
      'Cycle 47',
    ]);
    const asked = collected(70, [60]).map(({ label }) => label);
    expect(asked).toHaveLength(6);
    expect(asked).toEqual(expect.arrayContaining(['Cycle 1', 'Cycle 60', 'Cycle 70']));
    expect(collected(0)).toEqual([]);
  });

  it('have charge and discharge each from zero, without the rests and the noise of their current', () => {
    const [curve] = collected(1);
    expect(curve!.points.map(({ voltage_V }) => voltage_V).at(-1)).toBe(3);
    expect(curve!.points.at(-1)!.capacity_mAh).toBeCloseTo(900, 6);
    expect(curve!.charge!.at(-1)).toMatchObject({ voltage_V: 4.3 });
    expect(curve!.charge!.at(-1)!.capacity_mAh).toBeCloseTo(3599 / 3.6, 6);
    expect([curve!.points[0]!.capacity_mAh, curve!.charge![0]!.capacity_mAh]).toEqual([0, 0]);
  });
});

describe('voltage', () => {
  it('draws charge and discharge of a cycle in one colour, another for each cycle', () => {
    const picture = voltagePicture(collected(47));
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).toEqual(
      expect.arrayContaining(['Voltage / V', 'Capacity / mAh', 'Cycle 1', '47', 'Charge', 'Discharge']),
    );
    const drawn = series().filter((line) => line.data.length > 0);
    expect(new Set(drawn.map((line) => line.lineStyle?.color))).toHaveProperty('size', 6);
    const color = seriesNamed('Cycle 47').lineStyle!.color;
    expect(drawn.filter((line) => line.lineStyle?.color === color)).toHaveLength(2);
  });

  it("puts the paper's retention where the first capacity says, at the end of its curve", () => {
    const picture = voltagePicture(collected(100, [60]), [
      { label: 'Cycle 60', retention_pct: 79 },
      { label: 'Cycle 61', retention_pct: 78 },
    ]);
    expect(texts(picture)).toContain('Paper, retention');
    const [[capacity_mAh, voltage_V], ...more] = values(seriesNamed('Paper, retention')) as [number, number][];
    expect(more).toEqual([]);
    expect(capacity_mAh).toBeCloseTo(0.79 * 900, 6);
    expect(voltage_V).toBe(3);
  });

  it('draws discharges alone where there are no charges', () => {
    const picture = voltagePicture(collected(3).map(({ label, points }) => ({ label, points })));
    expect(isWhole(picture)).toBe(true);
    expect(texts(picture)).not.toContain('Charge');
  });

  it.each([[[]], [[{ label: 'Cycle 1', points: [] }]]])('is an empty frame of %j', (curves) => {
    expect(isWhole(voltagePicture(curves, [{ label: 'Cycle 1', retention_pct: 80 }]))).toBe(true);
  });
});
