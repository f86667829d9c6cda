import type { Rows } from './rows';

/**
 * For a file that tells only the time since the step began: a clock for the whole test, which takes the rows block by block. Where
 * the step's clock falls or the step changes, a step begins at the row before.
 */
export function testTimeFromStepTime(): (rows: Rows) => void {
  let begun_s = 0;
  let before = { time_s: 0, stepTime_s: 0, step: NaN, cycle: NaN };
  return ({ length, time_s, stepTime_s, step, cycle }) => {
    for (let i = 0; i < length; i++) {
      const goesOn = step[i] === before.step && cycle[i] === before.cycle && stepTime_s[i]! >= before.stepTime_s;
      if (!goesOn) begun_s = before.time_s;
      time_s[i] = begun_s + stepTime_s[i]!;
      before = { time_s: time_s[i]!, stepTime_s: stepTime_s[i]!, step: step[i]!, cycle: cycle[i]! };
    }
  };
}
