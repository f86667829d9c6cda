/** The service on the interpreter, with the fake target: what tests send there calls these. */
import { serve } from '../../firmware/service/serve';
import { createService, type ServiceState } from '../../firmware/service/state';
import { hmacSha256, slowHmacSha256, slowSha256 } from '../../hal/espruino/sha256';
import { createFake, type Fake } from './fakeTarget';

let fake: Fake;
let now_ms = 0;

function boot(random: number, at_ms: number): void {
  now_ms = at_ms;
  const kept = fake === undefined ? undefined : fake.kept;
  const state: ServiceState = createService(kept, random, at_ms);
  const hmac = function (key: Float64Array, text: string): ArrayBuffer {
    return hmacSha256(key, text, false);
  };
  fake = createFake(state, hmac, kept);
}

function line(at_ms: number, text: string): string {
  now_ms = at_ms;
  return serve(fake.target, text, now_ms);
}

function hex(bytes: ArrayBuffer): string {
  let text = '';
  new Uint8Array(bytes).forEach(function (byte) {
    text += byte.toString(16).padStart(2, '0');
  });
  return text;
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return bytes;
}

(globalThis as unknown as { device: object }).device = {
  boot,
  line,
  did: () => fake.did.join('|'),
  sha256: (text: string) => hex(slowSha256(bytesOf(text))),
  hmac: (words: number[], text: string) => hex(hmacSha256(new Float64Array(words), text, false)),
  slowHmac: (words: number[], text: string) => hex(slowHmacSha256(new Float64Array(words), text)),
};
