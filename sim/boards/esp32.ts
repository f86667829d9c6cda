/**
 * What the pins of an ESP32 can do, by Espruino's names (D25 is GPIO25). ESP32 datasheet, sections 2.2 (pins), 2.4 (strapping) and 4.1
 * (ADC); of a module with WROOM-32.
 */

const EXISTING = [0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 25, 26, 27, 32, 33, 34, 35, 36, 39];
const FLASH = [6, 7, 8, 9, 10, 11];
const STRAPPING = [0, 2, 5, 12, 15];
/** The interpreter's console, over the board's USB bridge. */
const CONSOLE = [1, 3];
const INPUT_ONLY = [34, 35, 36, 37, 38, 39];
/** The second converter is taken by the radio, and Espruino does not read it. */
const ADC1 = [32, 33, 34, 35, 36, 37, 38, 39];

export type Use = 'output' | 'input' | 'bus' | 'analogue';

/** Why a pin does not serve, in words that end with what is allowed; undefined: it does. */
export function whyNot(pin: string, use: Use): string | undefined {
  const number = /^D(\d{1,2})$/.exec(pin)?.[1];
  const gpio = number === undefined ? -1 : Number(number);
  if (FLASH.includes(gpio)) return `is wired to the flash; ${allowed(use)}`;
  if (!EXISTING.includes(gpio)) return `is no pin of an ESP32 module; ${allowed(use)}`;
  if (STRAPPING.includes(gpio)) return `decides how the controller starts; ${allowed(use)}`;
  if (CONSOLE.includes(gpio)) return `belongs to the console's UART; ${allowed(use)}`;
  if (use === 'analogue') return ADC1.includes(gpio) ? undefined : `is not on ADC1; ${allowed(use)}`;
  if (use !== 'input' && INPUT_ONLY.includes(gpio)) return `can only be read, not driven; ${allowed(use)}`;
  return undefined;
}

function allowed(use: Use): string {
  const pins = EXISTING.filter((pin) => !STRAPPING.includes(pin) && !CONSOLE.includes(pin))
    .filter((pin) => use !== 'analogue' || ADC1.includes(pin))
    .filter((pin) => use === 'analogue' || use === 'input' || !INPUT_ONLY.includes(pin));
  return `allowed: ${pins.map((pin) => `D${pin}`).join(', ')}`;
}
