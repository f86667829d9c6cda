/** Reads the action of a cycle, which firmware/steer/explain.ts puts into words. */
import { actionText } from '../../firmware/steer/explain';
import { Reason, Recovery, type Steering } from '../../firmware/steer/steering';

export interface Action {
  /** Why the rate was what it was, and the word for it. */
  reason: Reason;
  word: string;
  /** What followed the discharge: `tail`, `rest`, `slow strip`. */
  then: string[];
}

const WORDS = (Object.values(Reason) as (string | Reason)[])
  .filter((reason) => typeof reason === 'number')
  .map((reason) => ({ reason, word: actionText({ reason, recovery: Recovery.None } as Steering) }));

/** A word that the steering does not use is its own, without a reason. */
export function readAction(action: string): Action {
  const known = WORDS.find(({ word }) => action === word || action.startsWith(`${word}, `));
  if (known === undefined) return { reason: Reason.None, word: action, then: [] };
  const rest = action.slice(known.word.length + 2);
  return { ...known, then: rest === '' ? [] : rest.split(', ') };
}
