import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hold, LINE_MAX, takeLine, type LineBuffer } from '../../firmware/service/line';

/** All lines of a text that arrives in pieces cut at these places, each taken as soon as it is there. */
function linesOf(text: string, cuts: readonly number[]): string[] {
  const buffer: LineBuffer = { text: '' };
  const lines: string[] = [];
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  for (let k = 1; k < places.length; k++) {
    hold(buffer, text.slice(places[k - 1], places[k]));
    for (let line = takeLine(buffer); line !== undefined; line = takeLine(buffer)) lines.push(line);
  }
  return lines;
}

test('lines are the same however their text is cut', () => {
  const text = fc.array(fc.string({ maxLength: 30 }).map((line) => line.replace(/[\r\n]/g, '')));
  fc.assert(
    fc.property(text, fc.array(fc.nat(200)), fc.constantFrom('\n', '\r\n'), (lines, cuts, end) => {
      expect(linesOf(lines.map((line) => line + end).join(''), cuts)).toEqual(lines);
    }),
  );
});

test('the longest line comes whole, a longer one too long', () => {
  expect(linesOf('x'.repeat(LINE_MAX) + '\nstatus\n', [LINE_MAX, LINE_MAX + 1])).toEqual([
    'x'.repeat(LINE_MAX),
    'status',
  ]);
  expect(linesOf('x'.repeat(LINE_MAX + 1) + '\nstatus\n', [LINE_MAX + 1])[0]).toHaveLength(LINE_MAX + 1);
});

test('however much arrives, little more than a line is held, and what was sent alone afterwards comes whole', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 100 }),
    fc.constantFrom('status\n'.repeat(300), 'x'.repeat(3000), '\n'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const buffer: LineBuffer = { text: '' };
      for (const each of pieces) {
        hold(buffer, each);
        expect(buffer.text.length).toBeLessThanOrEqual(LINE_MAX + 1);
      }
      while (takeLine(buffer) !== undefined);
      hold(buffer, '\n');
      while (takeLine(buffer) !== undefined);
      hold(buffer, 'status\n');
      expect(takeLine(buffer)).toBe('status');
      expect(takeLine(buffer)).toBeUndefined();
    }),
  );
});
