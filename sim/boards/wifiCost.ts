/**
 * What telemetry by radio takes of the interpreter's memory once it is connected, in JsVars, its settings included. Measured on the
 * Linux interpreter with the code in flash (test/wifi/interpreter.test.ts holds the number; nearly all are names and numbers, which
 * take as many on a board). What the radio's own driver takes of an ESP32's memory outside of the JsVars is not known here.
 */
export const WIFI_JSVARS = 300;
