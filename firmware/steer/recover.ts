/**
 * Winning lithium back after the discharge: a slow tail, or a longer rest, where it pays on this cell. Whether it does is not assumed
 * but measured: one cycle is run the other way, and the lithium lost in it and the one behind it, whose lambda shows it, is compared
 * with the two cycles before and the two after.
 *
 *   cycle        1    2    3    4    5    6    7
 *   tail                        x
 *   lambda       |---------|---------|---------|
 */
import { Parameter as M } from '../estimate/cellModel';
import { Recovery, Steer, type Steering } from './steering';

/** Cycles after which the corners are taken; the trial is the cycle behind the second corner. */
const CORNER = 2;
/** What is in use, or not, is tried the other way again after so many cycles. */
const AGAIN = 40;
/** What it gives back must be more than this share of a cycle's loss, and than the share of the cycle's time that it takes... */
const LEAST_GAIN = 0.05;
/** ...and than the scatter of lambda [share of the nominal capacity]. */
const SCATTER = 1e-3;
const REST_MIN = 30;

/** What is to follow the discharge of this cycle. */
export function chooseRecovery(s: Float64Array): Recovery {
  const onTrial = s[Steer.since] === 1 + CORNER;
  return onTrial !== (s[Steer.inUse] === 1) ? s[Steer.candidate] : Recovery.None;
}

/** How long it may take [min]. */
export function recoveryMinutes(steering: Steering): number {
  const most = steering.settings.recovery_min;
  return steering.recovery === Recovery.Rest ? Math.min(REST_MIN, most) : most;
}

/** After a cycle with a measured lambda. */
export function learnRecovery(steering: Steering, m: Float64Array, lambda: number): void {
  const s = steering.s;
  if (s[Steer.candidate] === Recovery.None) return;
  s[Steer.since]++;
  const since = s[Steer.since];
  if (since === 1) s[Steer.corner1] = lambda;
  else if (since === 1 + CORNER) s[Steer.corner2] = lambda;
  else if (since === 1 + 2 * CORNER) s[Steer.corner3] = lambda;
  else if (since === 1 + 3 * CORNER) judge(steering, m, lambda);
  else if (since === AGAIN) s[Steer.since] = 0;
}

function judge(steering: Steering, m: Float64Array, lambda: number): void {
  const s = steering.s;
  const usual = (lambda - s[Steer.corner3] + s[Steer.corner2] - s[Steer.corner1]) / 2;
  const trial = s[Steer.corner3] - s[Steer.corner2];
  const used = s[Steer.inUse] === 1;
  const back = used ? trial - usual : usual - trial;
  // What a cycle loses without it.
  const loss = used ? usual / CORNER + back : usual / CORNER;
  s[Steer.gain] = loss > 0 ? back / loss : 0;
  const share = (60000 * recoveryMinutes(steering)) / Math.max(1, s[Steer.cycle_ms]);
  if (back > SCATTER * m[M.Qn] && s[Steer.gain] > Math.max(LEAST_GAIN, share)) s[Steer.inUse] = 1;
  else {
    s[Steer.inUse] = 0;
    s[Steer.candidate] = s[Steer.candidate] === Recovery.Tail ? Recovery.Rest : Recovery.None;
    s[Steer.since] = 0;
  }
}
