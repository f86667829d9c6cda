/** What the firmware costs on a real interpreter; a loud row where there is none. */
import { build } from '../build/build';
import { findInterpreter } from '../hil/interpreter';
import { measureBuild } from '../hil/measure';
import type { Row } from './row';

/** What a board leaves for them: of 100 ms some 20, at 150 to 200 us a step; of its 4,100 to 5,000 vars. */
const AIMS = {
  cycler: { mean: 100, worst: 120, vars: 2800 },
  'drone-6s': { mean: 170, worst: 200, vars: 3300 },
};

export async function interpreterRows(): Promise<Row[]> {
  const interpreter = findInterpreter();
  if (interpreter === undefined)
    return [{ what: 'firmware on a real interpreter', value: 'SKIPPED: none found', leibniz: null, target: '' }];
  const rows: Row[] = [];
  for (const [board, aim] of Object.entries(AIMS)) {
    const cost = await measureBuild(await build({ board }), interpreter);
    const row = (what: string, value: string, leibniz: number | null, target: string): Row => ({
      what: `${board} on the real interpreter, ${what}`,
      value,
      leibniz,
      target,
    });
    rows.push(
      row('tick at 10 Hz, mean', '', cost.meanTick_leibniz, `aim: ${aim.mean} steps`),
      row('tick at 10 Hz, worst', '', cost.worstTick_leibniz, `aim: ${aim.worst} steps`),
      row('memory after boot', `${cost.boardVars} JsVars of 16 bytes`, null, `aim: ${aim.vars}`),
    );
  }
  return rows;
}
