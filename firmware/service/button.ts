/**
 * Resident: the way back without a key. A button that is pressed within 10 s of the boot and then held for 5 s.
 *
 * Not its level at reset: an ESP32 with its BOOT button low at reset runs no firmware at all. Not one look, and not a button that
 * was never seen released: a glitch at a reset in flight, or a pin that is stuck, must not take the key away.
 */
import { ButtonState, Service, type ServiceState } from './state';

const WINDOW_MS = 10000;
const HOLD_MS = 5000;

/** True once, when the button has been held long enough. For every tick, or every second. */
export function heldAtBoot(state: ServiceState, pressed: boolean, now_ms: number): boolean {
  const was = state[Service.button];
  if (was === ButtonState.Ignored) return false;
  if (!pressed || was !== ButtonState.Pressed) {
    if (now_ms - state[Service.booted_ms] > WINDOW_MS) state[Service.button] = ButtonState.Ignored;
    else if (!pressed) state[Service.button] = ButtonState.Released;
    else if (was === ButtonState.Released) {
      state[Service.button] = ButtonState.Pressed;
      state[Service.pressed_ms] = now_ms;
    }
    return false;
  }
  if (now_ms - state[Service.pressed_ms] < HOLD_MS) return false;
  state[Service.button] = ButtonState.Ignored;
  return true;
}
