import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Service } from '../../firmware/service/state';
import { Device, KEY, OTHER_KEY, respondTo } from './onNode';

const RELEASE = 'release CellGradient';

describe('a challenge', () => {
  test('answered with the key does its command, once', () => {
    const device = Device.commissioned();
    const line = device.response(RELEASE);
    expect(device.serve(line)).toBe('ok');
    expect(device.serve(line)).toMatch(/^refused: no such challenge is open/);
    expect(device.fake.did).toEqual([RELEASE]);
  });

  test('an old response is refused after a reset too, and is no wrong one', () => {
    const device = Device.commissioned();
    const open = device.response(RELEASE);
    const used = device.response(RELEASE);
    device.serve(used);
    device.reset();
    for (const line of [used, open]) expect(device.serve(line)).toMatch(/^refused: no such challenge is open/);
    expect(device.fake.did).toEqual([]);
    expect(device.state[Service.failures]).toBe(0);
  });

  test.each(['release CellGradientX', 'release CellGradien', 'widen charge_mA 4000', 'release  CellGradient'])(
    'serves its own command, not "%s"',
    (other) => {
      const device = Device.commissioned();
      const [, response] = device.response(RELEASE).split(' ');
      expect(device.serve(`do ${response} ${other}`)).toBe('refused: wrong response');
      expect(device.fake.did).toEqual([]);
    },
  );

  test('was asked for one command: who knows the key cannot turn it to another', () => {
    const device = Device.commissioned();
    const [, response] = device.response(RELEASE).split(' ');
    const number = response!.split('-')[0];
    const turned = device.response('ship').replace(/^do \d+/, `do ${number}`);
    expect(device.serve(turned)).toBe('refused: wrong response');
  });

  test.each([
    [0, true],
    [30_000, true],
    [30_001, false],
    [-1, false],
    [-1e9, false],
    [1e12, false],
  ])('answered %i ms later: %s', (later_ms, taken) => {
    const device = Device.commissioned();
    const line = device.response(RELEASE);
    device.now_ms += later_ms;
    expect(device.serve(line)).toBe(taken ? 'ok' : 'refused: the challenge has expired');
    device.now_ms = 1000;
    expect(device.serve(line)).toMatch(/^refused: no such challenge is open/);
    expect(device.state[Service.failures]).toBe(0);
  });

  test('two who talk in turns do not disturb each other', () => {
    const device = Device.commissioned();
    const one = device.response('release A');
    const two = device.response('release B');
    expect(device.serve(one)).toBe('ok');
    const three = device.response('release C');
    expect([two, three].map((line) => device.serve(line))).toEqual(['ok', 'ok']);
    expect(device.fake.did).toEqual(['release A', 'release B', 'release C']);
  });

  test('the fifth takes the place of the first, which is then no wrong response', () => {
    const device = Device.commissioned();
    const lines = ['A', 'B', 'C', 'D', 'E'].map((fault) => device.response(`release ${fault}`));
    expect(device.serve(lines[0]!)).toMatch(/^refused: no such challenge is open/);
    expect(lines.slice(1).map((line) => device.serve(line))).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(device.state[Service.failures]).toBe(0);
  });

  test('that was not given out yet is not open, though an older one has its place', () => {
    const device = Device.commissioned();
    for (let k = 0; k < 4; k++) device.serve('challenge ship');
    expect(device.serve(`do 4-${'0'.repeat(64)} ship`)).toMatch(/^refused: no such challenge is open/);
  });

  test('answered rightly the first time writes no flash', () => {
    const device = Device.commissioned();
    const line = device.response('ship');
    const before = device.fake.saves;
    device.serve(line);
    expect(device.fake.saves).toBe(before);
  });

  test('is not given for what needs none, and what needs one is not done without', () => {
    const device = Device.commissioned();
    for (const command of ['', 'status', 'tighten charge_mA 1000', 'do', 'challenge release X', 'nonsense'])
      expect(device.serve(`challenge ${command}`)).toMatch(/^error: a challenge is for one of release widen/);
    for (const command of [
      'release X',
      'widen charge_mA 4000',
      'configure {}',
      'update',
      'ship',
      'wake',
      'factory-reset',
    ])
      expect(device.serve(command)).toBe('refused: this takes a challenge, see help');
    expect(device.fake.did).toEqual([]);
  });
});

