import { describe } from 'vitest';
import { findInterpreter } from '../../sim/hil/interpreter';

const found = findInterpreter();
if (found === undefined) {
  console.warn(
    'SKIPPED: no Espruino interpreter; the device tests do not run. Give its path in ESPRUINO, or put it on PATH as espruino-linux.',
  );
}

/** Path of the interpreter; only tests below `onDevice` run when there is one. */
export const interpreter = found ?? 'no interpreter';

/** A suite that needs a real interpreter; counted as skipped, and said so, where there is none. */
export const onDevice = found === undefined ? describe.skip : describe;
