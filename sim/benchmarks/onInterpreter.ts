/** What the firmware costs on a real interpreter, run from flash; a loud row where there is none. */
import { build } from '../build/build';
import { findInterpreter } from '../hil/interpreter';
import { runOnInterpreter, type TickCost } from '../hil/run';
import { SCENARIOS, scenarioFiles } from '../hil/scenarios';
import type { Row } from './row';

/** Enough to meet every kind of slow reading in a charge several times. */
const TICKS = 2000;
const TIMED_EVERY = 7;

export async function interpreterRows(): Promise<Row[]> {
  const interpreter = findInterpreter();
  if (interpreter === undefined)
    return [{ what: 'firmware on a real interpreter', value: 'SKIPPED: none found', leibniz: null, target: '' }];
  const [cycle] = SCENARIOS;
  const { code } = await build({ board: 'cycler' });
  const run = (codeIn: 'flash' | 'ram') =>
    runOnInterpreter({
      interpreter,
      bundle: code,
      files: scenarioFiles(cycle!),
      createWorld: () => cycle!.createWorld(),
      done: () => false,
      maxTicks: TICKS,
      timeEvery: TIMED_EVERY,
      codeIn,
    });
  const { memory, cost } = await run('flash');
  const ram = (await run('ram')).cost;
  const vars = (count: number): string => `${count} JsVars of ${memory.bytesPerVar} bytes`;
  return [
    ...tickRows('code in memory, as a board maps its flash', ram!),
    ...tickRows('code in flash, which this machine reads from a file', cost!),
    { what: 'firmware from flash, after boot', value: vars(memory.booted), leibniz: null, target: 'aim: 1,500' },
    { what: 'firmware from flash, most in use', value: vars(memory.peak), leibniz: null, target: '' },
  ];
}

function tickRows(where: string, cost: TickCost): Row[] {
  const row = (what: string, time_us: number, steps: number, target: string): Row => ({
    what: `tick on the real interpreter, ${what}, ${where}`,
    value: `${Math.round(time_us)} us`,
    leibniz: steps,
    target,
  });
  return [
    row('median', cost.median_us, cost.median_steps, 'aim: 60 steps'),
    row('worst', cost.worst_us, cost.worst_steps, ''),
  ];
}