describe('numbers and nonces', () => {
  test('never repeat, over resets and with a random source that always gives the same', () => {
    const device = Device.commissioned();
    const given: string[] = [];
    for (let boot = 0; boot < 5; boot++) {
      for (let k = 0; k < 20; k++) given.push(device.serve('challenge ship'));
      device.reset();
    }
    expect(new Set(given.map((answer) => answer.split(' ')[2])).size).toBe(given.length);
    expect(new Set(given.map((answer) => answer.split(' ')[3])).size).toBe(given.length);
  });

  test('strangers who ask and ask write the flash once in a thousand times', () => {
    const device = Device.commissioned();
    const before = device.fake.saves;
    for (let k = 0; k < 5000; k++) device.serve('challenge ship');
    expect(device.fake.saves - before).toBe(5);
  });

  test('no challenge where its number cannot be stored', () => {
    const device = Device.commissioned();
    device.fake.storeWorks = false;
    expect(device.serve('challenge ship')).toBe('refused: the store cannot be written');
    device.fake.target.save = () => {
      throw new Error('worn out');
    };
    expect(device.serve('challenge ship')).toBe('refused: the store cannot be written');
    device.reset();
    expect(device.serve('challenge ship')).toMatch(/^ok caldera-0001 0 /);
  });

  test('no challenge when the numbers are used up', () => {
    const device = Device.commissioned();
    device.state[Service.reserved] = device.state[Service.next] = 2_000_000_000;
    expect(device.serve('challenge ship')).toMatch(/^refused/);
  });
});

describe('wrong responses', () => {
  test('are slowed down from the third on, doubling up to an hour; the wait is over when it is over', () => {
    const device = Device.commissioned();
    for (const wait_s of [0, 0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]) {
      expect(device.authorise('ship', OTHER_KEY)).toBe('refused: wrong response');
      if (wait_s === 0) continue;
      expect(device.serve('challenge ship')).toBe(`refused: wait ${wait_s} s, after wrong responses`);
      expect(device.serve('do 0-x ship')).toMatch(/^refused: wait/);
      device.now_ms += wait_s * 1000 - 1;
      expect(device.serve('challenge ship')).toBe('refused: wait 1 s, after wrong responses');
      device.now_ms += 1;
    }
    expect(device.authorise('ship')).toBe('ok');
    for (const key of [OTHER_KEY, OTHER_KEY, KEY]) device.authorise('ship', key);
    expect(device.fake.did).toEqual(['ship', 'ship']);
  });

  test('are stored before they are answered, so that a reset forgives nothing and begins the wait anew', () => {
    const device = Device.commissioned();
    for (let k = 0; k < 2; k++) {
      device.authorise('ship', OTHER_KEY);
      device.reset();
    }
    device.authorise('ship', OTHER_KEY);
    device.now_ms += 9000;
    device.reset();
    expect(device.serve('challenge ship')).toBe('refused: wait 10 s, after wrong responses');
    device.now_ms += 10_000;
    expect(device.authorise('ship')).toBe('ok');
    device.reset();
    expect(device.serve('challenge ship')).toMatch(/^ok/);
  });

  test('a clock that is set back makes the wait no shorter', () => {
    const device = Device.commissioned();
    device.now_ms = 100_000;
    for (let k = 0; k < 3; k++) device.authorise('ship', OTHER_KEY);
    device.now_ms = 50_000;
    expect(device.serve('challenge ship')).toBe('refused: wait 10 s, after wrong responses');
    device.now_ms += 9999;
    expect(device.serve('challenge ship')).toBe('refused: wait 1 s, after wrong responses');
    device.now_ms += 1;
    expect(device.serve('challenge ship')).toMatch(/^ok/);
  });

  test('what takes no key goes on meanwhile', () => {
    const device = Device.commissioned();
    for (let k = 0; k < 3; k++) device.authorise('ship', OTHER_KEY);
    for (const line of ['status', 'limits', 'log', 'events 3', 'counters', 'help', 'tighten charge_mA 2000'])
      expect(device.serve(line)).toMatch(/^ok/);
  });

  test('a store that is worn out keeps no one from a release', () => {
    const device = Device.commissioned();
    device.authorise('ship', OTHER_KEY);
    const line = device.response(RELEASE);
    device.fake.storeWorks = false;
    expect(device.serve(line)).toBe('ok');
  });

  test('two errors do not cancel each other', () => {
    const device = Device.commissioned();
    const line = device.response('ship');
    const flipped = (at: number): string => ((parseInt(line[at]!, 16) ^ 1) % 16).toString(16);
    const first = line.indexOf('-') + 1;
    const second = first + 8;
    const wrong = line.slice(0, first) + flipped(first) + line.slice(first + 1, second) + flipped(second);
    expect(device.serve(wrong + line.slice(second + 1))).toBe('refused: wrong response');
  });

  test('any one digit makes a response wrong; what is no response at all does not count as one', () => {
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 15 }), (place, by) => {
        const device = Device.commissioned();
        const line = device.response('ship');
        const at = line.indexOf('-') + 1 + place;
        const digit = ((parseInt(line[at]!, 16) + by) % 16).toString(16);
        expect(device.serve(line.slice(0, at) + digit + line.slice(at + 1))).toBe('refused: wrong response');
      }),
      { numRuns: 200 },
    );
    // A word of eight digits that begins with 0 is the same number with a sign or a space there.
    for (const instead of ['+', ' ']) {
      const device = Device.commissioned();
      let line = device.response('ship');
      const wordAt = (): number =>
        [...Array(8).keys()].map((k) => line.indexOf('-') + 1 + 8 * k).find((at) => line[at] === '0') ?? -1;
      while (wordAt() < 0) line = device.response('ship');
      expect(device.serve(line.slice(0, wordAt()) + instead + line.slice(wordAt() + 1))).not.toBe('ok');
      expect(device.fake.did).toEqual([]);
    }
    const device = Device.commissioned();
    for (const response of ['', '-', '0', '0-', '00-' + 'a'.repeat(64), '-1-' + 'a'.repeat(64), '0-' + 'a'.repeat(63)])
      expect(device.serve(`do ${response} ship`)).toMatch(/^error: a response is/);
    expect(device.state[Service.failures]).toBe(0);
  });
});

