/** What the firmware costs on a real interpreter, run from flash; a loud row where there is none. */
import { build } from '../build/build';
import { findInterpreter } from '../hil/interpreter';
import { runOnInterpreter } from '../hil/run';
import { SCENARIOS } from '../hil/scenarios';
import type { Row } from './main';

/** Enough to meet every kind of slow reading in a charge several times. */
const TICKS = 2000;
const TIMED_EVERY = 7;

export async function interpreterRows(): Promise<Row[]> {
  const interpreter = findInterpreter();
  if (interpreter === undefined)
    return [{ what: 'firmware on a real interpreter', value: 'SKIPPED: none found', leibniz: null, target: '' }];
  const [cycle] = SCENARIOS;
  const { code } = await build({ board: 'cycler' });
  const { memory, cost } = await runOnInterpreter({
    interpreter,
    bundle: code,
    files: { 'caldera.json': JSON.stringify(cycle!.config) },
    createWorld: () => cycle!.createWorld(),
    done: () => false,
    maxTicks: TICKS,
    timeEvery: TIMED_EVERY,
  });
  const vars = (count: number): string => `${count} JsVars of ${memory.bytesPerVar} bytes`;
  return [
    {
      what: 'tick on the real interpreter, median',
      value: `${Math.round(cost!.median_us)} us`,
      leibniz: cost!.median_steps,
      target: 'aim: 60 steps',
    },
    {
      what: 'tick on the real interpreter, worst',
      value: `${Math.round(cost!.worst_us)} us`,
      leibniz: cost!.worst_steps,
      target: '',
    },
    { what: 'firmware from flash, after boot', value: vars(memory.booted), leibniz: null, target: 'aim: 1,500' },
    { what: 'firmware from flash, most in use', value: vars(memory.peak), leibniz: null, target: '' },
  ];
}
