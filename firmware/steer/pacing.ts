/**
 * Advice for the cruise of a pack whose power is demanded: faster early, slower before landing, at equal energy and equal time.
 *
 * A landing burst ends a flight when the electrolyte at the copper saturates. How near it comes depends on what the cruise has left
 * there, and that relaxes with the slow mode's time constant (tau1 * tortuosity * pace): a slow phase of `RELAXED` of these, as slow as
 * the vehicle can fly, leaves the burst the most room for the least time lost. What the slow phase saves is flown before it.
 *
 * Flying faster early has a price only where it marks lithium for isolation (residue, active lithium times saturation squared) beyond
 * what the landing marks anyway. Which mark counts at the end is not known (docs/model.md, residue rules), so the early power stays
 * below where the highest mark of the flight would be its own: right under each of the rules.
 */
import { Parameter as M } from '../estimate/cellModel';
import { isLost } from '../estimate/cycle';
import { Estimated, Why } from '../estimate/estimates';
import type { Estimator } from '../estimate/estimator';
import { openCircuit_V } from '../estimate/openCircuit';
import { Factor, State } from '../estimate/state';

/** One array: what is asked, then what is advised. Powers of the cell; factors are parts of the planned cruise power. */
export enum Pace {
  /** Planned: cruise and landing burst. */
  cruise_mW,
  cruise_s,
  burst_mW,
  burst_s,
  /** Range that the vehicle can fly the cruise at: up to 1 and from 1. */
  least,
  most,
  /** Advised: factor until `late_s` before the end of the cruise, and factor from then on. 1 and 1: as planned. */
  early,
  late,
  late_s,
  /** Saturation at the end of the burst, as planned and as advised (above 1: it would end sooner), and what that gains. */
  planned,
  advised,
  gain_s,
  length,
}

/** Why this is advised. */
export enum PaceReason {
  /** Nothing has been asked yet. */
  NotAsked,
  Advised,
  /** The estimator says that its numbers cannot be used. */
  NotTrusted,
  /** The cruise is too short for a slow phase. */
  TooShort,
  /** The range of the vehicle's power leaves no room. */
  NoRange,
  /** Faster early would leave more behind than the landing does. */
  Residue,
  /** The landing would gain too little to be worth it. */
  NoGain,
}

/** What was asked and what is advised (`value`, indexed by `Pace`), and why. */
export interface Pacing {
  value: Float64Array;
  reason: PaceReason;
}

/** Time constants of the slow phase: 1 - exp(-1.5) = 78 % of what can relax has relaxed. */
const RELAXED = 1.5;
/** The slow phase takes no more than this part of the cruise. */
const MOST_PART = 0.5;
/** A smaller change of power, or of the saturation, is not worth asking for. */
const LEAST_CHANGE = 0.05;
const LEAST_GAIN = 0.01;
/** The limiting current must be known as well as this (one sigma, as a part). */
const TRUST = 0.35;

/** Nothing has been asked yet. */
export function createPacing(): Pacing {
  return { value: new Float64Array(Pace.length), reason: PaceReason.NotAsked };
}