/** What may happen to a device on a link where an owner and a stranger talk. Challenges are known to both. */
const command = fc.constantFrom('ship', 'wake', 'release A', 'release B');
const place = fc.nat(99);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant('ask' as const), command) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('answer' as const), fc.nat(3)) },
  fc.tuple(fc.constant('replay' as const), place),
  fc.tuple(fc.constant('spoil' as const), place, place, fc.integer({ min: 1, max: 94 })),
  fc.tuple(fc.constant('cut' as const), place, place),
  fc.tuple(fc.constant('guess' as const), command),
  fc.tuple(fc.constant('pass' as const), fc.integer({ min: -20_000, max: 40_000 })),
  fc.tuple(fc.constant('reset' as const)),
);

test('whatever is sent in whatever order, only a fresh response of the owner does anything, and that once', () => {
  let performed = 0;
  const run = (steps: (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): void => {
    const device = Device.commissioned();
    let open: string[] = [];
    const sent: string[] = [];
    /** Sends a line; what it may do is what the owner made it for. */
    const send = (line: string): void => {
      const before = device.fake.did.length;
      device.serve(line);
      const did = device.fake.did.slice(before);
      sent.push(line);
      if (did.length === 0) return;
      // Digits of either case are the same response.
      const made = open.find((each) => each.toLowerCase() === line.toLowerCase());
      expect(made).toBeDefined();
      expect(did).toEqual([made!.split(' ').slice(2).join(' ')]);
      open = open.filter((each) => each !== made);
      performed++;
    };
    for (const [what, a, b, c] of steps as [string, never, number, number][]) {
      const lines = [...open, ...sent];
      const line = lines[Number(a) % lines.length];
      if (what === 'ask' || what === 'guess') {
        const challenge = device.serve(`challenge ${a}`);
        if (!challenge.startsWith('ok')) continue;
        if (what === 'ask') open.push(respondTo(challenge, a));
        else send(respondTo(challenge, a, OTHER_KEY));
      } else if (what === 'answer') send(open[a] ?? '');
      else if (what === 'pass') device.now_ms += a;
      else if (what === 'reset') device.reset();
      else if (line === undefined) continue;
      else if (what === 'replay') send(line);
      else if (what === 'cut') send(line.slice(0, b));
      else if (what === 'spoil') {
        const at = b % line.length;
        const other = String.fromCharCode(32 + ((line.charCodeAt(at) - 32 + c) % 95));
        send(line.slice(0, at) + other + line.slice(at + 1));
      }
    }
  };
  fc.assert(fc.property(fc.array(step, { maxLength: 40, size: 'max' }), run), { numRuns: 500 });
  // The property would hold of a device that never does anything.
  expect(performed).toBeGreaterThan(200);
});
