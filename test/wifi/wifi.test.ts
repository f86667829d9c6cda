import * as net from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WifiConfig } from '../../firmware/config/config';
import { connectPacket, publishPacket } from '../../firmware/wifi/mqtt';
import { Phase, startWifi, type Wifi } from '../../firmware/wifi/wifi';
import type { Radio } from '../../hal/radio';
import { Broker } from './broker';

/** Node's sockets behind the firmware's interface. */
function nodeRadio(state = { joined: true, joins: 0, dials: 0 }): Radio & { state: typeof state } {
  return {
    state,
    join: () => void state.joins++,
    isJoined: () => state.joined,
    dial: (host, port, opened, received, closed) => {
      state.dials++;
      const socket = net.connect({ host, port }, opened);
      socket.setEncoding('latin1').on('data', (text) => received(String(text)));
      socket.on('error', closed).on('close', closed);
      return { write: (bytes) => void socket.write(bytes, 'latin1'), end: () => void socket.end() };
    },
  };
}

const settings = (port: number, more: Partial<WifiConfig> = {}): WifiConfig => ({
  ssid: 'lab',
  password: 'x',
  broker: '127.0.0.1',
  port,
  user: '',
  secret: '',
  topic: 'lab/caldera',
  period_ms: 1000,
  ...more,
});

let broker: Broker;
let port: number;
beforeEach(async () => {
  broker = new Broker();
  port = await broker.listen();
});
afterEach(() => broker.close());

/** Waits for what the event loop brings. */
const soon = (time_ms = 30): Promise<void> => new Promise((done) => setTimeout(done, time_ms));
async function connected(more: Partial<WifiConfig> = {}): Promise<{ wifi: Wifi; radio: ReturnType<typeof nodeRadio> }> {
  const radio = nodeRadio();
  const wifi = startWifi(settings(port, more), 'caldera-1', radio);
  wifi.publish('not yet', 0);
  await broker.until(() => broker.clients.length === 1);
  for (let k = 0; k < 20 && wifi.phase !== Phase.Ready; k++) await soon(5);
  return { wifi, radio };
}

