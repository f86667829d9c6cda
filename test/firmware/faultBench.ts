/** A running channel to break, and what is seen of its protection. */
import { expect } from 'vitest';
import { restart } from '../../firmware/restart';
import type { Config } from '../../firmware/config/config';
import type { Device } from '../../firmware/device';
import { StepKind } from '../../firmware/protocol/step';
import { releaseOf } from '../../firmware/protect/engine';
import { Action, Fault, Policy, Release } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import { channelBench, type ChannelBench } from './channelBench';
import type { Case, State } from './faultCases/breaks';

/** How long after a trip the device sets up its parts anew. */
const RESTART_MS = 5000;

/**
 * The protocol has no end of its own: what stops a current is the protection. Nobody watches the lithium, who would see a cell
 * that warms without a reason.
 */
function endless({ change, watched }: Case, policy?: Policy): (config: Config) => void {
  return (config) => {
    if (!watched) config.cell = undefined;
    const [step] = config.protocol;
    step!.until_mV = step!.kind === StepKind.Charge ? 9999 : -1;
    config.policy = policy;
    change?.(config);
  };
}

/** Judged at pins and parts, not by the firmware's opinion. */
export function taken({ channel }: ChannelBench, action: Action): boolean {
  const { chargeSwitch, dischargeSwitch, dac } = channel;
  if (action === Action.Open) return !chargeSwitch.level && !dischargeSwitch.level && dac.output === 0;
  return (
    !(action & Action.StopCharge && chargeSwitch.level) && !(action & Action.StopDischarge && dischargeSwitch.level)
  );
}

export const flows = ({ channel }: ChannelBench, state: State): boolean =>
  state === 'rest' || (state === 'charge' ? channel.current_A < -0.05 : channel.current_A > 0.05);

export const isTripped = ({ bms }: ChannelBench, fault: Fault): boolean => bms.protection.state[fault] === Row.Tripped;

export function trippedNames({ bms }: ChannelBench): string[] {
  return Array.from(bms.protection.state).flatMap((state, fault) => (state === Row.Tripped ? [faultName(fault)] : []));
}

/** Once a second the device looks whether it should set up its parts anew. */
function restarting({ bms, channel }: ChannelBench): void {
  const { clock } = channel;
  const device = { bms, error: '' } as Device;
  const look = (): void => {
    const p = bms.protection;
    if (p.open && releaseOf(p, p.fault) === Release.Restart && clock.now_ms - p.faultAt_ms >= RESTART_MS) {
      channel.live();
      expect(restart(device, clock.now_ms)).toBe(true);
    }
    clock.at(clock.now_ms + 1000, look);
  };
  clock.at(1001, look);
}

/** A channel that has run in this state for a while, with nothing wrong. */
export function steady(broken: Case, state: State, policy?: Policy): ChannelBench {
  const bench = channelBench(state, endless(broken, policy));
  restarting(bench);
  bench.run(15000);
  expect(trippedNames(bench)).toEqual([]);
  expect(flows(bench, state)).toBe(true);
  return bench;
}
