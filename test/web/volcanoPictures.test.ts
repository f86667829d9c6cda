/** What the volcano of Explore says while its runs are not equally far. */
import { describe, expect, it } from 'vitest';
import { retentionPicture, type Shown } from '../../sim/web/page/explore/volcanoPictures';
import { fromParameters } from '../../sim/web/page/explore/settings';
import { simulated } from '../cli/harness';

type Run = Shown['fixed'][number];

/** Loses so much of its first capacity in every cycle. */
function run(query: string, cycles: number, loss_pct: number, ended = true): Run {
  const result = simulated(cycles);
  const lost = result.cycles.map((cycle, k) => ({ ...cycle, discharge_mAh: 1000 - 10 * loss_pct * k }));
  return {
    settings: fromParameters(new URLSearchParams(query)),
    cycles: lost,
    ...(ended && { result }),
  };
}
const slow = run('policy=fixed&rate=0.5', 100, 0.5);
const fast = run('policy=fixed&rate=1', 100, 0.25);
const wordsAt = (n: number, fixed: Run[], adaptive: Run): string =>
  retentionPicture({ fixed, runs: [{ run: adaptive, colour: 'series-1' }] }, n).words;

describe('the volcano of Explore', () => {
  it('compares a run that is at its end with the fixed rates at theirs', () => {
    expect(wordsAt(100, [slow, fast], run('policy=adaptive', 100, 0.2))).toBe(
      'After 100 cycles the best fixed rate, 1C, has 75.3 % of its first capacity left. Caldera (adaptive), which chooses its own rates, has 80.2 %, now at 1.00C.',
    );
  });

  it('compares one that is under way with the fixed rates after as many cycles, and its table says so', () => {
    const adaptive = run('policy=adaptive', 66, 0.2, false);
    const words = wordsAt(100, [slow, fast], adaptive);
    expect(words).toMatch(/At its cycle 66 Caldera .* has 87\.0 %, .*; the best fixed rate had 83\.8 % then\.$/);
    const { table } = retentionPicture({ fixed: [slow], runs: [{ run: adaptive, colour: 'series-1' }] }, 100);
    expect(table).toContainEqual(['adaptive, after cycle 66', '1.000', '87.00']);
  });

  it('calls no rate the best before all are so far', () => {
    const under = run('policy=fixed&rate=1', 30, 0.25, false);
    expect(wordsAt(100, [slow, under], run('policy=adaptive', 66, 0.2, false))).toBe(
      'The runs at fixed rates are under way.',
    );
  });
});
