/**
 * A firmware in small: it says that it is ready and confirms itself, or that its self-test failed, and then starts anew where that
 * helps. NUMBER and PASSES are put in place when it is built (standIn.ts).
 */
import { confirmSlot, shouldRestart } from '../../firmware/loader/confirm';
import { say, slotFiles } from '../../hal/espruino/slots';
import { filePrefix } from '../../hal/espruino/system';

global.standIn = NUMBER;
say('stand-in ' + NUMBER);
if (PASSES) {
  say('ready');
  confirmSlot(slotFiles(), filePrefix());
} else {
  say('self-test failed: ' + new Error('a part is missing'));
  // Not before what was said is on the wire.
  if (shouldRestart(slotFiles(), filePrefix())) setTimeout(E.reboot, 200);
}
