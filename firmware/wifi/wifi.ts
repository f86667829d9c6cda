/**
 * Telemetry by radio: texts are published to an MQTT broker, and nothing else. It never subscribes; of what arrives it only sees
 * whether the broker took the connection and whether it is alive, so nobody can command a board by this way.
 *
 * A publication is followed by a ping, and the next waits for its answer: a dead link cannot fill the memory with what was not sent.
 * Loaded where the configuration asks for it, and kept; without it nothing of this takes memory.
 */
import type { Radio, RadioSocket } from '../../hal/radio';
import type { WifiConfig } from '../config/config';
import { connectPacket, PING, publishPacket } from './mqtt';

/** Where the connection to the broker stands. */
export enum Phase {
  /** No connection, nor one under way. */
  Down,
  /** Waits for the broker to take the connection, or for its answer to a ping. */
  Waiting,
  Ready,
}

/** What publishes to the broker. */
export interface Wifi {
  /** A text given before this is not needed. */
  due_ms: number;
  phase: Phase;
  /** Publications sent since the start. */
  sent: number;
  /** Publishes a text, where there is a connection, and looks after the connection. To be called when due; never throws. */
  publish: (text: string, now_ms: number) => void;
}

/** Whatever is not answered in this time is given up. */
const PATIENCE_MS = 20000;
/** Between two attempts, and two to join. */
const RETRY_MS = 10000;
const REJOIN_MS = 60000;
const KEEP_ALIVE_S = 90;
const CONNACK = '\x20\x02';
const ACCEPTED = '\x00';
const PINGRESP = '\xd0';

/** Begins to join; connects with the first calls of `publish`. @param id of this board, of the broker's clients */
export function startWifi(config: WifiConfig, id: string, radio: Radio): Wifi {
  let socket: RadioSocket | undefined;
  let greeting = '';
  let since_ms = 0;
  let joinedAt_ms = 0;

  function hangUp(): void {
    const old = socket;
    socket = undefined;
    wifi.phase = Phase.Down;
    try {
      if (old !== undefined) old.end();
    } catch (_) {
      // It had closed.
    }
  }

  /** CONNACK is the first that comes; after it only answers to pings do. */
  function received(bytes: string): void {
    if (greeting.length < 4) {
      greeting += bytes.substring(0, 4);
      if (greeting.length < 4) return;
      if (greeting.substring(0, 2) === CONNACK && greeting.charAt(3) === ACCEPTED) {
        wifi.phase = Phase.Ready;
        wifi.due_ms = 0;
      } else hangUp();
    } else if (wifi.phase === Phase.Waiting && bytes.indexOf(PINGRESP) >= 0) wifi.phase = Phase.Ready;
  }

  function dial(): void {
    greeting = '';
    wifi.phase = Phase.Waiting;
    try {
      const own: RadioSocket = radio.dial(
        config.broker,
        config.port,
        function () {
          own.write(connectPacket(id, config.user, config.secret, KEEP_ALIVE_S));
        },
        function (bytes) {
          if (socket === own) received(bytes);
        },
        function () {
          if (socket === own) hangUp();
        },
      );
      socket = own;
    } catch (_) {
      hangUp();
    }
  }

  const wifi: Wifi = {
    due_ms: 0,
    phase: Phase.Down,
    sent: 0,
    publish: function (text, now_ms) {
      wifi.due_ms = now_ms + config.period_ms;
      if (wifi.phase === Phase.Ready && socket !== undefined) {
        wifi.phase = Phase.Waiting;
        since_ms = now_ms;
        try {
          socket.write(publishPacket(config.topic, text) + PING);
          wifi.sent++;
        } catch (_) {
          hangUp();
        }
      } else if (wifi.phase === Phase.Waiting) {
        if (now_ms - since_ms >= PATIENCE_MS) hangUp();
      } else if (radio.isJoined()) {
        since_ms = now_ms;
        wifi.due_ms = now_ms + Math.max(config.period_ms, RETRY_MS);
        dial();
      } else if (now_ms - joinedAt_ms >= REJOIN_MS) {
        joinedAt_ms = now_ms;
        radio.join(config.ssid, config.password);
      }
    },
  };
  radio.join(config.ssid, config.password);
  return wifi;
}
