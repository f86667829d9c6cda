import { createBms, tick, type Bms } from '../../firmware/bms';
import type { Config, Limits } from '../../firmware/config/config';
import { channelConfig } from '../../sim/campaign/channelRun';
import { Channel } from '../../sim/bench/channel';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import type { Ina228Errors } from '../../sim/chips/ina228';
import { loadProfile } from '../../sim/profiles/profile';
import { createStep, StepKind } from '../../firmware/protocol/step';

/** A channel with a half-charged cell and the firmware in front of it, driven tick by tick. */
export interface ChannelBench {
  channel: Channel;
  bms: Bms;
  config: Config;
  /** Runs for this long, or until the condition holds. @returns virtual milliseconds that passed */
  run(time_ms: number, until?: () => boolean): number;
  /** Changes something between two ticks, with the world up to date. @returns when */
  change(change: () => void): number;
}

/** What is other than usual in the world in front of the firmware. */
export interface World {
  temperature_C?: number;
  ina228?: Partial<Ina228Errors>;
}

export const WHAT = { rest: StepKind.Rest, charge: StepKind.Charge, discharge: StepKind.Discharge } as const;
/** Ten ticks a second, and a time between two of them. */
export const TICK_MS = 100;
const BETWEEN_MS = 37;

/** `what` runs for hours at 1C (discharge) or 0.2C (charge), so that a fault meets it in steady state. */
export function channelBench(
  what: keyof typeof WHAT,
  change?: (config: Config) => void,
  { temperature_C = 25, ina228 = {} }: World = {},
): ChannelBench {
  const profile = loadProfile('afl-l1');
  const cell = new Cell(profile, temperature_C);
  runStep(cell, -0.6, { until_V: 4.1, longest_s: 1e5 });
  runStep(cell, 0, { longest_s: 600 });
  const config = channelConfig(profile, { charge_C: 1, discharge_C: 1, cycles: 0 });
  const current_mA = what === 'rest' ? 0 : what === 'charge' ? 200 : 999;
  const until_mV = what === 'charge' ? 4300 : 3000;
  config.protocol = [createStep(WHAT[what], current_mA, until_mV, 36e5)];
  change?.(config);
  const channel = new Channel(config.board, cell, 1, ina228);
  const bms = createBms(config, channel, 0);
  const { clock } = channel;
  const onTick = (): void => {
    channel.live();
    const now_ms = clock.now_ms;
    clock.at(now_ms + tick(bms, now_ms), onTick);
  };
  clock.at(TICK_MS, onTick);
  return {
    channel,
    bms,
    config,
    run(time_ms, until) {
      const begin_ms = clock.now_ms;
      while (clock.now_ms < begin_ms + time_ms && !until?.()) {
        clock.next();
        if (channel.bus.misuse) throw channel.bus.misuse;
      }
      return clock.now_ms - begin_ms;
    },
    change(change) {
      const at_ms = clock.now_ms + BETWEEN_MS;
      clock.at(at_ms, () => {
        channel.live();
        change();
      });
      clock.advanceTo(at_ms);
      return at_ms;
    },
  };
}

/** Lets currents of this size pass. */
export function allow(limits: Limits, most_mA: number): void {
  limits.overCharge_mA = limits.overDischarge_mA = most_mA;
  limits.lastingCharge_mA = limits.lastingDischarge_mA = 0.95 * most_mA;
}
