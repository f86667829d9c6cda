/** A device's end of the link on Node: what comes from the wire and what goes there, tick by tick. */
import { crc32 } from 'node:zlib';
import { createLink, framed, linkSlice, receive, type Link } from '../../firmware/link/link';
import { telemetry } from '../../firmware/link/telemetry';
import { decodeLine, encodeRequest, type Frame } from '../../sim/link/frame';
import { createFakeDevice, type FakeDevice } from './fakeDevice';

const checksum = (text: string): number => crc32(Buffer.from(text, 'latin1'));

export class LinkedDevice {
  readonly link: Link = createLink(checksum);
  readonly fake: FakeDevice = createFakeDevice();
  /** Lines that were served. */
  readonly served: string[] = [];
  now_ms = 1000;

  constructor(readonly serve: (line: string, now_ms: number) => string = (line) => `ok ${line}`) {}

  receive(text: string): void {
    receive(this.link, text);
  }

  /** One tick, as the device entry does it. @returns the line that it sends */
  tick(): string | undefined {
    this.now_ms += 100;
    const { bms } = this.fake.device;
    if (bms !== undefined) bms.sense.at_ms = bms.sense.slowAt_ms[0] = this.now_ms;
    const work = linkSlice(this.link, this.now_ms, (line) => {
      this.served.push(line);
      return this.serve(line, this.now_ms);
    });
    const text = work === undefined ? telemetry(this.link, this.fake.device, this.now_ms) : work;
    return text === '' ? undefined : text;
  }

  /** Ticks until nothing more is done about what was received. */
  run(ticks = 10): Frame[] {
    const frames: Frame[] = [];
    for (let k = 0; k < ticks; k++) {
      const line = this.tick();
      if (line !== undefined) frames.push(decodeLine(line)!);
    }
    return frames;
  }

  say(text: string): string {
    return framed(this.link, 'e', text);
  }

  /** A request over a quiet wire, and its answer. */
  ask(number: number, line: string): string | undefined {
    this.receive(encodeRequest(number, line));
    return this.run(4).find((frame) => frame.type === 'a' && frame.number === number)?.payload;
  }
}
