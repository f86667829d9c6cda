/**
 * Mistakes that change nothing anybody could see, and why. A mistake that stands here and is noticed by a test, and an entry that
 * no mistake fits, are errors: the list cannot hide what it does not understand.
 */
import type { Mutant } from './mutants';

export interface Equivalent {
  file: string;
  /** A part of the line in which the mistake is made; what is wrong stands in « and ». */
  line?: string;
  /** What of a table it is. */
  what?: RegExp;
  is: string | RegExp;
  why: string;
}

const FIRST = 'the first member of an enumeration is 0';
const SIGN = 'a sign is 1 or -1: to divide by it is to multiply with it';
const FLAG = 'of a flag only on which side of its level it is counts';
const GOOD = 'what stands for nothing to see may be any value on the good side of every level that can be set';
const BOUND = 'at the bound itself both ways lead to the same number';
const SAVES = 'what has no alarm is good: to look at its row changes nothing';
const FEW = 'no row waits for more than 100 samples';
const ONE_OFF = /^(1|\(-1\))$/;
const NO_ROW_0 = 'no row is Fault.None, and what is not found is below it';
const NOT_DERATING = 'rows behind the derating ones have no share, and their typed array no place for one';

export const EQUIVALENT: readonly Equivalent[] = [
  { file: 'engine.ts', line: 'const x = value «*» p.rows[', is: '/', why: SIGN },
  { file: 'engine.ts', line: 'level «+» Level.trip]', is: '-', why: FIRST },
  { file: 'engine.ts', line: 'Of.length «+» Of.group]', is: '-', why: FIRST },
  { file: 'engine.ts', line: '«fault <= LAST_DERATING») p.room[fault] = 1;', is: 'true', why: NOT_DERATING },
  { file: 'engine.ts', line: '«fault <= LAST_DERATING») p.room[fault] = 0;', is: 'true', why: NOT_DERATING },
  {
    file: 'engine.ts',
    line: '«fault <= LAST_DERATING») take(',
    is: 'true',
    why: 'rows behind the derating ones derate nothing, by the table',
  },
  { file: 'engine.ts', line: 'if (p.samples[fault] < «255»)', is: '254', why: FEW },
  { file: 'engine.ts', line: 'p.samples[fault] = «254»;', is: /^25[35]$/, why: FEW },
  {
    file: 'engine.ts',
    line: 'p.since_ms[fault] = now_ms - «100» *',
    is: '101',
    why: 'what is tripped must have lasted long enough, and may have lasted longer',
  },
  { file: 'engine.ts', line: 'to «<» 1 ? to : 1', is: '<=', why: BOUND },
  {
    file: 'engine.ts',
    line: 'fault «>» 0; fault = fault < LAST_DERATING',
    is: '>=',
    why: NO_ROW_0,
  },
  { file: 'engine.ts', line: 'fault > «0»; fault = fault < LAST_DERATING', is: '(-1)', why: NO_ROW_0 },
  {
    file: 'engine.ts',
    line: 'fault = fault «<» LAST_DERATING ? fault + 1',
    is: '<=',
    why: 'the row behind the last derating one is looked at, tripped or not',
  },
  { file: 'protection.ts', line: 'new Float32Array(LAST_DERATING + «1»)', is: '2', why: 'one place more than is used' },
  {
    file: 'protection.ts',
    line: 'p.x[«X.lastTemperature_ms»] = -1',
    is: '(X.lastTemperature_ms + 1)',
    why: 'the first temperature has no slope that means something, and is one of three that a trip needs',
  },
  { file: 'protection.ts', line: 'at «+» Level.trip]', is: '-', why: FIRST },
  {
    file: 'protection.ts',
    line: 'Math.min(p.levels[at + «Level.trip»]',
    is: '(Level.trip + 1)',
    why: 'by the table no early level is beyond its trip level',
  },
  { file: 'protection.ts', line: 'const by = trip «*» p.rows[', is: '/', why: SIGN },
  {
    file: 'protect.ts',
    line: 'x[X.heat] = discharged «+» charged',
    is: '-',
    why: 'a current heats one of the two and cools the other: they are never equal but at 0',
  },
  { file: 'protect.ts', line: '? «1» : 0, now_ms', is: '2', why: FLAG },
  { file: 'protect.ts', line: '? 1 : «0», now_ms', is: '(-1)', why: FLAG },
  { file: 'protect.ts', line: '? 0 : «1», now_ms', is: '2', why: FLAG },
  { file: 'protect.ts', line: '? «0» : 1, now_ms', is: '(-1)', why: FLAG },
  { file: 'protect.ts', line: 'Math.abs(moved_mV) / passed_s : «0»', is: ONE_OFF, why: GOOD },
  { file: 'protect.ts', line: '? error_mA : «0»', is: ONE_OFF, why: GOOD },
  { file: 'protect.ts', line: '? off_mA : «0»', is: ONE_OFF, why: GOOD },
  { file: 'protect.ts', line: '? «0» : off_mA', is: ONE_OFF, why: GOOD },
  { file: 'protect.ts', line: '? slope_C_s : «0»', is: ONE_OFF, why: GOOD },
  { file: 'protect.ts', line: '<= FOLLOWS_MS ? «100» : ', is: /^(101|99)$/, why: GOOD },
  { file: 'protect.ts', line: '«alarms[ANY] === 0») return', is: 'false', why: SAVES },
  { file: 'protect.ts', line: 'alarms[ANY] === «0») return', is: '(-1)', why: SAVES },
  { file: 'protect.ts', line: 'if (alarms[ANY] === 0) «return;»', is: ';', why: SAVES },
  { file: 'protect.ts', line: 'let alarm = «1»; alarm', is: '0', why: 'no alarm is Alarm.None' },
  { file: 'protect.ts', line: '«level !== 0 || p.state[fault] !== 0»)', is: 'true', why: SAVES },
  { file: 'protect.ts', line: 'if (level !== «0» ||', is: '(-1)', why: SAVES },
  { file: 'protect.ts', line: 'p.state[fault] !== «0») check', is: '(-1)', why: SAVES },
  { file: 'protect.ts', line: 'const square = current «>» 0', is: '>=', why: BOUND },
  { file: 'protect.ts', line: '(current «<» MOST_OF_LASTING ?', is: '<=', why: BOUND },
  { file: 'protect.ts', line: 'x[which] = heat «>» 0', is: '>=', why: BOUND },
  { file: 'protect.ts', line: '(heat «<» MOST_HEAT ?', is: '<=', why: BOUND },
  {
    file: 'rows.ts',
    what: /^(flight |cycler )?None /,
    is: /./,
    why: 'Fault.None is no row: nothing is ever shown to it',
  },
  {
    file: 'rows.ts',
    what: /samples$/,
    is: '1 - 1',
    why: 'the value that is shown is the first of the samples that are waited for',
  },
  {
    file: 'rows.ts',
    what: /samples$/,
    is: '2 - 1',
    why: 'what has lasted for a time is at least two samples; a row with two samples and no time would be noticed',
  },
  { file: 'rows.ts', what: /time_100ms$/, is: '0 - 1', why: 'what is there at all has lasted for no time' },
];

/** @param source of the mutant's file */
export function isEquivalent({ file, line, what, is }: Equivalent, mutant: Mutant, source: string): boolean {
  return (
    mutant.file.endsWith(`/${file}`) &&
    (line === undefined || standsIn(line, mutant, source)) &&
    (what === undefined || what.test(mutant.what)) &&
    (typeof is === 'string' ? is === mutant.is : is.test(mutant.is))
  );
}

/** Whether what the mutant changes is what is marked in the line. */
function standsIn(marked: string, { at, was }: Mutant, source: string): boolean {
  const [before, , after] = marked.split(/[«»]/) as [string, string, string];
  return (
    marked === `${before}«${was}»${after}` &&
    source.slice(0, at).endsWith(before) &&
    source.slice(at + was.length).startsWith(after)
  );
}
