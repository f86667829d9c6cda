/** Showing limits and moving them. Which way is tighter follows from the limit itself (`ServiceLimit.tightest`). */
import { wholeNumber } from './number';
import type { ServiceLimit, ServiceTarget } from './target';

/** `ok charge_mA 3000 (1000 to 4000), ...`: in force, how far anyone may tighten it, how far it goes at most. */
export function showLimits(target: ServiceTarget): string {
  const texts = target.limits().map(function (limit) {
    return limit.name + ' ' + limit.value + ' (' + limit.tightest + ' to ' + limit.widest + ')';
  });
  return texts.length === 0 ? unknownLimit(target) : 'ok ' + texts.join(', ');
}

/** Free for all, because it only ever takes away. */
export function tighten(target: ServiceTarget, name: string, value: string): string {
  const limit = findLimit(target, name);
  if (limit === undefined) return unknownLimit(target);
  return move(target, limit, wholeNumber(value), limit.tightest, limit.value);
}

/** For those who may: never past what the hardware and the profile allow. */
export function widen(target: ServiceTarget, name: string, value: string): string {
  const limit = findLimit(target, name);
  if (limit === undefined) return unknownLimit(target);
  return move(target, limit, wholeNumber(value), limit.value, limit.widest);
}

/** Answers what applies now, which may be a step of the hardware tighter than what was asked for. NaN is never allowed. */
function move(target: ServiceTarget, limit: ServiceLimit, to: number, tightEnd: number, wideEnd: number): string {
  const upper = limit.widest >= limit.tightest;
  const allowed = upper ? to >= tightEnd && to <= wideEnd : to <= tightEnd && to >= wideEnd;
  if (!allowed) return 'refused: ' + limit.name + ' here takes whole numbers from ' + tightEnd + ' to ' + wideEnd;
  const refusal = target.setLimit(limit.name, to);
  if (refusal !== '') return 'refused: ' + refusal;
  const now = findLimit(target, limit.name) as ServiceLimit;
  return 'ok ' + now.name + ' ' + now.value;
}

function findLimit(target: ServiceTarget, name: string): ServiceLimit | undefined {
  return target.limits().find(function (limit) {
    return limit.name === name;
  });
}

function unknownLimit(target: ServiceTarget): string {
  const names = target.limits().map(function (limit) {
    return limit.name;
  });
  return names.length === 0 ? 'refused: the board is not ready' : 'error: unknown limit; allowed: ' + names.join(', ');
}
