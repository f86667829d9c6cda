import { describe, expect, it } from 'vitest';
import { createStep, StepKind } from '../../firmware/protocol/step';
import { releaseFault, releaseOf } from '../../firmware/protect/engine';
import { Action, Fault, Policy, Release } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import { FAULT_TABLE } from '../../firmware/protect/table';
import type { ChannelDefects } from '../../sim/bench/faults';
import { channelBench } from './channelBench';
import { FAULT_CASES } from './faultCases';
import { flows, isTripped, steady, taken, trippedNames } from './faultBench';

/** Longest until a row that may releases itself: good for so long, seen again by the slowest reading, recovered. */
const RELEASE_MS = 5000;
const SLOWEST_MS = 2400;
const RECOVERY_MS = 2000;

/** What the self-test tries. */
const TRIED_MA = 120;
/** The offset of the power stage. */
const NOTHING_A = 0.001;

/** What cannot be broken from the channel: a pack's rows, and what the device finds at its start or of itself. */
const ELSEWHERE = [
  Fault.Imbalance,
  Fault.OpenSenseWire,
  Fault.WrongChecksum,
  Fault.BusSlow,
  Fault.TickOverrun,
  Fault.ClockJump,
  Fault.MemoryLow,
  Fault.WrongPart,
  Fault.SelfTestFailed,
  Fault.ConfigurationInvalid,
  Fault.ConfigurationUnsigned,
  Fault.StoreCorrupt,
  Fault.FlashWorn,
  Fault.ResetStorm,
  Fault.BrownOut,
];

it('every row has its way to be broken, or a reason why not here', () => {
  const here = [...FAULT_CASES.map(({ fault }) => fault), Fault.EndOfLife];
  expect(new Set([...here, ...ELSEWHERE]).size).toBe(FAULT_TABLE.length);
  expect(here.filter((fault) => ELSEWHERE.includes(fault))).toEqual([]);
});

const ALL = FAULT_CASES.map((broken) => ({
  ...broken,
  name: `${faultName(broken.fault)}${broken.how ? `: ${broken.how}` : ''}`,
}));

describe.each(ALL)('$name', (broken) => {
  const { fault, states, breaks, grows_ms = 0, lasts_ms = 0, shared, deaf, heals } = broken;
  const row = FAULT_TABLE[fault - 1]!;
  const { action, release } = row.cycler;

  it.each(states)('in %s: in its time, does what it should, and goes back to service', (state) => {
    const bench = steady(broken, state);
    const { bms, channel } = bench;
    const { protection } = bms;
    let mend = (): void => undefined;
    const began_ms = bench.change(() => (mend = breaks(bench)));
    const isDone = (): boolean => isTripped(bench, fault) && (deaf || taken(bench, action));
    bench.run(grows_ms + 2 * row.promised_ms + 500, isDone);
    expect(isDone(), `tripped: ${trippedNames(bench).join(', ')}`).toBe(true);
    expect(channel.clock.now_ms - began_ms).toBeLessThanOrEqual(grows_ms + row.promised_ms);
    bench.run(100);
    if (!shared) {
      expect(trippedNames(bench)).toEqual([row.name]);
      if (!deaf) {
        expect(channel.chargeSwitch.level).toBe(state === 'charge' && !(action & Action.StopCharge));
        expect(channel.dischargeSwitch.level).toBe(state === 'discharge' && !(action & Action.StopDischarge));
      }
    }
    // As long as it lasts, whatever the firmware tries.
    const isStill = (): boolean =>
      deaf
        ? Math.abs(channel.current_A) < NOTHING_A
        : taken(bench, action) || Math.abs(bms.actuator.set_mA) <= TRIED_MA;
    if (!heals) bench.run(20000, () => !isStill());
    expect(isStill()).toBe(true);

    mend();
    bench.run(RELEASE_MS + SLOWEST_MS + RECOVERY_MS + 500);
    if (release === Release.Auto) expect(isTripped(bench, fault)).toBe(false);
    if (release === Release.Auto && !shared) expect(trippedNames(bench)).toEqual([]);
    else {
      bench.run(60000 + lasts_ms);
      // A part that is not whole again when it is set up anew trips rows that wait for service.
      if (release === Release.Service || heals) expect(isTripped(bench, fault)).toBe(!heals);
      for (const { fault } of FAULT_TABLE)
        if (releaseOf(protection, fault) === Release.Service) releaseFault(protection, fault);
      bench.run(20000);
    }
    expect(trippedNames(bench)).toEqual([]);
    expect(flows(bench, state)).toBe(true);
  });
});

