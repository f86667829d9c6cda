/**
 * The steering of a channel, once a cycle: which rate, whether lithium is won back after it, and what the cycle has taught. It acts on
 * those steps of the protocol that are marked as steered, and on nothing else; between cycles it does nothing.
 */
import { Why, Estimated } from '../estimate/estimates';
import type { Estimator } from '../estimate/estimator';
import { type CycleRecord, EndedBy, type Run } from '../protocol/protocol';
import { type ProtocolStep, Steered, StepKind } from '../protocol/step';
import { learnRate, restartTrials, SETTLING } from './learn';
import { chooseRate, knowLimit, settleRate } from './rate';
import { chooseRecovery, learnRecovery, recoveryMinutes } from './recover';
import { Recovery, Steer, type Steering } from './steering';

/** Between the discharge and a tail the cell rests [min], so that the end of the discharge is seen. */
const BEFORE_TAIL_MIN = 1;
/** What a discharge at 0.2C gives of one at 0.1C, on a new cell. */
const REFERENCE_SHARE = 0.993;
/** The taper begins at this share of the first capacity and slows by this factor (logarithm) for each unit below it... */
const TAPER_FROM = 0.805;
const TAPER_SLOPE = 180;
/** ...down to this. Before it, at this share, trials end. */
const TAPER_LEAST = 0.15;
const TRIALS_UNTIL = 0.84;
const TAPER_BEGUN = 0.99;

/** The work between two cycles in stages, which take an interpreter about as long each. */
export enum Steers {
  Nothing,
  /** What the cycle says of the cell's age, and what it has taught. */
  Cycle,
  Learn,
  /** The rate of the discharge that comes next, if it is steered, and the steps behind it. */
  Limit,
  Rate,
  Trial,
  Recovery,
  Follow,
  /** The step may begin. */
  Ready,
}

/** One stage, while the protocol waits. @returns the one that follows */
export function steerStage(steering: Steering, e: Estimator, run: Run, stage: Steers): Steers {
  if (stage === Steers.Cycle) return endCycle(steering, e, run.last) ? Steers.Learn : Steers.Limit;
  if (stage === Steers.Learn) {
    learnFrom(steering, e);
    return Steers.Limit;
  }
  if (run.index >= run.steps.length) return Steers.Ready;
  const step = run.steps[run.index];
  const s = steering.s;
  if (step.steer !== Steered.Rate) return Steers.Ready;
  if (stage === Steers.Limit) {
    if (!(s[Steer.first_mAh] > 0)) s[Steer.first_mAh] = REFERENCE_SHARE * e.known.value[Estimated.Capacity_mAh];
    return knowLimit(steering, e) ? Steers.Rate : Steers.Recovery;
  }
  if (stage === Steers.Rate) {
    chooseRate(steering, e);
    return Steers.Trial;
  }
  if (stage === Steers.Trial) {
    settleRate(steering);
    return Steers.Recovery;
  }
  if (stage === Steers.Recovery) {
    step.current_mA = steering.rate_mA;
    steering.recovery = chooseRecovery(s);
    return Steers.Follow;
  }
  const time_ms = 60000 * recoveryMinutes(steering);
  for (let k = run.index + 1; k < run.steps.length && run.steps[k].kind !== StepKind.Repeat; k++)
    follow(run.steps[k], steering.recovery, time_ms);
  return Steers.Ready;
}

/** A step behind the discharge; below 0 it is passed over. */
function follow(step: ProtocolStep, recovery: Recovery, time_ms: number): void {
  const steer = step.steer;
  if (steer !== Steered.Rest && steer !== Steered.Tail) return;
  const rest_ms = 60000 * BEFORE_TAIL_MIN;
  if (steer === Steered.Tail) step.time_ms = recovery === Recovery.Tail ? time_ms - rest_ms : -1;
  else step.time_ms = recovery === Recovery.None ? -1 : recovery === Recovery.Rest ? time_ms : rest_ms;
}

/** After a cycle's inventory. `last` is what the protocol says of the cycle. @returns whether it can be learned from */
function endCycle(steering: Steering, e: Estimator, last: CycleRecord): boolean {
  const s = steering.s;
  const known = e.known;
  const before_ms = s[Steer.at_ms];
  s[Steer.cycle_ms] = last.at_ms - before_ms;
  s[Steer.at_ms] = last.at_ms;
  if (s[Steer.planned] > 0 && !last.checkup) {
    if (steering.settings.taper && last.dischargeEnd === EndedBy.Voltage) taper(s, last.discharge_mC / 3600);
    const measured = known.why[Estimated.Lambda_mAh] === Why.Valid && known.at_ms[Estimated.Lambda_mAh] > before_ms;
    // A strip that is not the steering's own changes what is left behind.
    if (measured && (last.strip_mC === 0 || steering.recovery === Recovery.Tail)) return true;
  }
  restartTrials(s);
  return false;
}

function learnFrom(steering: Steering, e: Estimator): void {
  const s = steering.s;
  const lambda = e.known.value[Estimated.Lambda_mAh] / e.area_cm2;
  if (s[Steer.planned] > SETTLING) learnRecovery(steering, e.m, lambda);
  learnRate(steering, e.m, lambda);
  s[Steer.lambda] = lambda;
}

/** End of life: a slower discharge reaches further down. Near it, a faster trial would be the end. */
function taper(s: Float64Array, capacity_mAh: number): void {
  const share = capacity_mAh / s[Steer.first_mAh];
  if (share > TRIALS_UNTIL) return;
  const short = Math.max(0, TAPER_FROM - share);
  s[Steer.taper] = Math.max(TAPER_LEAST, Math.min(TAPER_BEGUN, s[Steer.taper] * Math.exp(-TAPER_SLOPE * short)));
}
