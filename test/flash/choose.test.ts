/** Which firmware a start runs, whatever is in flash. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeFlash } from './fakeFlash';
import { chooseSlot } from '../../firmware/loader/choose';
import { confirmSlot, shouldRestart } from '../../firmware/loader/confirm';
import { isMarked, isWhole, MANIFEST, Mark, readSlot, SLOTS } from '../../firmware/loader/slots';

function start(flash: FakeFlash): { prefix: string | undefined; said: string[] } {
  const said: string[] = [];
  return { prefix: chooseSlot(flash, (text) => void said.push(text))?.prefix, said };
}

const TRIED = [Mark.firstTry, Mark.secondTry];

describe('a start', () => {
  test('runs nothing where there is nothing', () => {
    expect(start(new FakeFlash()).prefix).toBeUndefined();
  });

  test('gives a new firmware two tries, then goes back for good', () => {
    const flash = new FakeFlash();
    flash.fill('a-', 1, [Mark.confirmed]);
    flash.fill('b-', 2);
    expect([start(flash), start(flash), start(flash), start(flash)].map(({ prefix }) => prefix)).toEqual([
      'b-',
      'b-',
      'a-',
      'a-',
    ]);
    expect(isMarked(readSlot(flash, 'b-')!, Mark.rejected)).toBe(true);
  });

  test('keeps a firmware that has confirmed itself', () => {
    const flash = new FakeFlash();
    flash.fill('a-', 1, [Mark.confirmed]);
    flash.fill('b-', 2);
    start(flash);
    confirmSlot(flash, 'b-');
    for (let k = 0; k < 5; k++) expect(start(flash)).toEqual({ prefix: 'b-', said: [] });
  });

  test('does not go back to a firmware that never proved itself', () => {
    const flash = new FakeFlash();
    flash.fill('a-', 1);
    flash.fill('b-', 2);
    for (let k = 0; k < 5; k++) expect(start(flash).prefix).toBe('b-');
  });

  test('brings back the configuration that the firmware before ran with', () => {
    for (const [kept, now] of [['{"of":1}', '{"of":1}'] as const, ['null', undefined] as const]) {
      const flash = new FakeFlash();
      flash.fill('a-', 1, [Mark.confirmed]);
      flash.fill('b-', 2, TRIED);
      flash.files.set('a-config', kept);
      flash.files.set('caldera.json', '{"of":2}');
      expect(start(flash).prefix).toBe('a-');
      expect(flash.files.get('caldera.json')).toBe(now);
    }
  });

  test('never runs what is not whole, wherever a write of the manifest ended', () => {
    const whole = new FakeFlash();
    whole.fill('b-', 2);
    const text = whole.files.get(`b-${MANIFEST}`)!;
    for (let written = 0; written < text.length - Mark.length; written++) {
      const flash = new FakeFlash();
      flash.fill('a-', 1, [Mark.confirmed]);
      flash.fill('b-', 2);
      flash.files.set(`b-${MANIFEST}`, text.slice(0, written).padEnd(text.length, '\xff'));
      // The last character of it is a line's end that is not looked at.
      if (written < text.length - Mark.length - 1) expect(start(flash).prefix).toBe('a-');
    }
  });

  test('runs a whole firmware wherever there is one, the confirmed before the rejected', () => {
    const slot = fc.record({
      order: fc.integer({ min: 1, max: 99 }),
      marks: fc.subarray([Mark.firstTry, Mark.secondTry, Mark.confirmed, Mark.rejected]),
      there: fc.boolean(),
      damaged: fc.constantFrom('', 'main', 'boot', MANIFEST),
    });
    fc.assert(
      fc.property(slot, slot, fc.integer({ min: 1, max: 6 }), (a, b, starts) => {
        const flash = new FakeFlash();
        for (const [k, { order, marks, there, damaged }] of [a, b].entries()) {
          const prefix = SLOTS[k]!;
          if (!there) continue;
          flash.fill(prefix, 2 * order + k, marks);
          const name = prefix + damaged;
          const text = flash.files.get(name);
          if (text !== undefined) flash.files.set(name, String.fromCharCode(text.charCodeAt(0) ^ 1) + text.slice(1));
        }
        const whole = SLOTS.map((prefix) => readSlot(flash, prefix)).filter(
          (one) => one !== undefined && isWhole(flash, one),
        );
        for (let k = 0; k < starts; k++) {
          const { prefix } = start(flash);
          if (whole.length === 0) expect(prefix).toBeUndefined();
          else expect(whole.map((one) => one!.prefix)).toContain(prefix);
          const chosen = prefix === undefined ? undefined : readSlot(flash, prefix);
          if (chosen && isMarked(chosen, Mark.rejected) && whole.length === 2)
            expect(whole.every((one) => isMarked(readSlot(flash, one!.prefix)!, Mark.rejected))).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a firmware whose self-test failed', () => {
  test('starts anew only on trial, and where there is a proven one to go back to', () => {
    const flash = new FakeFlash();
    flash.fill('b-', 2);
    expect(shouldRestart(flash, 'b-')).toBe(false);
    flash.fill('a-', 1);
    expect(shouldRestart(flash, 'b-')).toBe(false);
    flash.fill('a-', 1, [Mark.confirmed]);
    expect(shouldRestart(flash, 'b-')).toBe(true);
    flash.fill('a-', 1, [Mark.confirmed, Mark.rejected]);
    expect(shouldRestart(flash, 'b-')).toBe(false);
    flash.fill('a-', 1, [Mark.confirmed]);
    flash.files.set('a-main', 'damaged');
    expect(shouldRestart(flash, 'b-')).toBe(false);
    flash.fill('a-', 1, [Mark.confirmed]);
    flash.fill('b-', 2, [Mark.confirmed]);
    expect(shouldRestart(flash, 'b-')).toBe(false);
    // Not started by a loader.
    expect(shouldRestart(flash, 'caldera-')).toBe(false);
    confirmSlot(flash, 'caldera-');
  });
});