describe('telemetry by radio', () => {
  it('connects, publishes, and pings after each publication', async () => {
    const { wifi } = await connected({ user: 'me', secret: 'word' });
    expect(wifi.phase).toBe(Phase.Ready);
    expect(broker.clients).toEqual([{ id: 'caldera-1', keepAlive_s: 90, user: 'me', secret: 'word' }]);
    const long = 'x'.repeat(300);
    for (const [k, text] of ['one', long, 'three'].entries()) {
      wifi.publish(text, 20000 + 1000 * k);
      await broker.until(() => broker.publications.length === k + 1);
      await soon();
    }
    expect(broker.publications.map(({ text }) => text)).toEqual(['one', long, 'three']);
    expect(broker.publications.every(({ topic }) => topic === 'lab/caldera')).toBe(true);
    // Nothing else ever: no SUBSCRIBE (8).
    expect(broker.kinds).toEqual([1, 3, 12, 3, 12, 3, 12]);
    expect(wifi.sent).toBe(3);
    expect(wifi.due_ms).toBe(23000);
  });

  it('queues nothing on a dead link, gives it up and dials anew', async () => {
    const { wifi, radio } = await connected();
    broker.answersPings = false;
    wifi.publish('last', 20000);
    await broker.until(() => broker.publications.length === 1);
    for (let now_ms = 21000; now_ms < 40000; now_ms += 1000) wifi.publish('lost', now_ms);
    expect(wifi.sent).toBe(1);
    expect(wifi.phase).toBe(Phase.Waiting);
    wifi.publish('lost', 40000);
    expect(wifi.phase).toBe(Phase.Down);
    broker.answersPings = true;
    wifi.publish('lost', 41000);
    expect(wifi.due_ms).toBe(51000);
    await broker.until(() => broker.clients.length === 2);
    await soon();
    wifi.publish('again', 51000);
    await broker.until(() => broker.publications.length === 2);
    expect(broker.publications[1]!.text).toBe('again');
    expect(radio.state.dials).toBe(2);
  });

  it('comes back after the broker went away', async () => {
    const { wifi } = await connected();
    broker.drop();
    await soon();
    expect(wifi.phase).toBe(Phase.Down);
    wifi.publish('x', 20000);
    await broker.until(() => broker.clients.length === 2);
    await soon();
    expect(wifi.phase).toBe(Phase.Ready);
  });

  it('does not publish where the broker refuses it, or says something else', async () => {
    for (const greeting of [
      Buffer.from([0x20, 2, 0, 5]),
      Buffer.from('HTTP/1.1 400 Bad'),
      Buffer.from([0x30, 0, 0, 0]),
    ]) {
      broker.greeting = greeting;
      const wifi = startWifi(settings(port), 'caldera-1', nodeRadio());
      wifi.publish('x', 0);
      await soon(60);
      expect(wifi.phase).toBe(Phase.Down);
      expect(wifi.sent).toBe(0);
    }
    expect(broker.publications).toEqual([]);
  });

  it('waits for the network, and joins anew once a minute', async () => {
    const radio = nodeRadio({ joined: false, joins: 0, dials: 0 });
    const wifi = startWifi(settings(port), 'caldera-1', radio);
    for (let now_ms = 0; now_ms <= 180000; now_ms += 1000) wifi.publish('x', now_ms);
    expect(radio.state).toEqual({ joined: false, joins: 4, dials: 0 });
    radio.state.joined = true;
    wifi.publish('x', 181000);
    await broker.until(() => broker.clients.length === 1);
  });

  it('survives a socket that cannot be had, or breaks while it writes', () => {
    const broken: Radio = {
      join: () => undefined,
      isJoined: () => true,
      dial: () => {
        throw new Error('no sockets');
      },
    };
    const wifi = startWifi(settings(port), 'caldera-1', broken);
    wifi.publish('x', 0);
    expect(wifi.phase).toBe(Phase.Down);
    let receive: (bytes: string) => void = () => undefined;
    const breaking: Radio = {
      ...broken,
      dial: (_host, _port, _opened, received) => {
        receive = received;
        return {
          write: () => {
            throw new Error('closed');
          },
          end: () => {
            throw new Error('closed');
          },
        };
      },
    };
    const other = startWifi(settings(port), 'caldera-1', breaking);
    other.publish('x', 0);
    receive('\x20\x02\0\0');
    expect(other.phase).toBe(Phase.Ready);
    other.publish('x', 20000);
    expect(other.phase).toBe(Phase.Down);
  });

  it('whatever bytes arrive: nothing is thrown, nothing is kept, nothing but PUBLISH and PINGREQ is sent', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }), (chunks) => {
        const written: string[] = [];
        let receive: (bytes: string) => void = () => undefined;
        const radio: Radio = {
          join: () => undefined,
          isJoined: () => true,
          dial: (_host, _port, _opened, received) => {
            receive = received;
            return { write: (bytes) => void written.push(bytes), end: () => undefined };
          },
        };
        const wifi = startWifi(settings(1883), 'caldera-1', radio);
        wifi.publish('', 0);
        receive('\x20\x02\0\0');
        chunks.forEach((chunk, k) => {
          receive(String.fromCharCode(...chunk));
          wifi.publish('text', 20000 * (k + 1));
        });
        expect(written.every((bytes) => bytes === publishPacket('lab/caldera', 'text') + '\xc0\0')).toBe(true);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});

describe('packets', () => {
  it('are those of the standard', () => {
    expect(Buffer.from(connectPacket('a', '', '', 60), 'latin1').toString('hex')).toBe(
      '100d00044d5154540402003c000161',
    );
    expect(Buffer.from(publishPacket('t', 'hi'), 'latin1').toString('hex')).toBe('3005000174' + '6869');
    expect(publishPacket('t', 'x'.repeat(125)).charCodeAt(1)).toBe(0x80);
    expect(publishPacket('t', 'x'.repeat(125)).charCodeAt(2)).toBe(1);
    expect(() => publishPacket('t', 'x'.repeat(16381))).toThrow(/16384 bytes; allowed: 16383/);
  });
});