/** To be called when the cruise begins, with the first six numbers of `p.value` given; fills in the others and the reason. */
export function planPace(p: Pacing, e: Estimator): void {
  const v = p.value;
  const x = e.x;
  const f = e.f;
  const m = e.m;
  v[Pace.early] = v[Pace.late] = 1;
  v[Pace.late_s] = v[Pace.planned] = v[Pace.advised] = v[Pace.gain_s] = 0;
  const known = e.known;
  const limit = Estimated.LimitingCurrent_mA;
  p.reason = PaceReason.NotTrusted;
  if (e.trouble !== Why.Valid || isLost(e) || known.why[limit] !== Why.Valid) return;
  if (known.sigma[limit] > TRUST * known.value[limit]) return;
  p.reason = PaceReason.TooShort;
  const cruise_s = v[Pace.cruise_s];
  // Its pace is left out: what short interrupts teach of the electrolyte's speed is of its fast mode.
  const tau_s = m[M.tau1] * m[M.ilim] * f[Factor.n];
  const late_s = RELAXED * tau_s;
  if (late_s > MOST_PART * cruise_s) return;

  // Stripping numbers of cruise and burst at their ends, with the area that is still accessible then.
  const open_V = openCircuit_V(e.ocv, x[State.s]);
  const i = v[Pace.cruise_mW] / (e.area_cm2 * open_V);
  const burst = v[Pace.burst_mW] / (e.area_cm2 * 0.5 * (open_V + e.dischargeTo_V));
  const A = x[State.A];
  const atBurst = A - (i * cruise_s) / 3600;
  const atEnd = Math.max(0.001, atBurst - (burst * v[Pace.burst_s]) / 3600);
  const n = f[Factor.n] * x[State.h];
  const N = (i * n) / accessible(m, A);
  const before = (i * n) / accessible(m, Math.max(0.001, atBurst));
  const after = (burst * n) / accessible(m, atEnd);
  // How much of either mode is left after the burst of what the cruise has left.
  const slow = Math.exp(-v[Pace.burst_s] / tau_s);
  const fast = Math.exp((-v[Pace.burst_s] * f[Factor.warm]) / m[M.tau2]);
  const g1 = m[M.g1];
  const reached = after * (g1 * (1 - slow) + (1 - g1) * (1 - fast));
  const planned = reached + before * (g1 * slow + (1 - g1) * fast);

  // The early factor that the vehicle and the residue allow, and the late one that equal energy then makes of it.
  const w = Math.min(1, planned);
  const marks = Math.sqrt(atEnd / A) * (w / N);
  const most = Math.min(v[Pace.most], marks);
  const rest_s = cruise_s - late_s;
  const late = Math.max(v[Pace.least], (cruise_s - most * rest_s) / late_s);
  p.reason = most < v[Pace.most] ? PaceReason.Residue : PaceReason.NoRange;
  if (late > 1 - LEAST_CHANGE) return;
  const early = (cruise_s - late * late_s) / rest_s;
  const left = Math.exp(-RELAXED);
  const leftFast = Math.exp((-late_s * f[Factor.warm]) / m[M.tau2]);
  const advised =
    reached +
    before * (g1 * slow * (late + (early - late) * left) + (1 - g1) * fast * (late + (early - late) * leftFast));
  p.reason = PaceReason.NoGain;
  v[Pace.planned] = planned;
  v[Pace.advised] = advised;
  if (planned - advised < LEAST_GAIN || after <= before) return;
  // The burst reaches the same saturation so much later.
  v[Pace.gain_s] = ((planned - advised) * tau_s) / (g1 * slow * (after - before));
  v[Pace.early] = early;
  v[Pace.late] = late;
  v[Pace.late_s] = late_s;
  p.reason = PaceReason.Advised;
}

/** What the cruise is to be flown at now, as a part of its planned power, `left_s` before its end. */
export function paceNow(p: Pacing, left_s: number): number {
  if (p.reason !== PaceReason.Advised) return 1;
  return left_s > p.value[Pace.late_s] ? p.value[Pace.early] : p.value[Pace.late];
}

/** In words, as it is shown: why this is advised, and what would change it. */
export function paceText(p: Pacing): string {
  switch (p.reason) {
    case PaceReason.NotAsked:
      return 'no cruise has begun';
    case PaceReason.Advised:
      return 'the electrolyte relaxes before the landing burst; faster early makes up for it';
    case PaceReason.NotTrusted:
      return 'as planned: the estimates cannot be trusted; a rest that shows the state of charge would change it';
    case PaceReason.TooShort:
      return 'as planned: too short for the electrolyte to relax; a longer cruise would change it';
    case PaceReason.NoRange:
      return 'as planned: the range of the cruise power leaves no room; a wider one would change it';
    case PaceReason.Residue:
      return 'as planned: faster early would leave more lithium behind than the landing does; a slower cruise would change it';
    default:
      return 'as planned: the landing would gain too little; a faster cruise or a harder landing would change it';
  }
}

/** Share of the copper that still reaches active lithium `A` [mAh/cm2]. */
function accessible(m: Float64Array, A: number): number {
  return Math.pow(A / (A + m[M.ah]), m[M.mA]);
}
