/** The state machine of the switches as the manual shows it: found by trying every event in every state. */
import { nextSwitch, Switch, SwitchEvent } from '../../firmware/protect/switches';
import { constant } from './manualConstants';
import { duration, list, short } from './manualText';
import { markdownTable } from '../markdown';

export interface Turn {
  from: Switch;
  event: SwitchEvent;
  to: Switch;
}

export const STATES = Array.from({ length: Switch.length }, (_, state) => state as Switch);
export const EVENTS = Array.from({ length: SwitchEvent.length }, (_, event) => event as SwitchEvent);

const STATE_NAME: Record<Exclude<Switch, Switch.length>, string> = {
  [Switch.Off]: 'off',
  [Switch.SelfTest]: 'self-test',
  [Switch.Precharge]: 'precharge',
  [Switch.Idle]: 'idle',
  [Switch.Charge]: 'charge',
  [Switch.Discharge]: 'discharge',
  [Switch.Fault]: 'fault',
  [Switch.Recovery]: 'recovery',
  [Switch.Ship]: 'ship',
};

const EVENT_NAME: Record<Exclude<SwitchEvent, SwitchEvent.length>, string> = {
  [SwitchEvent.PowerOn]: 'power on',
  [SwitchEvent.TestPassed]: 'test passed',
  [SwitchEvent.TestFailed]: 'test failed',
  [SwitchEvent.WishCharge]: 'charge wished',
  [SwitchEvent.WishDischarge]: 'discharge wished',
  [SwitchEvent.WishNone]: 'none wished',
  [SwitchEvent.Precharged]: 'precharged',
  [SwitchEvent.Trip]: 'trip',
  [SwitchEvent.Released]: 'released',
  [SwitchEvent.Healthy]: 'healthy',
  [SwitchEvent.Ship]: 'ship',
  [SwitchEvent.Wake]: 'wake',
};

const MEANING: Record<Exclude<Switch, Switch.length>, string> = {
  [Switch.Off]: 'no supply; both switches are held open by their pull-downs',
  [Switch.SelfTest]: `zero, switches and set-point are tried one after the other, with ${short(100 * constant('firmware/selftest.ts', 'TRIED'))} % of full scale`,
  [Switch.Precharge]: "the load's capacitors fill through a resistor",
  [Switch.Idle]: 'open, ready',
  [Switch.Charge]: 'the charge switch conducts',
  [Switch.Discharge]: 'the discharge switch conducts',
  [Switch.Fault]: 'open; a row with the action "opens" is tripped',
  [Switch.Recovery]: `open; the cause is gone, all must stay quiet for ${duration(constant('firmware/bms.ts', 'RECOVERY_MS'))}`,
  [Switch.Ship]: 'open, asleep for transport',
};

const named = <T extends number>(names: Record<number, string>, of: T): string => names[of]!;
export const stateName = (state: Switch): string => named(STATE_NAME, state);
export const eventName = (event: SwitchEvent): string => named(EVENT_NAME, event);

/** Every event that changes a state, on a board that fills the load's capacitors first, or not. */
export function turns(precharges: boolean): Turn[] {
  return STATES.flatMap((from) =>
    EVENTS.map((event) => ({ from, event, to: nextSwitch(from, event, precharges) })).filter(({ to }) => to !== from),
  );
}

/** The states that are ever come to, from `Off` on. */
export function reached(all: readonly Turn[]): Set<Switch> {
  const found = new Set([Switch.Off]);
  // A Set is gone through with what is added meanwhile.
  for (const state of found) for (const { from, to } of all) if (from === state) found.add(to);
  return found;
}

/** `to **idle**: none wished`, for each state that follows. */
function ways(state: Switch, all: readonly Turn[]): string {
  const mine = all.filter(({ from }) => from === state);
  const next = [...new Set(mine.map(({ to }) => to))];
  return next
    .map((to) => {
      const events = mine.filter((turn) => turn.to === to).map(({ event }) => eventName(event));
      return `**${stateName(to)}** by ${events.join(' or ')}`;
    })
    .join('; ');
}

export function switchTable(): string {
  const all = turns(true);
  return markdownTable(
    ['state', 'what it is', 'goes to'],
    STATES.map((state) => [stateName(state), named(MEANING, state), ways(state, all)]),
  );
}

/** How a board without precharge differs, in a sentence. */
export function withoutPrecharge(): string {
  const plain = turns(false);
  const found = reached(plain);
  const never = STATES.filter((state) => !found.has(state)).map(stateName);
  const differ = plain.filter(({ from, event, to }) => found.has(from) && nextSwitch(from, event, true) !== to);
  const changes = [...new Set(differ.map(({ event, to }) => `${eventName(event)} leads to ${stateName(to)} at once`))];
  const from = [...new Set(differ.map((turn) => stateName(turn.from)))];
  return `On a board without precharge, ${list(changes)} (from ${list(from)}), and ${list(never)} is never reached.`;
}
