import { expect, test } from 'vitest';
import { Stage, Sum } from '../../firmware/estimate/estimator';
import { State } from '../../firmware/estimate/state';
import { Fault } from '../../firmware/protect/faults';
import { Row } from '../../firmware/protect/protection';
import { Watching } from '../../firmware/watch/observe';
import { Slot } from '../../firmware/watch/state';
import { channelBench, TICK_MS } from './channelBench';

test('what a cycle has shown of drying is told in the same tick', () => {
  const { bms, run } = channelBench('discharge');
  const { watch, estimator, protection } = bms;
  run(20_000, () => bms.selfTest === undefined);
  run(5000);
  run(5000, () => bms.watching === Watching.Nothing && estimator!.sum[Sum.stage] === Stage.Idle);
  expect(protection.state[Fault.PolarizationRunaway]).toBe(Row.Ok);
  // A cell whose first cycles could carry twenty times as much.
  watch!.x[Slot.firstCycles] = 4;
  watch!.x[Slot.firstLimit_mA] = 1e4;
  watch!.x[Slot.limitShare] = 0.1;
  estimator!.x[State.hh] = 0;
  bms.watching = Watching.Drying;
  run(10 * TICK_MS, () => bms.watching !== Watching.Drying);
  expect(protection.state[Fault.PolarizationRunaway]).toBe(Row.Tripped);
});
