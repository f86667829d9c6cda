/**
 * A production build in small: the console is closed before anything else and opened again only without a key, by `update`, or by
 * the button; lines come over the console's wire. Time runs five times as fast, so that a button is held for a second.
 */
import { heldAtBoot } from '../../firmware/service/button';
import { factoryReset } from '../../firmware/service/key';
import { hold, takeLine } from './lineBuffer';
import { serve } from '../../firmware/service/serve';
import { createService, KeyState, Service } from '../../firmware/service/state';
import { closeConsole, groundedButton, isConsoleOpen, openConsole, serialOf } from '../../hal/espruino/console';
import { hmacSha256 } from '../../hal/espruino/sha256';
import { createFake } from './fakeTarget';

const KEPT_FILE = 'kept';

const device = closeConsole();
const wire = serialOf(device);
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a module of the interpreter
const storage = require('Storage');
const button = groundedButton('D0');

function now_ms() {
  return Math.floor(getTime() * 5000);
}

const bytes = storage.readArrayBuffer(KEPT_FILE);
const kept = bytes === undefined ? undefined : new Float64Array(new Float64Array(bytes));
const state = createService(kept, 1, now_ms());
const fake = createFake(
  state,
  function (key, text) {
    return hmacSha256(key, text, false);
  },
  kept,
);
const remember = fake.target.save;
fake.target.save = function () {
  remember();
  return storage.write(KEPT_FILE, new Uint8Array(fake.kept.buffer));
};
fake.target.present = isConsoleOpen;
fake.target.update = function () {
  openConsole(device);
  return '';
};

const buffer = { text: '' };
wire.on('data', function (arrived) {
  hold(buffer, arrived);
});
setInterval(function () {
  const line = takeLine(buffer);
  if (line !== undefined) wire.write('#' + serve(fake.target, line, now_ms()) + '\n');
  if (!heldAtBoot(state, !button.read(), now_ms())) return;
  factoryReset(fake.target);
  openConsole(device);
}, 20);
if (state[Service.keyState] === KeyState.None) openConsole(device);
global.served = function (line) {
  print('#' + serve(fake.target, line, now_ms()));
};
wire.write('#booted\n');
