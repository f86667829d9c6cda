import { describe, expect, test } from 'vitest';
import { factoryReset } from '../../firmware/service/key';
import { createService, KEPT, KeyState, Service } from '../../firmware/service/state';
import { Device, KEY, OTHER_KEY } from './onNode';

describe('the first key', () => {
  test('is set at the board, once', () => {
    const device = new Device();
    expect(device.serve('challenge ship')).toBe('refused: no key is set');
    expect(device.serve(`do 0-${'0'.repeat(64)} ship`)).toBe('refused: no key is set');
    device.fake.present = false;
    expect(device.serve(`key ${KEY}`)).toBe('refused: the first key is set at the board, with its console open');
    device.fake.present = true;
    expect(device.serve(`key ${KEY}`)).toBe('ok key set');
    expect(device.serve(`key ${OTHER_KEY}`)).toBe('refused: a key is set; a challenge with it changes it');
    device.reset();
    expect(device.authorise('ship')).toBe('ok');
  });

  test.each(['', KEY.slice(1), KEY + '0', 'g' + KEY.slice(1), '0'.repeat(64), 'f'.repeat(64), ` ${KEY.slice(1)}`])(
    'is not "%s"',
    (hex) => {
      const device = new Device();
      expect(device.serve(`key ${hex}`)).toBe('error: a key is 64 hexadecimal digits, not all the same');
      expect(device.state[Service.keyState]).toBe(KeyState.None);
    },
  );

  test('is not half set when the store fails', () => {
    const device = new Device();
    const before = device.state.slice();
    device.fake.storeWorks = false;
    expect(device.serve(`key ${KEY}`)).toBe('refused: the store cannot be written');
    expect(device.state).toEqual(before);
  });
});

describe('another key', () => {
  test('takes the old one, which is then worth nothing', () => {
    const device = Device.commissioned();
    const open = device.response('ship');
    expect(device.authorise(`key ${OTHER_KEY}`, OTHER_KEY)).toBe('refused: wrong response');
    expect(device.authorise(`key ${OTHER_KEY}`)).toBe('ok key set');
    expect(device.serve(open)).toMatch(/^refused: no such challenge is open/);
    expect(device.authorise('ship', KEY)).toBe('refused: wrong response');
    expect(device.authorise('ship', OTHER_KEY)).toBe('ok');
  });

  test('does not come when the store fails: the old one stays', () => {
    const device = Device.commissioned();
    const line = device.response(`key ${OTHER_KEY}`);
    device.fake.storeWorks = false;
    expect(device.serve(line)).toBe('refused: the store cannot be written');
    device.fake.storeWorks = true;
    expect(device.authorise('ship', KEY)).toBe('ok');
  });
});

describe('factory reset', () => {
  test('erases the key and forgives, but never goes back to old challenges', () => {
    const device = Device.commissioned();
    const old = device.response('ship');
    for (let k = 0; k < 3; k++) device.authorise('ship', OTHER_KEY);
    expect(device.serve('challenge ship')).toMatch(/^refused: wait/);
    // What the button at boot calls.
    expect(factoryReset(device.fake.target)).toBe('ok key erased');
    expect(device.fake.did).toEqual(['factory reset']);
    expect(device.state[Service.next]).toBe(4);
    device.reset();
    expect(device.serve('challenge ship')).toBe('refused: no key is set');
    expect(device.state.slice(Service.key, KEPT)).toEqual(new Float64Array(8));
    expect(device.serve(`key ${KEY}`)).toBe('ok key set');
    expect(device.serve(old)).toMatch(/^refused: no such challenge is open/);
  });

  test('by command takes the key', () => {
    const device = Device.commissioned();
    expect(device.serve('factory-reset')).toMatch(/^refused/);
    expect(device.authorise('factory-reset', OTHER_KEY)).toMatch(/^refused/);
    expect(device.authorise('factory-reset')).toBe('ok key erased');
  });

  test('keeps the key when the device will not, or cannot store it', () => {
    const device = Device.commissioned();
    device.fake.target.factoryReset = () => 'the switches are closed';
    expect(device.authorise('factory-reset')).toBe('refused: the switches are closed');
    device.fake.target.factoryReset = () => '';
    const line = device.response('factory-reset');
    device.fake.storeWorks = false;
    expect(device.serve(line)).toBe('refused: the store cannot be written');
    device.fake.storeWorks = true;
    expect(device.authorise('ship')).toBe('ok');
  });
});

describe('what the store gives at boot', () => {
  const good = Device.commissioned().fake.kept!;
  const spoilt = (place: number, value: number): Float64Array => good.slice().fill(value, place, place + 1);

  test.each([
    ['too few numbers', good.slice(1)],
    ['too many numbers', Float64Array.from([...good, 0])],
    ['no number', spoilt(Service.key, NaN)],
    ['a fraction', spoilt(Service.reserved, 0.5)],
    ['a negative number', spoilt(Service.failures, -1)],
    ['more than 32 bits', spoilt(Service.key + 7, 2 ** 32)],
    ['an unknown state of the key', spoilt(Service.keyState, 3)],
    ['nothing but ones', new Float64Array(KEPT).fill(-1)],
  ])('%s: nothing is authorised until the button at boot', (_, kept) => {
    const device = Device.commissioned();
    device.fake.target = { ...device.fake.target, state: createService(kept, 1, 0) };
    expect(device.serve('challenge ship')).toMatch(/^refused: the key in the store is damaged/);
    expect(device.serve(`do 0-${'0'.repeat(64)} ship`)).toMatch(/^refused: the key in the store is damaged/);
    expect(device.serve(`key ${OTHER_KEY}`)).toMatch(/^refused: a key is set/);
    expect(device.serve('status')).toBe('ok idle');
  });

  test('whole numbers come back as they were, with any key', () => {
    expect(createService(good, 1, 0).slice(0, KEPT)).toEqual(good);
    const device = new Device();
    device.serve(`key ${OTHER_KEY}`);
    device.reset();
    expect(device.authorise('ship', OTHER_KEY)).toBe('ok');
  });
});
