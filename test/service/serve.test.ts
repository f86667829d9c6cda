import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LINE_MAX } from '../../firmware/service/serve';
import { KEY_WORDS, Service } from '../../firmware/service/state';
import type { ServiceLimit } from '../../firmware/service/target';
import { Device, nodeHmac, RANDOM } from './onNode';

describe('free for all', () => {
  test.each([
    ['status', 'ok idle'],
    ['limits', 'ok charge_mA 3000 (500 to 4000), discharge_mV 3000 (3300 to 2800)'],
    ['counters', 'ok boots 1'],
    ['log', 'ok log 0'],
    ['log 7', 'ok log 7'],
    ['events 7', 'ok event 7'],
    ['tighten charge_mA 1230', 'ok charge_mA 1200'],
    ['tighten discharge_mV 3100', 'ok discharge_mV 3100'],
    ['tighten charge_mA 500', 'ok charge_mA 500'],
    ['tighten charge_mA 499', 'refused: charge_mA here takes whole numbers from 500 to 3000'],
    ['tighten discharge_mV 3300', 'ok discharge_mV 3300'],
    ['tighten discharge_mV 3301', 'refused: discharge_mV here takes whole numbers from 3300 to 3000'],
  ])('%s', (line, answer) => {
    for (const device of [new Device(), Device.commissioned()]) expect(device.serve(line)).toBe(answer);
  });

  test.each(['log -1', 'log x', 'log 1.5', 'events 1 2'])('%s is not understood', (line) => {
    expect(new Device().serve(line)).toMatch(/^error: entries are counted/);
  });
});

describe('with a challenge', () => {
  test.each([
    ['release Gradient', 'ok', 'release Gradient'],
    ['release OverVoltage', 'refused: OverVoltage is still there: 4410 mV, release below 4250 mV', undefined],
    ['widen charge_mA 4000', 'ok charge_mA 4000', 'set charge_mA 4000'],
    ['widen discharge_mV 2800', 'ok discharge_mV 2800', 'set discharge_mV 2800'],
    ['widen charge_mA 4001', 'refused: charge_mA here takes whole numbers from 3000 to 4000', undefined],
    ['widen discharge_mV 2799', 'refused: discharge_mV here takes whole numbers from 3000 to 2800', undefined],
    ['widen charge_mA 2999', 'refused: charge_mA here takes whole numbers from 3000 to 4000', undefined],
    ['calibrate current 1000250 -120', 'ok', 'calibrate current 1000250 -120'],
    ['calibrate current 1.00025 0', 'error: calibrate <reading> <gain in ppm> <offset>, whole numbers', undefined],
    ['configure {"a": "b c"}', 'ok', 'configure {"a":"b c"}'],
    ['update', 'ok', 'update'],
    ['ship', 'ok', 'ship'],
    ['wake', 'ok', 'wake'],
  ])('%s', (command, answer, did) => {
    const device = Device.commissioned();
    expect(device.authorise(command)).toBe(answer);
    expect(device.fake.did).toEqual(did === undefined ? [] : [did]);
  });

  test('what no challenge is given for is not done even with the nonce that it would have', () => {
    const device = Device.commissioned();
    const number = device.serve('challenge ship').split(' ')[2];
    const key = device.state.slice(Service.key, Service.key + KEY_WORDS);
    const mac = (text: string): string => Buffer.from(nodeHmac(key, text)).toString('hex');
    const nonce = mac(`nonce caldera-0001 ${number} ${RANDOM} ${device.now_ms} status`).slice(0, 16);
    const response = mac(`do caldera-0001 ${number} ${nonce} status`);
    expect(device.serve(`do ${number}-${response} status`)).toBe('error: unknown command, see help');
  });

  test('what the device throws is answered, in one line', () => {
    const device = Device.commissioned();
    expect(device.authorise('configure {')).toMatch(/^refused: SyntaxError/);
    device.fake.target.wake = () => {
      throw new Error('no front end\nat wake');
    };
    expect(device.authorise('wake')).toBe('refused: Error: no front end');
  });
});

