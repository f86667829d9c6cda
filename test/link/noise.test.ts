/** Whatever bytes arrive, nothing happens, and nothing is left behind. */
import { describe, expect, test } from 'vitest';
import { HELD } from '../../firmware/link/link';
import { encodeRequest } from '../../sim/link/frame';
import { Random } from '../../sim/random';
import { Device as Served, KEY } from '../service/onNode';
import { LinkedDevice } from './onNode';

/** A device with a key, whose limits can be moved. */
function commissioned(): { device: LinkedDevice; served: Served } {
  const served = Served.commissioned();
  return { device: new LinkedDevice((line, now_ms) => ((served.now_ms = now_ms), served.serve(line))), served };
}

/** Bytes as they come from a noisy wire, every so often with a piece of a real frame among them. */
function noise(random: Random, bytes: number): string {
  let text = '';
  const real = encodeRequest(1, 'tighten charge_mA 500');
  while (text.length < bytes) {
    const draw = random.uniform();
    if (draw < 0.02) text += real.slice(0, Math.floor(random.uniform() * real.indexOf('*')));
    else if (draw < 0.03) text += real.replace(/charge_mA 5/, 'charge_mA 6');
    else text += String.fromCharCode(Math.floor(random.uniform() * 256));
  }
  return text;
}

describe('a million random bytes', () => {
  test('are no command, move no limit and take no memory; the next request is served', () => {
    const { device, served } = commissioned();
    const random = new Random(1, 'link noise');
    const limits = JSON.stringify(served.fake.limits);
    for (let bytes = 0; bytes < 1e6; bytes += 1150) {
      device.receive(noise(random, 1150));
      expect(device.link.text.length).toBeLessThanOrEqual(HELD);
      expect(device.tick()).toBeUndefined();
    }
    expect(device.served).toEqual([]);
    expect(JSON.stringify(served.fake.limits)).toBe(limits);
    expect(served.fake.did).toEqual([]);
    device.receive('\n');
    device.run(100);
    expect(device.ask(5, 'status')).toBe('ok idle');
  });

  test('while frames come between them, the frames are served', () => {
    const { device } = commissioned();
    const random = new Random(2, 'link noise');
    let answered = 0;
    for (let k = 0; k < 500; k++) {
      device.receive(`${noise(random, 200)}\n`);
      device.run(20);
      answered += Number(device.ask(100 + k, 'status') === 'ok idle');
    }
    expect(answered).toBe(500);
  });
});

describe('a day of traffic', () => {
  test('leaves the state as large as it was', () => {
    const { device, served } = commissioned();
    const random = new Random(3, 'link day');
    const size = (): number => JSON.stringify([device.link, served.fake.did.length]).length;
    device.ask(1, 'rate 1000');
    device.run(20);
    const before = size();
    let asked = 0;
    let answered = 0;
    for (let second = 0; second < 86400; second++) {
      const draw = random.uniform();
      if (draw < 0.05) {
        const text = encodeRequest(
          10 + second,
          ['status', 'limits', 'help', 'challenge ship', 'rate 1000'][second % 5]!,
        );
        asked++;
        device.receive(text);
        if (draw < 0.01) device.receive(text);
      } else if (draw < 0.1) device.receive(noise(random, 100));
      answered +=
        device.run(10).filter(({ type, number }) => type === 'a' && number === 10 + second).length > 0 ? 1 : 0;
    }
    expect(asked).toBeGreaterThan(4000);
    // Of those that came right behind noise without an end of line, a few are answered a tick later or not at all.
    expect(answered).toBeGreaterThan(0.95 * asked);
    device.run(20);
    expect(Math.abs(size() - before)).toBeLessThan(HELD + 512);
    expect(device.link.text.length).toBeLessThanOrEqual(HELD);
    expect(KEY).toHaveLength(64);
  });
});
