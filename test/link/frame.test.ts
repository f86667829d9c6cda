import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HELD } from '../../firmware/link/link';
import { InputError } from '../../sim/errors';
import { decodeLine, encodeFrame, encodeRequest, Lines } from '../../sim/link/frame';
import { LinkedDevice } from './onNode';

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const noise = fc.oneof(
  fc.string({ unit: byte, maxLength: 80 }),
  fc.constantFrom(
    '#C',
    '#C1q 7 ',
    '*',
    '\n',
    "\u001b[2H\u0010link('",
    '>',
    '\u001b[J',
    '#ready\r\n',
    '#C1q 1 status*1\n',
  ),
);
/** What a command may hold. */
const payload = fc
  .string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)), maxLength: 200 })
  .map((text) => text.replace(/['\\#]/g, '.'))
  .filter((text) => text !== '' && !/^(rate|time) /.test(text));
const number = fc.integer({ min: 0, max: 16777215 });

describe('a request', () => {
  test('comes over whole, whatever it holds, however it is cut and whatever stood on the wire before', () => {
    fc.assert(
      fc.property(noise, payload, number, fc.array(fc.nat(400)), (before, line, n, cuts) => {
        const device = new LinkedDevice();
        device.receive(before);
        device.run(30);
        const text = encodeRequest(n, line);
        const places = [0, ...cuts.map((cut) => cut % text.length).sort((a, b) => a - b), text.length];
        for (let k = 1; k < places.length; k++) {
          device.receive(text.slice(places[k - 1], places[k]));
          if (k % 3 === 0) device.tick();
        }
        device.run(30);
        expect(device.served.filter((each) => each === line).length).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  test('that is cut off, changed or glued is not served', () => {
    fc.assert(
      fc.property(
        payload,
        number,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (line, n, from, length, flip) => {
          const device = new LinkedDevice();
          const text = encodeRequest(n, line);
          const begin = text.indexOf('#C');
          const end = text.lastIndexOf("')");
          const at = begin + (from % (end - begin));
          const cut = at + 1 + (length % (end - at));
          device.receive(text.slice(0, at) + text.slice(cut));
          device.receive(text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ flip) + text.slice(at + 1));
          device.run(10);
          expect(device.served).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('that comes again is answered again and done once; one that comes late is not done', () => {
    fc.assert(
      fc.property(
        fc.array(payload, { minLength: 2, maxLength: 8 }),
        number,
        fc.array(fc.nat(), { maxLength: 20 }),
        (lines, first, again) => {
          const device = new LinkedDevice();
          const requests = lines.map((line, k) => encodeRequest((first + k) % 16777216, `${k} ${line}`));
          requests.forEach((request, k) => {
            device.receive(request);
            expect(device.run(4)).toHaveLength(1);
            // Any that were sent so far, in any order.
            for (const each of again) {
              const which = each % (k + 1);
              device.receive(requests[which]!);
              expect(device.run(4).map((frame) => frame.payload)).toEqual(which === k ? [`ok ${k} ${lines[k]}`] : []);
            }
          });
          expect(device.served).toEqual(lines.map((line, k) => `${k} ${line}`));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('cannot hold what the wire takes for something else', () => {
    for (const wrong of ["a'b", 'a\\b', 'a#b', 'a\nb', 'ä', '\u0003'])
      expect(() => encodeRequest(1, wrong)).toThrow(InputError);
  });

  test('may be as long as the longest command', () => {
    const device = new LinkedDevice();
    device.receive('\u0000'.repeat(HELD) + encodeRequest(16777215, 'x'.repeat(1024)));
    device.run(5);
    expect(device.served).toEqual(['x'.repeat(1024)]);
  });

  test('of another version of the link is not served', () => {
    const device = new LinkedDevice();
    device.receive(`${encodeFrame({ version: '2', type: 'q', number: 3, payload: 'status' })}\n`);
    expect(device.run()).toEqual([]);
    expect(device.served).toEqual([]);
  });

  test('that the device hears of itself is none', () => {
    const device = new LinkedDevice();
    device.receive(`${encodeFrame({ version: '1', type: 'a', number: 3, payload: 'ok' })}\n${device.say('ready')}\n`);
    expect(device.run()).toEqual([]);
    expect([device.served, device.link.text]).toEqual([[], '']);
  });
});

describe('the host', () => {
  test('finds the frame in a line, whatever is around it', () => {
    fc.assert(
      fc.property(noise, payload, number, noise, (before, text, n, after) => {
        const frame = { version: '1', type: 'a', number: n, payload: `${text}#C1*7` };
        // A digit right behind the check would be another check.
        const line = before + encodeFrame(frame) + after.replace(/^\d/, ' ');
        expect(decodeLine(line.replaceAll('\n', ' '))).toEqual(frame);
      }),
      { numRuns: 500 },
    );
  });

  test('finds none in noise', () => {
    fc.assert(
      fc.property(fc.array(noise), (parts) => {
        expect(decodeLine(parts.join(''))).toBeUndefined();
      }),
    );
  });

  test('cuts lines the same however they arrive, and keeps little of one that does not end', () => {
    const lines = new Lines();
    expect(lines.add('a\r\nb')).toEqual(['a']);
    expect(lines.add('c\n\n')).toEqual(['bc', '']);
    for (let k = 0; k < 100; k++) lines.add('x'.repeat(1000));
    expect(lines.add('\n')[0]!.length).toBeLessThan(10000);
  });
});
