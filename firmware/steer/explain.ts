/** The set-point in words: why it is so, and what would change it. */
import { Reason, Recovery, type Steering } from './steering';

/** In a word or two, with what follows the discharge. */
export function actionText(steering: Steering): string {
  const recovery = steering.recovery;
  return (
    ['none', 'model', 'learned', 'trial faster', 'trial slower', 'taper', 'slowest', 'fastest', 'held', 'default'][
      steering.reason
    ] + (recovery === Recovery.Tail ? ', tail' : recovery === Recovery.Rest ? ', rest' : '')
  );
}

/** Why the rate is what it is, and what it would take to change it. */
export function reasonText(reason: Reason): string {
  switch (reason) {
    case Reason.Prior:
      return 'held at the part of the limiting current that the model says is best; changes with the limiting current, and with what the cell shows in trials';
    case Reason.Learned:
      return 'held at the part of the limiting current at which this cell lost least; changes with the limiting current, its temperature and age';
    case Reason.Faster:
      return 'a little faster than the target, to compare the lithium lost; ends when the target is known well enough';
    case Reason.Slower:
      return 'a little slower than the target, to compare the lithium lost; ends when the target is known well enough';
    case Reason.Tapered:
      return 'slowed down to stay above 80 % of the first capacity; ends with a new cell, or without the taper';
    case Reason.Slowest:
      return 'the target is slower than the slowest rate allowed; changes with that setting';
    case Reason.Fastest:
      return 'the target is faster than the fastest rate allowed; changes with that setting';
    case Reason.Held:
      return 'the estimator cannot say: the last rate that it stood behind; ends when its data are good again, or after five cycles';
    case Reason.Default:
      return 'the estimator has not been able to say for five cycles: the default rate; ends when its data are good again';
    default:
      return 'nothing chosen yet';
  }
}