describe('limits', () => {
  const value = fc.oneof(
    fc.integer({ min: -1e10, max: 1e10 }).map(String),
    fc.integer({ min: 0, max: 5000 }).map(String),
    fc.constantFrom('', 'NaN', 'Infinity', '-0', '3e3', '0x10', '3000.0', ' 3000', '03000', '3000 1'),
  );

  test('whatever is asked for, tightening never widens and goes no further than it may', () => {
    let moved = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), value), { maxLength: 20, size: 'max' }), (asked) => {
        const device = Device.commissioned();
        const [charge, discharge] = device.fake.limits as [ServiceLimit, ServiceLimit];
        for (const [ofCharge, text] of asked) {
          const [mA, mV] = [charge.value, discharge.value];
          device.serve(`tighten ${ofCharge ? 'charge_mA' : 'discharge_mV'} ${text}`);
          moved += Number(charge.value !== mA || discharge.value !== mV);
          expect(charge.value).toBeLessThanOrEqual(mA);
          expect(charge.value).toBeGreaterThanOrEqual(500);
          expect(discharge.value).toBeGreaterThanOrEqual(mV);
          expect(discharge.value).toBeLessThanOrEqual(3300);
        }
      }),
    );
    expect(moved).toBeGreaterThan(50);
  });

  test('a limit that is tighter already than anyone may set it cannot be widened that way', () => {
    const device = Device.commissioned();
    device.fake.limits[0]!.value = 200;
    for (const mA of [100, 200, 350, 500, 1000]) expect(device.serve(`tighten charge_mA ${mA}`)).toMatch(/^refused/);
    expect(device.fake.limits[0]!.value).toBe(200);
  });

  test('unknown ones are named with those that are known', () => {
    for (const name of ['', 'charge', 'toString', '__proto__'])
      expect(new Device().serve(`tighten ${name} 1`)).toBe('error: unknown limit; allowed: charge_mA, discharge_mV');
    expect(Device.commissioned().authorise('widen x 1')).toMatch(/^error: unknown limit/);
  });

  test('a board that is not ready has none, and says so', () => {
    const device = Device.commissioned();
    device.fake.limits = [];
    for (const command of ['limits', 'tighten charge_mA 1000'])
      expect(device.serve(command)).toBe('refused: the board is not ready');
    expect(device.authorise('widen charge_mA 1000')).toBe('refused: the board is not ready');
  });

  test('what the device does not take is said', () => {
    const device = new Device();
    device.fake.target.setLimit = () => 'the board is not ready';
    expect(device.serve('tighten charge_mA 1000')).toBe('refused: the board is not ready');
  });
});

describe('any bytes', () => {
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const word = fc.constantFrom(
    ...['status', 'limits', 'tighten', 'charge_mA', '3000', '-1', '99999999999999999999', 'challenge', 'do', 'release'],
    ...['widen', 'calibrate', 'configure', '{}', 'key', 'factory-reset', '0-' + 'a'.repeat(64), '', '__proto__', 'log'],
  );
  const line = fc.oneof(
    fc.string({ unit: byte, maxLength: 200 }),
    fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.integer({ min: 0, max: 5000 }).map((length) => 'do '.padEnd(length, 'x')),
  );

  test('are answered in one printable line, and do nothing but tighten', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.boolean(), (lines, commissioned) => {
        const device = commissioned ? Device.commissioned() : new Device();
        device.fake.present = false;
        for (const each of lines) {
          const answer = device.serve(each);
          expect(answer).toMatch(/^(ok|refused: [ -~]+|error: [ -~]+|ok [ -~]+)$/);
          expect(answer.length).toBeLessThan(300);
        }
        for (const did of device.fake.did) expect(did).toMatch(/^set /);
        expect(device.fake.limits[0]!.value).toBeLessThanOrEqual(3000);
      }),
      { numRuns: 1000 },
    );
  });

  test('a line may have 1024 characters', () => {
    const device = Device.commissioned();
    expect(device.serve('x'.repeat(LINE_MAX))).toBe('error: unknown command, see help');
    expect(device.serve('x'.repeat(LINE_MAX + 1))).toBe('error: longer than 1024 characters');
  });
});