describe('a channel in flight', () => {
  const warns = ALL.filter(({ fault }) => FAULT_TABLE[fault - 1]!.flight.action === Action.Warn);
  const stops = ALL.filter(({ fault }) => FAULT_TABLE[fault - 1]!.flight.action !== Action.Warn);

  it.each(warns.filter(({ states }) => states.includes('discharge')))('is not cut off by $name', (broken) => {
    const bench = steady(broken, 'discharge', Policy.Flight);
    bench.change(() => void broken.breaks(bench));
    const { promised_ms, derates } = FAULT_TABLE[broken.fault - 1]!;
    bench.run((broken.grows_ms ?? 0) + promised_ms + 1000, () => isTripped(bench, broken.fault));
    expect(isTripped(bench, broken.fault)).toBe(true);
    bench.run(5000);
    // But by the front end, which has a level of its own.
    const isCut = isTripped(bench, Fault.FrontEnd);
    expect(bench.bms.protection.open).toBe(isCut);
    // A row that derates has taken all that it may; on a channel that leaves nothing to flow.
    if (!isCut && !(derates & Action.StopDischarge)) expect(bench.channel.dischargeSwitch.level).toBe(true);
  });

  it.each(stops.filter(({ states }) => states.includes('charge')))('is not charged with $name', (broken) => {
    const bench = steady(broken, 'charge', Policy.Flight);
    bench.change(() => void broken.breaks(bench));
    const { promised_ms } = FAULT_TABLE[broken.fault - 1]!;
    bench.run((broken.grows_ms ?? 0) + promised_ms + 1000, () => isTripped(bench, broken.fault));
    expect(isTripped(bench, broken.fault)).toBe(true);
    bench.run(200);
    expect(bench.channel.chargeSwitch.level).toBe(false);
  });
});

describe('a charge-count row that is released', () => {
  it('does not trip again on the comparison that tripped it', () => {
    const broken = FAULT_CASES.find(({ fault }) => fault === Fault.ChargeCountDisagrees)!;
    const bench = steady(broken, 'discharge');
    let mend = (): void => undefined;
    bench.change(() => (mend = broken.breaks(bench)));
    bench.run(130000, () => isTripped(bench, broken.fault));
    mend();
    releaseFault(bench.bms.protection, broken.fault);
    bench.run(30000);
    expect(trippedNames(bench)).toEqual([]);
  });
});

describe('a fault meets a current that changes all the time', () => {
  it('a current that does not follow is found although the set-point moves in every tick', () => {
    const bench = channelBench('charge', (config) => {
      config.cell = undefined;
      config.protocol[0]!.until_mV = 9999;
    });
    bench.run(10000);
    const { channel, bms } = bench;
    // In the band in which the row derates, with noise: less and more is allowed from tick to tick.
    const near: ChannelDefects = {
      voltage: { gain: 0, offset: 4.34, noise: 0.002 },
      coarseVoltage: { stuck: 4.34 },
    };
    channel.defects = near;
    bench.run(5000);
    expect(bms.protection.state[Fault.OverVoltage]).toBe(Row.Early);
    expect(bms.protection.charge).toBeCloseTo(0.5, 0);
    channel.defects = { ...near, current: { gain: 1, offset: -0.2 } };
    const promised_ms = FAULT_TABLE[Fault.CurrentNotFollowing - 1]!.promised_ms;
    expect(bench.run(20000, () => isTripped(bench, Fault.CurrentNotFollowing))).toBeLessThanOrEqual(promised_ms);
  });
});

it('a worn cell is told of after its cycle, and goes on', () => {
  const bench = channelBench('rest', (config) => {
    // A whole discharge gives about what the cell was built for.
    config.limits.endOfLife_pct = 120;
    config.protocol = [
      createStep(StepKind.Charge, 300, 4300, 0),
      createStep(StepKind.Rest, 0, 0, 300000),
      createStep(StepKind.Discharge, 999, 3000, 0),
      createStep(StepKind.Rest, 0, 0, 300000),
      { ...createStep(StepKind.Repeat, 0, 0, 0), times: 2 },
    ];
  });
  const { bms } = bench;
  bench.run(36e6, () => bms.run.finished === 1);
  expect(isTripped(bench, Fault.EndOfLife)).toBe(false);
  bench.run(FAULT_TABLE[Fault.EndOfLife - 1]!.promised_ms);
  expect(trippedNames(bench)).toEqual(['end of life']);
  bench.run(36e6, () => !bms.run.running);
  bench.run(2000);
  expect(bms.run.finished).toBe(2);
  expect(isTripped(bench, Fault.EndOfLife)).toBe(true);
  releaseFault(bms.protection, Fault.EndOfLife);
  bench.run(10000);
  expect(trippedNames(bench)).toEqual([]);
});
