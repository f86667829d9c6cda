/** What a controller starts from. */

/** As RTC_CNTL_RESET_STATE of an ESP32 has it. */
export enum ResetState {
  PowerOn = 1,
  Watchdog = 8,
  Software = 12,
  BrownOut = 15,
}

/** The configuration, in Storage. */
export const CONFIG_FILE = 'caldera.json';
