/**
 * The campaign's faults as a fixed list of named scenarios, one for each, that any target can run beside the others: a configuration, a
 * bench on which something goes wrong at its time, and what must have come of it.
 */
import type { Bms } from '../../firmware/bms';
import type { Config } from '../../firmware/config/config';
import { Action, Fault } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import type { Channel } from '../bench/channel';
import { Random } from '../random';
import { CHANNEL_INJECTIONS } from './injections';
import type { ChannelInjection } from './injections/injection';
import { responseOf } from './response';
import type { Injected, Scenario, StateKind } from './scenario';
import { configOf, setUp } from './setup';
import { promised_ms } from './truth';

/** As sim/hil/scenarios.ts has them. */
export interface SuiteScenario {
  name: string;
  /** The same as data, for `caldera faults --scenario`. */
  scenario: Scenario;
  config: Config;
  /** The bench: the same each time. */
  createWorld(): Channel;
  /** To be asked after each tick. */
  done(bms: Bms, now_ms: number): boolean;
  /** What is wrong with the outcome, in words; undefined when nothing is. */
  verdict(bms: Bms): string | undefined;
}

/** After the self-test, when currents are steady; not in time with the ticks. */
const AT_MS = 4037;
const LATER_MS = 500;
const SMALL_MS = 3000;
const PREFERRED: readonly StateKind[] = ['discharge', 'charge', 'rest'];
/** Left out: what takes minutes, what the bench of the device's controller does, and a bus that stands still for seconds. */
const LONGEST_MS = 10000;
const LEFT_OUT = ['data line held', 'clock line held'];

function isQuick(injection: ChannelInjection): boolean {
  if (injection.start === undefined || injection.row === null || injection.isBeyond || injection.hardware) return false;
  return promised_ms(injection.row) <= LONGEST_MS && !LEFT_OUT.includes(injection.name);
}

export const FAULT_SUITE: readonly SuiteScenario[] = CHANNEL_INJECTIONS.filter(isQuick).flatMap((injection) => [
  suiteScenario(injection, 'be found'),
  ...(injection.inside ? [suiteScenario(injection, 'not trip')] : []),
]);

function suiteScenario(injection: ChannelInjection, must: Injected['must']): SuiteScenario {
  const { name, states, inside, beyond } = injection;
  const kind = PREFERRED.find((state) => states.includes(state)) ?? states[0]!;
  const scenario: Scenario = {
    board: 'cycler',
    target: 'tick',
    seed: 1,
    cell: { profile: 'afl-l1', draw: 0, cycles: 0 },
    state: { kind, rate_C: kind === 'charge' ? 0.5 : 1, temperature_C: 25, fill: kind === 'charge' ? 0.3 : 0.8 },
    sensorErrors: 0,
    length_ms: 0,
    injected: null,
  };
  const size = (must === 'be found' ? beyond : inside!)(
    new Random(1, `suite ${name}`),
    configOf(scenario),
    scenario.state,
  );
  const lasts_ms = must === 'be found' ? promised_ms(injection.row!) + LATER_MS : SMALL_MS;
  const injected: Injected = { kind: name, size, must, at_ms: AT_MS, for_ms: lasts_ms };
  const whole: Scenario = { ...scenario, injected };
  const { config, createChannel } = setUp(whole);
  let foundAt_ms = -1;
  const rows = [injection.row!, ...(injection.or ?? [])];
  return {
    name: must === 'be found' ? name : `${name}, too little to trip`,
    scenario: whole,
    config,
    createWorld() {
      foundAt_ms = -1;
      const channel = createChannel();
      channel.clock.at(AT_MS, () => {
        channel.live();
        injection.start!(channel, config, size, new Random(1, 'injected'));
      });
      return channel;
    },
    done({ protection }, now_ms) {
      if (foundAt_ms < 0 && rows.some((row) => protection.state[row] === Row.Tripped)) foundAt_ms = now_ms;
      return now_ms > AT_MS + lasts_ms;
    },
    verdict(bms) {
      const tripped = trippedRows(bms);
      if (must === 'not trip') return tripped.length > 0 ? `tripped: ${tripped.join(', ')}` : undefined;
      const found = rows.find((row) => bms.protection.state[row] === Row.Tripped);
      if (found === undefined || foundAt_ms < 0)
        return `${faultName(injection.row!)} did not find it; tripped: ${tripped.join(', ') || 'none'}`;
      const took_ms = foundAt_ms - AT_MS;
      if (took_ms > promised_ms(found))
        return `${faultName(found)} took ${took_ms} ms; promised: ${promised_ms(found)} ms`;
      const opens = responseOf(config, found).action === Action.Open;
      return opens && bms.actuator.set_mA !== 0 ? `the set-point is ${bms.actuator.set_mA} mA, not 0` : undefined;
    },
  };
}

function trippedRows({ protection }: Bms): string[] {
  const names: string[] = [];
  for (let fault: Fault = 1; fault < Fault.length; fault++)
    if (protection.state[fault] === Row.Tripped) names.push(faultName(fault));
  return names;
}
