import { expect, test } from 'vitest';
import { cycleWarnings } from '../../sim/replay/remarks';
import type { ReplayedCycle } from '../../sim/replay/report';

const warned = (...numbers: number[]): string[] =>
  cycleWarnings(numbers.map((n) => ({ n, warnings: ['wet'] }) as unknown as ReplayedCycle));

test('a warning of many cycles names them', () => {
  expect(warned(4)).toEqual(['cycle 4: wet']);
  expect(warned(0, 21)).toEqual(['cycles 0 and 21: wet']);
  expect(warned(1, 2, 3, 4, 5)).toEqual(['cycles 1 to 5: wet']);
  expect(warned(1, 2, 3, 7, 9, 10)).toEqual(['cycles 1 to 3, 7, 9 and 10: wet']);
  expect(warned(1, 3, 5, 7, 9, 11, 13, 14, 16)).toEqual(['cycles 1, 3, 5, 7, 9, 11 and 3 more: wet']);
});
