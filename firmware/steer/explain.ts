/** The set-point in words: what it is, why, and what it would take to change it. */
import { Reason, Recovery, Steer, type Steering } from './steering';

/** In one line for people: set-point, reason, and what follows the discharge. */
export function explain(steering: Steering): string {
  const s = steering.s;
  let text = Math.floor(steering.rate_mA + 0.5) + ' mA, ' + reasonText(steering.reason);
  if (steering.reason === Reason.Learned || steering.reason === Reason.Faster || steering.reason === Reason.Slower)
    text +=
      '; target ' +
      Math.floor(100 * Math.exp(s[Steer.shift]) + 0.5) +
      ' % of the model, +-' +
      Math.floor(100 * Math.sqrt(s[Steer.variance]) + 0.5) +
      ' %';
  if (s[Steer.candidate] === Recovery.None && s[Steer.gain] === 0) return text;
  const what = steering.recovery === Recovery.Rest ? 'rest' : steering.recovery === Recovery.Tail ? 'tail' : 'nothing';
  const back = Math.floor(100 * s[Steer.gain] + 0.5);
  return text + '; then ' + what + ': when last tried it gave back ' + back + ' % of what a cycle loses';
}

/** Why the rate is what it is; what it would take to change it. */
export function reasonText(reason: Reason): string {
  switch (reason) {
    case Reason.Prior:
      return "the part of the limiting current that the model says is best; moves with that current, or by the cell's own trials";
    case Reason.Learned:
      return 'the part of the limiting current at which this cell lost least; moves with that current, by electrolyte, temperature and age';
    case Reason.Faster:
      return 'a trial, faster than the target, to compare the lithium lost; until the target is known to 5 %';
    case Reason.Slower:
      return 'a trial, slower than the target, to compare the lithium lost; until the target is known to 5 %';
    case Reason.Tapered:
      return 'slowed down to stay above 80 % of the first capacity; for good, while the taper is asked for';
    case Reason.Slowest:
      return 'clipped at the slowest rate allowed; moves with that setting';
    case Reason.Fastest:
      return 'clipped at the fastest rate allowed; moves with that setting';
    case Reason.Held:
      return 'the last rate that an estimate stood behind; until the estimator is sure again, or five cycles long';
    case Reason.Default:
      return 'the default, for want of an estimate; until the estimator is sure again';
    default:
      return 'nothing chosen yet';
  }
}

/** The same in a word or two. */
export function actionText(steering: Steering): string {
  const recovery = steering.recovery;
  return (
    shortText(steering.reason) + (recovery === Recovery.Tail ? ', tail' : recovery === Recovery.Rest ? ', rest' : '')
  );
}

function shortText(reason: Reason): string {
  switch (reason) {
    case Reason.Prior:
      return 'target of the model';
    case Reason.Learned:
      return 'learned target';
    case Reason.Faster:
      return 'trial, faster';
    case Reason.Slower:
      return 'trial, slower';
    case Reason.Tapered:
      return 'taper';
    case Reason.Slowest:
      return 'slowest allowed';
    case Reason.Fastest:
      return 'fastest allowed';
    case Reason.Held:
      return 'last rate held';
    case Reason.Default:
      return 'default rate';
    default:
      return 'fixed rate';
  }
}
