import { Format } from 'cli-progress';
import { describe, expect, it } from 'vitest';
import { barOptions } from '../../sim/cli/progress';

/** The bar as it is drawn. */
function drawn(leftInText: boolean, eta: number | string, text: string): string {
  const options = { ...barOptions(leftInText), formatBar: () => '##', formatValue: String };
  const params = { progress: 0.5, eta, startTime: Date.now(), stopTime: null, total: 1000, value: 500, maxWidth: 80 };
  return Format.Formatter(options as never, params as never, { text } as never);
}

describe('the bar', () => {
  it('says once how long the rest will take', () => {
    expect(drawn(false, 540, 'cycle 50 of 100')).toBe(' ## 50 %  about 9 min left  cycle 50 of 100');
    expect(drawn(true, 540, '50 of 100 runs, about 8 min left')).toBe(' ## 50 %  50 of 100 runs, about 8 min left');
  });
  it.each(['NULL', 'INF', 0])('nothing where it cannot be told: %s', (eta) =>
    expect(drawn(false, eta, 'cycle 0 of 100')).toBe(' ## 50 %    cycle 0 of 100'),
  );
});
