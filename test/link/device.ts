/** The device's end of the link on the interpreter, with the service of a target that does nothing: what tests send there calls these. */
import { createLink, linkSlice, receive, type Link } from '../../firmware/link/link';
import { telemetry } from '../../firmware/link/telemetry';
import { serve } from '../../firmware/service/serve';
import { createService } from '../../firmware/service/state';
import { hmacSha256 } from '../../hal/espruino/sha256';
import { createFake } from '../service/fakeTarget';
import { createFakeDevice } from './fakeDevice';

declare const E: { CRC32(text: string): number };
declare const print: (text: string) => void;
declare const process: { memory(): { usage: number } };

const link: Link = createLink(function (text) {
  return E.CRC32(text);
});
const fake = createFakeDevice();
const state = createService(undefined, 123456789, 1000);
const target = createFake(
  state,
  function (key, text) {
    return hmacSha256(key, text, false);
  },
  undefined,
);
let now_ms = 1000;
let served = 0;

function answer(line: string): string {
  served++;
  return serve(target.target, line, now_ms);
}

function tick(): string {
  now_ms += 100;
  const bms = fake.device.bms;
  if (bms !== undefined) bms.sense.at_ms = bms.sense.slowAt_ms[0] = now_ms;
  const work = linkSlice(link, now_ms, answer);
  const text = work === undefined ? telemetry(link, fake.device, now_ms) : work;
  return text === undefined ? '' : text;
}

(globalThis as unknown as { device: object }).device = {
  tick,
  receive: (text: string) => receive(link, text),
  /** Ticks, and prints what is sent. */
  run: function (ticks: number) {
    for (let k = 0; k < ticks; k++) {
      const line = tick();
      if (line !== '') print('@' + line);
    }
  },
  /** What was served, what was done, the limits, characters held and JsVars in use. */
  report: () => served + ' ' + target.did.length + ' ' + JSON.stringify(target.limits) + ' ' + link.text.length,
  usage: () => process.memory().usage,
};
