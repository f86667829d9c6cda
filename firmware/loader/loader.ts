/**
 * The boot code (`.bootcde`) of every board: chooses the firmware and names it in `calderaSlot`. What starts it stands behind this
 * program, outside of any function (sim/flash/loader.ts): a firmware evaluated inside one would keep that function's scope, and
 * search it for every name.
 */
import { say, slotFiles, startFrom } from '../../hal/espruino/slots';
import { chooseSlot } from './choose';
import { slotName } from './slots';

const RECOVER = 'To recover: connect the board and type caldera flash --port PORT (docs/flashing.md)';

try {
  const slot = chooseSlot(slotFiles(), say);
  if (slot === undefined) {
    say('no firmware in flash is whole: nothing runs, the switches stay open');
    say(RECOVER);
  } else {
    say('firmware ' + slotName(slot));
    startFrom(slot.prefix);
  }
} catch (error) {
  say('the loader failed: ' + error);
  say(RECOVER);
}

// A module, for the bundler.
export {};
