/** A device and its owner on Node. */
import { createHmac } from 'node:crypto';
import { serve } from '../../firmware/service/serve';
import { createService, KEPT } from '../../firmware/service/state';
import { parseChallenge } from '../../sim/service/challenge';
import { respond } from '../../sim/service/response';
import { createFake, type Fake } from './fakeTarget';

export const KEY = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
export const OTHER_KEY = 'ff'.repeat(31) + '00';
export const RANDOM = 123456789;

/** Node's own, from the words in which the device keeps its key. */
export function nodeHmac(key: Float64Array, text: string): ArrayBuffer {
  const bytes = Buffer.concat(
    Array.from(key, (word) => {
      const four = Buffer.alloc(4);
      four.writeUInt32BE(word);
      return four;
    }),
  );
  return Uint8Array.from(createHmac('sha256', bytes).update(text, 'latin1').digest()).buffer;
}

/** The line that answers a challenge. */
export function respondTo(challenge: string, command: string, key = KEY): string {
  return `do ${respond(parseChallenge(challenge), command, key)} ${command}`;
}

export class Device {
  now_ms = 1000;
  fake: Fake;

  constructor(kept?: Float64Array) {
    this.fake = this.boot(kept);
  }

  /** A device whose key is KEY. */
  static commissioned(): Device {
    const device = new Device();
    device.serve(`key ${KEY}`);
    return device;
  }

  serve(line: string): string {
    return serve(this.fake.target, line, this.now_ms);
  }

  /** The lines of who knows the key. */
  authorise(command: string, key = KEY): string {
    return this.serve(this.response(command, key));
  }

  /** Asks for a challenge; the line that answers it, not sent yet. */
  response(command: string, key = KEY): string {
    return respondTo(this.serve(`challenge ${command}`), command, key);
  }

  /** Power off and on: what was stored is all that is left, and the clock starts anew. */
  reset(): void {
    this.now_ms = 1000;
    this.fake = this.boot(this.fake.kept?.slice());
  }

  get state(): Float64Array {
    return this.fake.target.state;
  }

  private boot(kept: Float64Array | undefined): Fake {
    if (kept !== undefined && kept.length !== KEPT) throw new Error(`${kept.length} numbers stored`);
    return createFake(createService(kept, RANDOM, this.now_ms), nodeHmac, kept);
  }
}
